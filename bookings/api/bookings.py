"""Making bookings and changing them: each partner its own, at its own offices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import starmap
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applicants.domain.manage_code import manage_code
from bookings.api.examples import (
    BOOKING,
    BOOKING_REQUEST,
    INVALID,
    MADE_BOOKING,
    NOT_ELIGIBLE,
    SLOT_FULL,
)
from bookings.api.refusals import RefusalSerializer, RefusingView
from bookings.api.requests import (
    BookingRequest,
    CancelRequest,
    RescheduleRequest,
    read_booking_request,
    to_party,
)
from bookings.api.serializers import BookingSerializer, MadeBookingSerializer
from bookings.api.shapes import AttendeeView, booking_shape
from bookings.domain.errors import SlotFull
from bookings.domain.leaving import leave
from bookings.domain.lifecycle import cancel, confirm, reschedule
from bookings.domain.parties import Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.targets import as_person
from bookings.models import Booking, Slot
from bookings.models.booking import BookingQuerySet
from partners.api.authentication import caller
from partners.api.idempotency import Keep, idempotent, idempotent_early
from partners.api.permissions import HasScope
from partners.api.schema import IDEMPOTENCY_KEY, refusal
from partners.enums import Scope

Responses = dict[Any, Any]
_READ: Responses = {
    200: BookingSerializer,
    **refusal(403, "forbidden"),
    **refusal(404, "not_found"),
}


def _changing(
    operation_id: str, summary: str, refusals: Responses, *, asked: type | None = None
) -> Callable[..., Any]:
    """The schema of a verb that changes a booking and answers it as it is then."""
    return extend_schema(
        tags=["Bookings"],
        operation_id=operation_id,
        summary=summary,
        request=asked,
        parameters=[IDEMPOTENCY_KEY],
        responses=_READ | refusals,
        examples=[BOOKING],
    )


class BookingList(RefusingView):
    permission_classes = [HasScope]
    scopes: ClassVar = {"POST": (Scope.BOOKINGS_WRITE,)}

    @extend_schema(
        tags=["Bookings"],
        operation_id="bookings_create",
        summary="Book places, or hold them",
        request=BookingRequest,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: MadeBookingSerializer,
            **refusal(400, "invalid", example=INVALID),
            **refusal(403, "suspended", "forbidden", serializer=RefusalSerializer),
            **refusal(
                409,
                "slot_full",
                "slot_not_open",
                "already_booked",
                "idempotency_in_flight",
                serializer=RefusalSerializer,
                example=SLOT_FULL,
            ),
            **refusal(
                422,
                "not_eligible",
                "idempotency_reused",
                serializer=RefusalSerializer,
                example=NOT_ELIGIBLE,
            ),
        },
        examples=[BOOKING_REQUEST, MADE_BOOKING],
    )
    @idempotent_early
    def post(self, request: Request, *, keep: Keep) -> Response:
        """All places of the party or none. With `"confirm": false` they are held until
        `expires_at`; confirm before then, or they are given back."""
        asked = read_booking_request(request.data)
        party = to_party(asked)
        self.channel, self.people = party.channel, party.people
        now = timezone.now()
        answer = Response(status=201)

        def receipt(booking: Booking) -> None:
            answer.data = booking_shape(
                booking, starmap(AttendeeView.of_person, enumerate(party.people)), request, now
            )
            answer["Location"] = answer.data["links"]["self"]
            keep(answer)

        verb = book if asked["confirm"] else hold_places
        with _naming_the_slot():
            verb(party, actor_of(request), now, receipt)
        return answer

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """The code is added on the way out: answers are kept for retries, and no row holds it."""
        if response.status_code == HTTPStatus.CREATED:
            code = manage_code(response.data["number"])
            response.data = {**response.data, "manage_code": code}
        return super().finalize_response(request, response, *args, **kwargs)


class BookingView(RefusingView):
    """One booking of the caller's partner at one of its offices; any other isn't there."""

    permission_classes = [HasScope]
    scopes: ClassVar[dict[str, Any]] = {"POST": (Scope.BOOKINGS_WRITE,)}

    @property
    def mine(self) -> BookingQuerySet:
        by = caller(self.request)
        return Booking.objects.filter(partner=by.partner, slot__office__in=by.office_ids)

    def booking(self, number: str) -> Booking:
        return get_object_or_404(self.mine, number=number)

    def answer(self, number: str) -> Response:
        """The booking as it is now, in one statement for each table of its people."""
        booking = get_object_or_404(
            self.mine.select_related("slot__office", "slot__line")
            .with_party()
            .prefetch_related("attendees__applications__service"),
            number=number,
        )
        attendees = map(AttendeeView.of_attendee, booking.attendees.all())
        return Response(booking_shape(booking, attendees, self.request, timezone.now()))

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)


class BookingDetail(BookingView):
    scopes: ClassVar = {"GET": (Scope.BOOKINGS_READ,)}

    @extend_schema(
        tags=["Bookings"],
        operation_id="bookings_read",
        summary="Read a booking",
        responses=_READ,
        examples=[BOOKING],
    )
    def get(self, request: Request, number: str) -> Response:  # noqa: ARG002
        """A hold past its time reads `expired`, whether it was swept or not."""
        return self.answer(number)


class ConfirmBooking(BookingView):
    @_changing(
        "bookings_confirm",
        "Confirm a hold",
        refusal(409, "hold_expired", "wrong_status", serializer=RefusalSerializer),
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002
        """Confirming again changes nothing."""
        confirm(self.booking(number).pk, self.actor, timezone.now())
        return self.answer(number)


class CancelBooking(BookingView):
    @_changing(
        "bookings_cancel",
        "Cancel a booking, or let people leave it",
        {
            **refusal(400, "invalid"),
            **refusal(
                409, "too_late", "hold_expired", "wrong_status", serializer=RefusalSerializer
            ),
            **refusal(422, "not_eligible", serializer=RefusalSerializer),
        },
        asked=CancelRequest,
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Gives the places back: all of them, or those of the `attendees` who won't come.
        Cancelling again changes nothing."""
        booking, now = self.booking(number), timezone.now()
        asked = CancelRequest(data=request.data, context={"booking": booking})
        asked.is_valid(raise_exception=True)
        leaving = asked.validated_data.get("attendees")
        if leaving is None:
            cancel(booking.pk, self.actor, now)
        else:
            accompanied = asked.validated_data["accompanied"]
            leave(booking.pk, leaving, self.actor, now, accompanied=accompanied)
        return self.answer(number)


