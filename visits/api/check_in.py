"""Checking in at a partner's kiosk: the booking becomes a queue number."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.bookings import BookingView
from bookings.api.fields import Instant
from bookings.api.refusals import TITLES, RefusalSerializer
from partners.api.idempotency import idempotent
from partners.api.schema import IDEMPOTENCY_KEY, refusal
from visits.domain.check_in import check_in
from visits.enums import Arrival

TICKET = OpenApiExample(
    "A queue number",
    {
        "booking": "408823911672",
        "ticket": "A012",
        "arrival": "early",
        "office": "xiamen-zhenhai",
        "line": "mainland",
        "checked_in_at": "2026-08-04T01:40:00Z",
        "callable_from": "2026-08-04T02:00:00Z",
    },
    response_only=True,
)


class CheckInSerializer(serializers.Serializer[Any]):
    """One queue number for the whole party."""

    booking = serializers.CharField(source="ticket.booking.number")
    ticket = serializers.CharField(source="ticket.label")
    arrival = serializers.ChoiceField(
        Arrival.choices, help_text="Who is late is served as a walk-in, with a number from X."
    )
    office = serializers.CharField(source="ticket.office.code")
    line = serializers.CharField(source="ticket.line.code")
    checked_in_at = Instant(source="at")
    callable_from = Instant(
        source="ticket.callable_from", help_text="Who is early is called from the booked time on."
    )


class CheckInBooking(BookingView):
    titles = TITLES | {
        "not_today": _("The booking is for another day"),
        "too_early": _("Too early to check in"),
    }

    @extend_schema(
        tags=["Bookings"],
        operation_id="bookings_check_in",
        summary="Check in",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            200: CheckInSerializer,
            **refusal(403, "forbidden"),
            **refusal(404, "not_found"),
            **refusal(409, "not_today", "too_early", "wrong_status", serializer=RefusalSerializer),
        },
        examples=[TICKET],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002
        """Gives the party its queue number on the day; asked again, the same one."""
        booking = self.booking(number)
        arrived = check_in(booking.pk, booking.slot.office, self.actor, timezone.now())
        return Response(CheckInSerializer(arrived).data)
