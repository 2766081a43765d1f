"""Keeping people who stay away again and again from booking online for a while (domain.md B5).

Only online choice is limited (rule 9). A miss counts once: those that led to a suspension don't
lead to another, whether it was served or lifted. Who came too late for their place did come.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from applicants.enums import MessageKind
from applicants.models import Suspension
from bookings.domain import messages
from bookings.enums import EventKind, Status
from bookings.models import Attendee, Booking, BookingEvent
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office

# A worker that was away for a night catches up.
LOOKS_BACK = dt.timedelta(days=3)
# Nobody is woken by it.
TOLD_FROM = dt.time(9, 0)


def suspend_absentees(now: dt.datetime) -> int:
    """Suspend whoever missed too many appointments until yesterday; how many people.

    A day counts once it is over at its office: until then somebody may still come late. Safe to
    run twice, or by two workers at once.
    """
    # By the end of a window: that is what windows are found by, without reading all of them.
    recently = _misses().filter(booking__slot__ends_at__gt=now - LOOKS_BACK)
    offices = Office.objects.filter(pk__in=recently.values("booking__slot__office"))
    return sum(_suspend_at(office, now) for office in offices.select_related("bureau__parent"))


def came_late() -> Exists:
    """Of a booking: somebody checked in although the place was gone by then."""
    arrivals = BookingEvent.objects.filter(booking=OuterRef("pk"), kind=EventKind.CHECKED_IN)
    return Exists(arrivals)


def _misses() -> "QuerySet[Attendee]":
    # Staff who practise type numbers at random, and somebody may own them.
    missed = Booking.objects.filter(
        ~came_late(), status=Status.NO_SHOW, slot__office__is_training=False
    )
    return Attendee.objects.filter(booking__in=missed.values("pk"), left_at=None).order_by(
        "-booking__slot__starts_at", "booking"
    )


@transaction.atomic
def _suspend_at(office: Office, now: dt.datetime) -> int:
    """With the messages or not at all: nobody is suspended without being told."""
    today = dt.datetime.combine(office.local_date(now), dt.time(0), tzinfo=office.zone)
    yesterday = _misses().filter(
        booking__slot__office=office,
        booking__slot__starts_at__range=(now - LOOKS_BACK, today),
    )
    people = {bytes(each) for each in yesterday.values_list("identity_hash", flat=True)}
    policy = policy_for(office)
    new = [
        Suspension(
            identity_hash=person,
            starts_at=today,
            ends_at=today + dt.timedelta(days=policy.suspension_days),
            no_shows=len(missed),
            missed=missed,
        )
        for person, missed in _uncounted(people, policy, today).items()
        if len(missed) >= policy.no_show_limit
    ]
    # Another worker may find the same at this moment: the constraint drops one of the two.
    Suspension.objects.bulk_create(new, ignore_conflicts=True)
    _tell(new, office, now)
    return len(new)


def _uncounted(
    people: Collection[bytes], policy: BookingPolicy, until: dt.datetime
) -> dict[bytes, list[str]]:
    """By person: the numbers that they missed and no suspension has counted yet, newest first."""
    since = until - dt.timedelta(days=policy.no_show_window_days)
    missed_since = _misses().filter(
        identity_hash__in=people, booking__slot__starts_at__range=(since, until)
    )
    counted = {
        (bytes(person), number)
        for person, missed in Suspension.objects.filter(identity_hash__in=people).values_list(
            "identity_hash", "missed"
        )
        for number in missed
    }
    found: dict[bytes, list[str]] = defaultdict(list)
    for person, number in missed_since.values_list("identity_hash", "booking__number"):
        if (bytes(person), number) not in counted:
            found[bytes(person)].append(number)
    return found


def _tell(suspensions: Iterable[Suspension], office: Office, now: dt.datetime) -> None:
    """One message for each booking that was the last to be missed, not before the morning."""
    by_number = {each.missed[0]: each for each in suspensions}
    last = Booking.objects.filter(number__in=by_number).select_related("slot__office__bureau")
    morning = dt.datetime.combine(office.local_date(now), TOLD_FROM, tzinfo=office.zone)
    for booking in last:
        suspension = by_number[booking.number]
        facts = {
            "suspended_until": suspension.ends_at.astimezone(office.zone).date().isoformat(),
            "no_shows": suspension.no_shows,
        }
        messages.announce_with(booking, MessageKind.SUSPENDED, facts, max(now, morning))
