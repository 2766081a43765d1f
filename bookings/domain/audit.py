"""Proof that the counters tell the truth: `taken` equals the places of the bookings (rule 1), and
those of a booking are its people's."""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from bookings.enums import PLACED
from bookings.models import Booking, Quota

log = structlog.get_logger(__name__)

# Of windows that ended before, nothing changes any more.
LOOKS_BACK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A quota whose counter and bookings differ."""

    quota_id: int
    taken: int
    booked: int


def audit_counters(now: dt.datetime) -> list[Discrepancy]:
    """Compare counters and bookings in one snapshot, and raise the alarm where they differ.

    The alarm is a log line at level error for each; nothing is corrected, because a person has
    to find out first which of the two is wrong.
    """
    booked = Coalesce(Sum("bookings__places", filter=Q(bookings__status__in=PLACED)), 0)
    quotas = Quota.objects.filter(slot__ends_at__gt=now - LOOKS_BACK).annotate(booked=booked)
    differing = quotas.exclude(taken=F("booked")).order_by("pk")
    found = [Discrepancy(*row) for row in differing.values_list("pk", "taken", "booked").iterator()]
    for one in found:
        log.error("counter_discrepancy", quota=one.quota_id, taken=one.taken, booked=one.booked)
    return found


def audit_parties(now: dt.datetime) -> list[int]:
    """Ids of bookings with other places than those of their people who still come; alarms too."""
    coming = Coalesce(Sum("attendees__places", filter=Q(attendees__left_at=None)), 0)
    placed = Booking.objects.filter(status__in=PLACED, slot__ends_at__gt=now - LOOKS_BACK)
    differing = placed.annotate(coming=coming).exclude(places=F("coming")).order_by("pk")
    found = list(differing.values_list("pk", flat=True))
    for booking_id in found:
        log.error("party_discrepancy", booking=booking_id)
    return found