class RescheduleBooking(BookingView):
    @_changing(
        "bookings_reschedule",
        "Move a booking",
        {
            **refusal(400, "invalid"),
            **refusal(
                409,
                "slot_full",
                "slot_not_open",
                "too_late",
                "hold_expired",
                "wrong_status",
                serializer=RefusalSerializer,
                example=SLOT_FULL,
            ),
            **refusal(422, "not_eligible", serializer=RefusalSerializer),
        },
        asked=RescheduleRequest,
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Takes the places at the new window before those of the old one are given back; where
        there is no room, the booking stays as it is."""
        booking = self.booking(number)
        asked = RescheduleRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        slot_id = asked.validated_data["slot"]
        self.channel = booking.channel
        with _naming_the_slot(), self._offering_what_suits(booking):
            reschedule(booking.pk, slot_id, self.actor, timezone.now())
        return self.answer(number)

    @contextmanager
    def _offering_what_suits(self, booking: Booking) -> Iterator[None]:
        """Reads the people only where the window is full."""
        try:
            yield
        except SlotFull:
            self.people = [as_person(attendee) for attendee in booking.attendees.all()]
            raise


def actor_of(request: Request) -> Actor:
    by = caller(request)
    return Actor(partner=by.partner, offices=by.office_ids)


@contextmanager
def _naming_the_slot() -> Iterator[None]:
    """Says which field asked for a slot that isn't there."""
    try:
        yield
    except Slot.DoesNotExist:
        told = _("There is no such window at your offices.")
        raise serializers.ValidationError({"slot": [told]}) from None
