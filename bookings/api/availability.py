"""Places left, per day and per window: open to anyone, cached for a second."""

import dataclasses
import datetime as dt
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.briefly import SECONDS, briefly
from bookings.api.examples import DAY, SLOT
from bookings.api.requests import MAX_PARTY, PARTNER_CHANNELS
from bookings.api.serializers import DaySerializer, SlotSerializer
from bookings.domain import availability
from bookings.domain.availability import SlotView
from bookings.enums import Channel, SlotState
from offices.models import Office, ServiceLine
from partners.api.authentication import Caller

MAX_DAYS = 31
DEFAULT_DAYS = 14
# Slots are published for weeks, bookings kept for years; anything else is a slip of the pen.
NEAR = dt.timedelta(days=366)


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
        if not isinstance(self.context["request"].user, Caller):
            raise serializers.ValidationError(_("A channel can be chosen with a key only."))
        return channel

    def validate_line(self, code: str) -> ServiceLine:
        line = ServiceLine.objects.filter(code=code).first()
        if line is None:
            told = _("There is no line with the code %(code)s.")
            raise serializers.ValidationError(told % {"code": code})
        return line


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
    """Answers with an ETag, for a second from the cache."""

    permission_classes = [AllowAny]
    query_class: type[AvailabilityQuery]

    def get(self, request: Request, code: str) -> Response:
        keyed = isinstance(request.user, Caller)
        who = Channel.PARTNER if keyed else Channel.WEB
        asked = f"{request.method} {request.get_full_path()} {who}"
        response = Response(briefly(asked, lambda: self._answer(request, code, who)))
        patch_cache_control(response, max_age=SECONDS, **{"private" if keyed else "public": True})
        patch_vary_headers(response, ["Authorization"])
        return response

    def _answer(self, request: Request, code: str, channel: str) -> Any:
        offices = Office.objects.bookable().select_related("bureau__parent")
        office = get_object_or_404(offices, code=code)
        now = timezone.now()
        context = {"request": request, "today": office.local_date(now)}
        query = self.query_class(data=request.query_params, context=context)
        query.is_valid(raise_exception=True)
        wanted = {"channel": channel} | query.validated_data
        return self.read(office, wanted, now)

    def read(self, office: Office, wanted: dict[str, Any], now: dt.datetime) -> Any:
        raise NotImplementedError


class DayList(AvailabilityView):
    query_class = DaysQuery

    @extend_schema(
        tags=["Availability"],
        summary="Places left per day",
        parameters=[DaysQuery],
        responses=DaySerializer(many=True),
        examples=[DAY],
    )
    def get(self, request: Request, code: str) -> Response:
        """Every day of the span. A day is open when one of its windows has room for the party."""
        return super().get(request, code)

    def read(self, office: Office, wanted: dict[str, Any], now: dt.datetime) -> Any:
        days = availability.days(
            office,
            wanted["line"],
            wanted["from"],
            wanted["to"],
            wanted["channel"],
            wanted["party_size"],
            now,
        )
        return list(DaySerializer(days, many=True).data)


class SlotList(AvailabilityView):
    query_class = SlotsQuery

    @extend_schema(
        tags=["Availability"],
        summary="Places left per window",
        parameters=[SlotsQuery],
        responses=SlotSerializer(many=True),
        examples=[SLOT],
    )
    def get(self, request: Request, code: str) -> Response:
        """The windows of one day in order of time. One with too little room for the party is
        full."""
        return super().get(request, code)

    def read(self, office: Office, wanted: dict[str, Any], now: dt.datetime) -> Any:
        line = wanted["line"]
        views = availability.slots(office, line, wanted["date"], wanted["channel"], now)
        rows = [_slot(view, office.code, line.code, wanted["party_size"]) for view in views]
        return list(SlotSerializer(rows, many=True).data)


def _slot(view: SlotView, office: str, line: str, party_size: int) -> dict[str, Any]:
    too_small = view.state == SlotState.OPEN and not view.fits(party_size)
    state = SlotState.FULL if too_small else view.state
    return dataclasses.asdict(view) | {"office": office, "line": line, "state": state}
