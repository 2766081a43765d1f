"""A party says on the day that it comes late, and hears what that means (XM-08)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from bookings.domain.deadlines import check_in_window
from bookings.domain.errors import WrongStatus
from bookings.domain.lifecycle import lock_booking, record
from bookings.domain.parties import Actor
from bookings.enums import EventKind, Status
from bookings.models import Booking, BookingEvent
from offices.domain.policy import policy_for
from offices.models import Office

BEFORE = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Lateness:
    """When the party thinks to be there, and until when its number keeps its place."""

    booking: Booking
    expected: dt.datetime
    kept_until: dt.datetime

    @property
    def in_time(self) -> bool:
        return self.expected < self.kept_until


def may_say_late(booking: Booking, now: dt.datetime) -> bool:
    """From two hours before the window until its grace is over."""
    _opens, closes = check_in_window(booking.slot, policy_for(booking.slot.office))
    return booking.status == Status.CONFIRMED and booking.slot.starts_at - BEFORE <= now < closes


@transaction.atomic
def say_late(booking_id: int, minutes: int, actor: Actor, now: dt.datetime) -> Lateness:
    """The party will be there in about so many minutes; said again, the last word counts.

    Raises WrongStatus outside the time of `may_say_late`.
    """
    booking = lock_booking(booking_id)
    if not may_say_late(booking, now):
        raise WrongStatus(str(booking.get_status_display()))
    record(booking, EventKind.RUNNING_LATE, actor, now, minutes=minutes)
    return _lateness(booking, now + dt.timedelta(minutes=minutes))


def lateness_of(booking: Booking) -> Lateness | None:
    """What was said last; None if nothing was, or if they have come."""
    said = booking.events.filter(kind=EventKind.RUNNING_LATE).last()
    return _read(said, booking) if said and booking.status == Status.CONFIRMED else None


def late_today(office: Office, now: dt.datetime) -> list[Lateness]:
    """Parties of today that haven't come yet and said so, by when they think to be there."""
    said = BookingEvent.objects.filter(
        kind=EventKind.RUNNING_LATE,
        booking__slot__office=office,
        booking__slot__date=office.local_date(now),
        booking__status=Status.CONFIRMED,
    ).select_related("booking__slot__line")
    last = {event.booking_id: event for event in said.order_by("at", "pk")}
    for event in last.values():
        event.booking.slot.office = office
    found = [_read(event, event.booking) for event in last.values()]
    return sorted(found, key=lambda late: late.expected)


def _read(said: BookingEvent, booking: Booking) -> Lateness:
    return _lateness(booking, said.at + dt.timedelta(minutes=said.data["minutes"]))


def _lateness(booking: Booking, expected: dt.datetime) -> Lateness:
    zone = booking.slot.office.zone
    _opens, closes = check_in_window(booking.slot, policy_for(booking.slot.office))
    return Lateness(booking, expected.astimezone(zone), closes.astimezone(zone))
