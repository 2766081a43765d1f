"""Bookings as the API shows them. Names and numbers are masked: partners have their own copy,
and what an answer holds is kept for retries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from bookings.api.serializers import BookingSerializer
from bookings.domain.in_the_way import mask_name
from bookings.domain.parties import Person
from bookings.enums import Status
from bookings.models import Attendee, Booking, Slot

_OFFERED = {
    Status.HELD: ("confirm", "cancel", "reschedule"),
    Status.CONFIRMED: ("cancel", "reschedule", "check_in"),
}


# Building a serializer costs more than using it; using it leaves no trace in it.
_SERIALIZER = BookingSerializer()


@dataclass(frozen=True, slots=True)
class AttendeeView:
    position: int
    name: str
    id_type: str
    id_number: str
    services: list[str]
    priority: str

    @classmethod
    def of_person(cls, position: int, person: Person) -> "AttendeeView":
        return cls(
            position=position,
            name=mask_name(person.name),
            id_type=person.identity.id_type,
            id_number=person.identity.masked,
            services=list(dict.fromkeys(person.services)),
            priority=person.priority,
        )

    @classmethod
    def of_attendee(cls, attendee: Attendee) -> "AttendeeView":
        return cls(
            position=attendee.position,
            name=mask_name(attendee.name),
            id_type=attendee.id_type,
            id_number=attendee.masked_number,
            services=[application.service.code for application in attendee.applications.all()],
            priority=attendee.priority,
        )


@dataclass(frozen=True, slots=True)
class BookingView:
    number: str
    status: str
    channel: str
    slot: Slot
    places: int
    attendees: list[AttendeeView]
    expires_at: dt.datetime | None
    links: dict[str, str]


def booking_shape(
    booking: Booking, attendees: Iterable[AttendeeView], request: Request, now: dt.datetime
) -> Any:
    status = _status(booking, now)
    view = BookingView(
        number=booking.number,
        status=status,
        channel=booking.channel,
        slot=booking.slot,
        places=booking.places,
        attendees=list(attendees),
        expires_at=booking.expires_at if status == Status.HELD else None,
        links=_links(booking.number, status, request),
    )
    return _SERIALIZER.to_representation(view)


def _status(booking: Booking, now: dt.datetime) -> str:
    """A hold past its time is worth nothing, swept or not (rule 6)."""
    lapsed = booking.expires_at is not None and booking.expires_at <= now
    return Status.EXPIRED if booking.status == Status.HELD and lapsed else booking.status


def _links(number: str, status: str, request: Request) -> dict[str, str]:
    itself = request.build_absolute_uri(reverse("api-booking", args=[number]))
    actions = _OFFERED.get(Status(status), ())
    return {"self": itself} | {name: f"{itself}{name.replace('_', '-')}/" for name in actions}
