"""Until when a booking may be cancelled or moved, and when its holder may check in."""

import datetime as dt

from bookings.models import Booking, Slot
from offices.domain.policy import BookingPolicy, policy_for


def change_deadline(booking: Booking) -> dt.datetime:
    """The moment until which the holder may move or cancel; see `cancel_deadline`.

    By default 24:00 of the day before, on the office's clock.
    """
    slot = booking.slot
    policy = policy_for(slot.office)
    if policy.change_cutoff_minutes is not None:
        return slot.starts_at - dt.timedelta(minutes=policy.change_cutoff_minutes)
    return dt.datetime.combine(slot.date, dt.time.min, tzinfo=slot.office.zone)


def cancel_deadline(booking: Booking) -> dt.datetime:
    """The moment until which the holder may cancel: the same, or the beginning of the window where
    that had passed before the booking was made. Nobody makes what can only be missed.
    """
    deadline = change_deadline(booking)
    made_at = booking.confirmed_at or booking.created_at
    return booking.slot.starts_at if made_at >= deadline else deadline


def check_in_window(slot: Slot, policy: BookingPolicy) -> tuple[dt.datetime, dt.datetime]:
    """From when and until when arriving counts as on time."""
    opens = slot.starts_at - dt.timedelta(minutes=policy.check_in_early_minutes)
    closes = slot.ends_at + dt.timedelta(minutes=policy.check_in_grace_minutes)
    return opens, closes
