"""The people behind taken places, whom staff think of before they take places away (rule 7)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from bookings.domain import messages
from bookings.enums import PLACED, Status
from bookings.models import Booking
from bookings.models.booking import BookingQuerySet


@dataclass(frozen=True, slots=True)
class BookingInTheWay:
    """A booking that keeps its places unless somebody moves or cancels it."""

    id: int
    number: str
    slot_id: int
    starts_at: dt.datetime
    # As much of each name as tells two people apart: 演**.
    names: tuple[str, ...]
    places: int
    status: str
    status_label: str
    # Whether there is a phone number or an e-mail address to write to.
    can_be_told: bool


def bookings_in_the_way(quota_id: int, now: dt.datetime) -> list[BookingInTheWay]:
    """The bookings that hold places of this quota, oldest first."""
    return _in_the_way(Q(quota=quota_id), now)


def bookings_of_slots(slot_ids: Iterable[int], now: dt.datetime) -> list[BookingInTheWay]:
    """The bookings that hold places of these slots and haven't been served, in order of time."""
    return _in_the_way(Q(slot__in=list(slot_ids)) & ~Q(status=Status.SERVED), now)


@transaction.atomic
def tell(numbers: Iterable[str], office_id: int, notice: str, now: dt.datetime) -> int:
    """Write this notice to the holders of these confirmed bookings of one office; how many.

    Who has been told already since the booking last moved is not told again.
    """
    bookings = Booking.objects.filter(
        number__in=list(numbers), slot__office=office_id, status=Status.CONFIRMED
    )
    return messages.announce_notice(list(bookings.select_related("slot")), notice, now)


def mask_name(name: str) -> str:
    """王** for 王小明, Z** S** for Zhang San."""
    return " ".join(f"{word[0]}**" for word in name.split())


def in_view(bookings: BookingQuerySet) -> list[tuple[Booking, BookingInTheWay]]:
    """The bookings with what staff see of them, in order of time."""
    in_order = bookings.order_by("slot__starts_at", "created_at", "pk")
    with_people = in_order.select_related("slot").with_party()
    return [(booking, _view(booking)) for booking in with_people]


def _in_the_way(which: Q, now: dt.datetime) -> list[BookingInTheWay]:
    placed = Booking.objects.filter(which, status__in=PLACED)
    return [view for _, view in in_view(placed.exclude(status=Status.HELD, expires_at__lte=now))]


def _view(booking: Booking) -> BookingInTheWay:
    return BookingInTheWay(
        id=booking.pk,
        number=booking.number,
        slot_id=booking.slot_id,
        starts_at=booking.slot.starts_at,
        names=tuple(mask_name(attendee.name) for attendee in booking.attendees.all()),
        places=booking.places,
        status=booking.status,
        status_label=str(booking.get_status_display()),
        can_be_told=bool(booking.contact_phone or booking.contact_email),
    )
