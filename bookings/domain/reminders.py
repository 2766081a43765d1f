"""When the holder of a booking is reminded of it."""

import datetime as dt

from applicants.enums import MessageKind
from bookings.models import Booking
from offices.domain.policy import BookingPolicy


def reminders_to_come(
    booking: Booking, policy: BookingPolicy, now: dt.datetime
) -> list[tuple[MessageKind, dt.datetime]]:
    """Those still to be sent, each with its moment.

    Who books after such a moment has just read all of it.
    """
    moments = _reminder_moments(booking, policy)
    return [(kind, at) for kind, at in moments if now < at < booking.slot.starts_at]


def _reminder_moments(
    booking: Booking, policy: BookingPolicy
) -> list[tuple[MessageKind, dt.datetime]]:
    slot = booking.slot
    evening = dt.datetime.combine(
        slot.date - dt.timedelta(days=1), policy.reminder_time, tzinfo=slot.office.zone
    )
    shortly = slot.starts_at - dt.timedelta(minutes=policy.reminder_minutes_before)
    return [(MessageKind.REMINDER_DAY, evening), (MessageKind.REMINDER_HOURS, shortly)]
