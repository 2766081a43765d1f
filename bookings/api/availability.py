"""Places left, per day and per window: open to anyone, from the board of the last second."""

import datetime as dt
import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from bookings.api.examples import DAY, SLOT
from bookings.api.fields import instant
from bookings.api.requests import MAX_PARTY, PARTNER_CHANNELS
from bookings.api.serializers import DaySerializer, SlotSerializer
from bookings.domain import board
from bookings.domain.availability import SlotView
from bookings.domain.board import DayView
from bookings.domain.eligibility import find_session
from bookings.enums import Channel, SlotState
from offices.domain import catalogue
from offices.models import Office, ServiceLine
from partners.api.authentication import Caller

MAX_DAYS = 31
DEFAULT_DAYS = 14
# Slots are published for weeks, bookings kept for years; anything else is a slip of the pen.
NEAR = dt.timedelta(days=366)

Row = dict[str, Any]
_encode = json.JSONEncoder(separators=(",", ":")).encode


class AvailabilityQuery(serializers.Serializer[Any]):
    line = serializers.CharField(max_length=40, help_text="Code of one of the office's lines.")
    party_size = serializers.IntegerField(min_value=1, max_value=MAX_PARTY, default=1)
    channel = serializers.ChoiceField(
        PARTNER_CHANNELS,
        required=False,
        help_text="Whose places to count: `partner` by default. Only with a key; without one, "
        "those of the website.",
    )

    def validate_channel(self, channel: str) -> str:
        if not self.context["keyed"]:
            raise serializers.ValidationError(_("A channel can be chosen with a key only."))
        return channel


class DaysQuery(AvailabilityQuery):
    to = serializers.DateField(
        required=False, help_text=f"Last day, at most {MAX_DAYS} days in all; by default 14 days."
    )

    def get_fields(self) -> dict[str, Any]:
        # `from` can't be the name of an attribute.
        first = serializers.DateField(required=False, help_text="First day, today by default.")
        return super().get_fields() | {"from": first}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs.get("from", self.context["today"])
        _require_near(first, self.context["today"], "from")
        last = attrs.get("to", first + dt.timedelta(days=DEFAULT_DAYS - 1))
        if not dt.timedelta(0) <= last - first < dt.timedelta(days=MAX_DAYS):
            told = _("Ask for 1 to %(count)s days, the last not before the first.")
            raise serializers.ValidationError({"to": [told % {"count": MAX_DAYS}]})
        return attrs | {"from": first, "to": last}


