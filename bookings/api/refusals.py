"""The domain's refusals as problem documents, each with what helps the caller go on."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.fields import Instant, instant
from bookings.api.serializers import AlternativeSerializer, QuotaSerializer
from bookings.domain import errors
from bookings.domain.board import alternatives
from bookings.domain.in_the_way import bookings_in_the_way, mask_name
from bookings.domain.parties import Person
from bookings.domain.ways import Way
from bookings.enums import SlotState
from bookings.models import Attendee, Quota
from partners.api.problems import Problem, ProblemSerializer

TITLES: dict[str, Promise] = {
    "slot_full": _("Not enough places left"),
    "slot_not_open": _("This time can't be booked now"),
    "already_booked": _("Somebody already has a booking"),
    "not_eligible": _("This party can't book this"),
    "suspended": _("Online booking is suspended"),
    "hold_expired": _("The hold has run out"),
    "wrong_status": _("The booking can't be changed any more"),
    "too_late": _("Too late to change the booking"),
    "below_taken": _("More places are taken"),
    "changed_meanwhile": _("The quota was changed meanwhile"),
    "slot_over": _("This time is over"),
}


class RefusingView(APIView):
    """A view whose verbs refuse with a BookingError."""

    titles: ClassVar[dict[str, Promise]] = TITLES
    # The channel whose places the request is about: what it may take are the alternatives.
    channel = ""
    # Whom it is about: they are offered no session that isn't for them.
    people: Sequence[Person] = ()

    @property
    def default_response_headers(self) -> dict[str, str]:
        # What a key may see is for nobody else.
        return super().default_response_headers | {"Cache-Control": "no-store"}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, errors.BookingError):
            exc = self._problem_of(exc)
        return super().handle_exception(exc)

    def _problem_of(self, error: errors.BookingError) -> Problem:
        members = _members(error) | {"do": self._ways(error.ways)}
        if isinstance(error, errors.NotEligible):
            members["reasons"] = [self._reason(reason) for reason in error.reasons]
        if isinstance(error, errors.SlotFull):
            members["alternatives"] = _alternatives(error, self.channel, self.people)
        title, names = self.titles[error.code], self._names(error)
        detail = _without(names, error.message)
        return Problem(error.status, error.code, detail, title=title, **_without(names, members))

    def _names(self, error: errors.BookingError) -> set[str]:
        """Whom the refusal may name."""
        if isinstance(error, errors.AlreadyBooked):
            return set(error.names)
        if self.people or not isinstance(error, errors.NotEligible):
            return {person.name for person in self.people}
        party = Attendee.objects.filter(booking__number=self.kwargs.get("number"))
        return {attendee.name for attendee in party}

    def _reason(self, reason: errors.Reason) -> dict[str, Any]:
        shape: dict[str, Any] = {"code": reason.code, "detail": reason.message}
        if reason.position is not None:
            shape["pointer"] = f"#/attendees/{reason.position}"
        if reason.source:
            shape["source"] = reason.source
        return shape | {"do": self._ways(reason.ways)}

    def _ways(self, ways: Iterable[Way]) -> list[dict[str, str]]:
        return [
            {"code": way.code, "label": str(way.label)}
            | ({"url": self.request.build_absolute_uri(path)} if (path := way.path) else {})
            for way in ways
        ]


def _without(names: Iterable[str], told: Any) -> Any:
    """The same with names masked: a document of an error ends up in logs that aren't ours."""
    if isinstance(told, str):
        # The longest first: a name may begin with another one.
        for name in sorted(names, key=len, reverse=True):
            told = told.replace(name, mask_name(name)) if len(name) > 1 else told
        return told
    if isinstance(told, dict):
        return {key: _without(names, value) for key, value in told.items()}
    return [_without(names, each) for each in told] if isinstance(told, list) else told


def _alternatives(
    error: errors.SlotFull, channel: str, people: Sequence[Person]
) -> list[dict[str, Any]]:
    found = alternatives(error.slot_id, error.places, channel, timezone.now(), people=people)
    return [
        {
            "id": other.slot_id,
            "office": other.office_code,
            "line": other.line_code,
            "starts_at": instant(other.starts_at),
            "ends_at": instant(other.ends_at),
            "state": SlotState.OPEN,
            "places_left": other.places_left,
        }
        for other in found
    ]


@singledispatch
def _members(error: errors.BookingError) -> dict[str, Any]:  # noqa: ARG001
    return {}


@_members.register
def _not_open(error: errors.SlotNotOpen) -> dict[str, Any]:
    opens = error.state == SlotState.NOT_YET_OPEN
    return {"state": error.state} | ({"opens_at": _instant(error.opens_at)} if opens else {})


@_members.register
def _already_booked(error: errors.AlreadyBooked) -> dict[str, Any]:
    pointers = [f"#/attendees/{position}" for position in error.positions]
    mistakes = [{"pointer": pointer, "detail": error.message} for pointer in pointers]
    return {"errors": mistakes, "bookings": error.own}


@_members.register
def _suspended(error: errors.Suspended) -> dict[str, Any]:
    return {"until": _instant(error.ends_at)}


@_members.register
def _too_late(error: errors.TooLate) -> dict[str, Any]:
    return {"until": _instant(error.until)}


@_members.register
def _below_taken(error: errors.BelowTaken) -> dict[str, Any]:
    found = bookings_in_the_way(error.quota_id, timezone.now())
    return {"taken": error.taken, "bookings": [booking.number for booking in found]}


@_members.register
def _changed(error: errors.ChangedMeanwhile) -> dict[str, Any]:
    quota = Quota.objects.select_related("slot__office", "slot__line").get(pk=error.quota_id)
    return {"current": QuotaSerializer(quota).data}


def _instant(moment: dt.datetime) -> str:
    return str(Instant().to_representation(moment))


class WaySerializer(serializers.Serializer[Any]):
    """Something that the person can do."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(required=False, help_text="The page or number that does it.")


class ReasonSerializer(serializers.Serializer[Any]):
    """One rule that the party breaks."""

    code = serializers.CharField()
    detail = serializers.CharField()
    pointer = serializers.CharField(required=False, help_text="Whom it concerns.")
    source = serializers.CharField(required=False, help_text="Law or guidance.")  # type: ignore[assignment]
    do = WaySerializer(many=True)


class RefusalSerializer(ProblemSerializer):
    """A problem document with what helps to go on; which member comes depends on the code."""

    alternatives = AlternativeSerializer(many=True, required=False, help_text="slot_full")
    reasons = ReasonSerializer(many=True, required=False, help_text="not_eligible")
    do = WaySerializer(many=True, required=False, help_text="What the person can do.")
    state = serializers.ChoiceField(SlotState.choices, required=False, help_text="slot_not_open")
    opens_at = Instant(required=False, help_text="slot_not_open: where it opens later")
    until = Instant(required=False, help_text="suspended, too_late")
    taken = serializers.IntegerField(required=False, help_text="below_taken")
    bookings = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="below_taken: those in the way; already_booked: those of the same partner",
    )
    current = QuotaSerializer(required=False, help_text="changed_meanwhile")
