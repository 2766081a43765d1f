"""Dated sessions with a quota of their own: added by staff, published at once (XM-05)."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.utils.translation import ngettext

from bookings.domain.allocation import lock
from bookings.domain.errors import BookingError
from bookings.domain.in_the_way import bookings_of_slots
from bookings.domain.publishing import PublishReport, publish
from bookings.models import Quota
from offices.models import Office, Session


@dataclass
class SessionBooked(BookingError):
    """A session that people are booked for isn't removed."""

    code: ClassVar[str] = "session_booked"
    bookings: int

    @property
    def message(self) -> str:
        text = ngettext(
            "%(count)s booking is made for this session, so it can't be removed. "
            "Move or cancel it first, or close the windows.",
            "%(count)s bookings are made for this session, so it can't be removed. "
            "Move or cancel them first, or close the windows.",
            self.bookings,
        )
        return text % {"count": self.bookings}


def add_session(session: Session, now: dt.datetime) -> PublishReport:
    """Save a new session and publish its windows, if its day is within the horizon already."""
    with transaction.atomic():
        session.save()
        return publish(session.office, now)


def remove_session(session: Session, now: dt.datetime) -> PublishReport:
    """Remove a session and its windows; the weekly hours stand in its place again.

    Raises SessionBooked.
    """
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=session.office_id)
        slot_ids = list(session.slots.values_list("pk", flat=True))
        lock(list(Quota.objects.filter(slot__in=slot_ids).values_list("pk", flat=True)))
        if booked := bookings_of_slots(slot_ids, now):
            raise SessionBooked(len(booked))
        session.delete()
        return publish(session.office, now)