class SlotsQuery(AvailabilityQuery):
    date = serializers.DateField(help_text="A day on the office's clock.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _require_near(attrs["date"], self.context["today"], "date")
        return attrs


def _require_near(day: dt.date, today: dt.date, name: str) -> None:
    if abs(day - today) > NEAR:
        told = _("Choose a day within a year of today.")
        raise serializers.ValidationError({name: [told]})


@method_decorator(conditional_page, name="dispatch")
class AvailabilityView(APIView):
    """Answers with an ETag. A copy may be kept but must be asked for again: the board's second is
    all the age that an answer may have."""

    permission_classes = [AllowAny]
    query_class: type[AvailabilityQuery]

    def get(self, request: Request, code: str) -> HttpResponse:
        now = timezone.now()
        office = _office(code)
        keyed = isinstance(request.user, Caller)
        asked = self._asked(request, keyed, office.local_date(now))
        rows = self.read(office, _line(asked["line"]), asked, now)
        headers = {
            "Cache-Control": f"no-cache, {'private' if keyed else 'public'}",
            "Vary": "Authorization",
        }
        return HttpResponse(_encode(rows), content_type="application/json", headers=headers)

    def _asked(self, request: Request, keyed: bool, today: dt.date) -> dict[str, Any]:
        names = _names(self.query_class)
        given = tuple((name, request.GET[name]) for name in names if name in request.GET)
        channel = Channel.PARTNER if keyed else Channel.WEB
        return {"channel": channel, **_understood(self.query_class, given, keyed, today)}

    def read(
        self, office: Office, line: ServiceLine, asked: dict[str, Any], now: dt.datetime
    ) -> list[Row]:
        raise NotImplementedError


@lru_cache
def _names(query_class: type[AvailabilityQuery]) -> tuple[str, ...]:
    return tuple(query_class().fields)


@lru_cache(4_096)
def _understood(
    query_class: type[AvailabilityQuery],
    given: tuple[tuple[str, str], ...],
    keyed: bool,
    today: dt.date,
) -> dict[str, Any]:
    """What was asked, by the names of the parameters. Raises ValidationError.

    The same few questions come over and over, and understanding one takes longer than answering.
    """
    context = {"keyed": keyed, "today": today}
    query = query_class(data=QueryDict(urlencode(given)), context=context)
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def _office(code: str) -> Office:
    found = catalogue.active_offices().get(code)
    if found is None:
        raise Http404
    return catalogue.office(found)


def _line(code: str) -> ServiceLine:
    line = catalogue.lines().get(code)
    if line is None:
        told = _("There is no line with the code %(code)s.")
        raise serializers.ValidationError({"line": [told % {"code": code}]})
    return line


class DayList(AvailabilityView):
    query_class = DaysQuery

    @extend_schema(
        tags=["Availability"],
        summary="Places left per day",
        parameters=[DaysQuery],
        responses=DaySerializer(many=True),
        examples=[DAY],
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """Every day of the span. A day is open when one of its windows has room for the party.
        `booking_free` says that numbers are given out on site that day; one with nothing to book
        is closed."""
        return super().get(request, code)

    def read(
        self, office: Office, line: ServiceLine, asked: dict[str, Any], now: dt.datetime
    ) -> list[Row]:
        channel, places = asked["channel"], asked["party_size"]
        days = board.days(office, line, asked["from"], asked["to"], channel, places, now)
        return [_day(day) for day in days]


class SlotList(AvailabilityView):
    query_class = SlotsQuery

    @extend_schema(
        tags=["Availability"],
        summary="Places left per window",
        parameters=[SlotsQuery],
        responses=SlotSerializer(many=True),
        examples=[SLOT],
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The windows of one day in order of time. One with too little room for the party is
        full. One that is `booking_free` is closed to booking: whoever comes takes a number on
        site."""
        return super().get(request, code)

    def read(
        self, office: Office, line: ServiceLine, asked: dict[str, Any], now: dt.datetime
    ) -> list[Row]:
        views = board.slots(office, line, asked["date"], asked["channel"], now)
        return [_slot(view, office.code, line.code, asked["party_size"]) for view in views]


def _day(day: DayView) -> Row:
    live = [_needs_no_booking(view) for view in day.slots if view.state != SlotState.CLOSED]
    return {
        "date": day.date.isoformat(),
        "state": SlotState.CLOSED if live and all(live) else day.state,
        "places_left": day.places_left,
        "booking_free": any(live),
    }


def _needs_no_booking(view: SlotView) -> bool:
    session = find_session(view.session_id)
    return session is not None and session.booking_free


def _state(view: SlotView, party_size: int, *, booking_free: bool) -> str:
    if booking_free:
        return SlotState.CLOSED
    too_small = view.state == SlotState.OPEN and not view.fits(party_size)
    return SlotState.FULL if too_small else view.state


def _slot(view: SlotView, office: str, line: str, party_size: int) -> Row:
    booking_free = _needs_no_booking(view)
    return {
        "id": view.id,
        "office": office,
        "line": line,
        "starts_at": instant(view.starts_at),
        "ends_at": instant(view.ends_at),
        "state": _state(view, party_size, booking_free=booking_free),
        "places_left": view.places_left,
        "opens_at": instant(view.opens_at),
        "booking_free": booking_free and view.state != SlotState.CLOSED,
    }
