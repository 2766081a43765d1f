"""What staff make of a suggestion: follow it, follow it by another amount, or dismiss it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.freezing import PlacesFrozen
from bookings.domain.parties import Actor
from bookings.domain.planning import outlook
from bookings.domain.quotas import QuotaEdit, set_quotas
from bookings.domain.sessions import add_session
from bookings.enums import SuggestionKind, SuggestionOutcome
from bookings.models import Quota, Slot, Suggestion
from offices.domain.policy import policy_for
from offices.domain.surge_plans import surges_between
from offices.enums import Pool, SessionKind
from offices.models import Session

# Whoever waits is in the hall: nothing of the longer hours is given away online.
FOR_THOSE_WHO_WAIT = {Pool.ONLINE.value: 0, Pool.ASSISTED.value: 0, Pool.WALK_IN.value: 100}


@dataclass
class AlreadyDecided(BookingError):
    """Somebody was faster."""

    code: ClassVar[str] = "already_decided"
    outcome: str

    @property
    def message(self) -> str:
        return _("This suggestion is settled already: %(outcome)s.") % {"outcome": self.outcome}


class NothingToChange(BookingError):
    """The day has no window any more that could have more places or be followed by another."""

    code: ClassVar[str] = "nothing_to_change"

    @property
    def message(self) -> str:
        return _("No window of that day can be changed any more.")


class StillClosed(BookingError):
    """All windows of the longer hours were closed before, and stay so."""

    code: ClassVar[str] = "still_closed"

    @property
    def message(self) -> str:
        return _(
            "The windows of that time are closed, so staying open longer would open none of them. "
            "Open them again in the day instead."
        )


@dataclass(frozen=True, slots=True)
class More:
    """A quota and the capacity that it would have."""

    quota: Quota
    capacity: int


def more_places(suggestion: Suggestion, percent: int, now: dt.datetime) -> list[More]:
    """Each window of the day that hasn't begun with its places and `percent` more of them.

    The sum grows by `percent`, rounded up: windows get whole places in turn. Frozen ones get none,
    for nobody would have them. One query.
    """
    quotas = _online(suggestion, now).filter(frozen=False)
    found = list(quotas.select_related("slot__office").order_by("slot__starts_at", "pk"))
    added = spread([quota.capacity for quota in found], percent)
    return [More(quota, quota.capacity + more) for quota, more in zip(found, added, strict=True)]


def frozen_windows(suggestion: Suggestion, now: dt.datetime) -> int:
    """How many windows are left out since their online places are frozen."""
    return _online(suggestion, now).filter(frozen=True).count()


def _online(suggestion: Suggestion, now: dt.datetime) -> "QuerySet[Quota]":
    return Quota.objects.filter(
        slot__office=suggestion.office_id,
        slot__line=suggestion.line_id,
        slot__date=suggestion.date,
        slot__closed_at__isnull=True,
        slot__starts_at__gt=now,
        pool=Pool.ONLINE,
    )


def spread(capacities: Sequence[int], percent: int) -> list[int]:
    """What to add to each, so that all together get `percent` more, rounded up.

    >>> spread([3, 3, 4], 20)
    [1, 1, 0]
    """
    added, so_far, given = [], 0, 0
    for capacity in capacities:
        so_far += capacity
        due = -(-so_far * percent // 100)
        added.append(due - given)
        given = due
    return added


@transaction.atomic
def follow(
    suggestion_id: int, amount: int, *, reason: str, actor: Actor, now: dt.datetime
) -> Suggestion:
    """Add the places, or stay open longer, by `amount`: percent or minutes.

    Raises AlreadyDecided, NothingToChange, PlacesFrozen, StillClosed, QuotasRefused.
    """
    suggestion = _open(suggestion_id)
    if suggestion.kind == SuggestionKind.MORE_PLACES:
        wanted = more_places(suggestion, amount, now)
        if not wanted and frozen_windows(suggestion, now):
            raise PlacesFrozen(Pool.ONLINE)
        _add_places(wanted, reason, actor, now)
    else:
        _stay_open(suggestion, amount, reason, actor, now)
    followed = amount == suggestion.amount
    outcome = SuggestionOutcome.ACCEPTED if followed else SuggestionOutcome.ADJUSTED
    return _settle(suggestion, outcome, reason, actor, now, None if followed else amount)


@transaction.atomic
def dismiss(suggestion_id: int, *, reason: str, actor: Actor, now: dt.datetime) -> Suggestion:
    """Leave everything as it is. Raises AlreadyDecided."""
    suggestion = _open(suggestion_id)
    return _settle(suggestion, SuggestionOutcome.DISMISSED, reason, actor, now)


def _open(suggestion_id: int) -> Suggestion:
    """The suggestion, locked: who decides second is told so."""
    found = Suggestion.objects.select_for_update(of=("self",)).select_related("office", "line")
    suggestion = found.get(pk=suggestion_id)
    if suggestion.outcome != SuggestionOutcome.OPEN:
        raise AlreadyDecided(str(suggestion.get_outcome_display()))
    return suggestion


def _settle(
    suggestion: Suggestion,
    outcome: SuggestionOutcome,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    decided_amount: int | None = None,
) -> Suggestion:
    suggestion.outcome, suggestion.reason = outcome, reason.strip()
    suggestion.decided_amount = decided_amount
    suggestion.decided_by, suggestion.decided_at = actor.person, now
    suggestion.save(
        update_fields=["outcome", "reason", "decided_amount", "decided_by", "decided_at"]
    )
    return suggestion


def _add_places(wanted: Iterable[More], reason: str, actor: Actor, now: dt.datetime) -> None:
    edits = [QuotaEdit(one.quota.pk, one.capacity, one.quota.version) for one in wanted]
    if not edits:
        raise NothingToChange
    set_quotas(edits, reason=reason, actor=actor, now=now)


def _stay_open(
    suggestion: Suggestion, minutes: int, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """A session after the last window of the day, with as many places as that one.

    What a surge adds to that one it adds to the session as well. Where windows were closed at that
    time they stay so: raises StillClosed if all were.
    """
    last = (
        Slot.objects.filter(
            office=suggestion.office_id,
            line=suggestion.line_id,
            date=suggestion.date,
            closed_at__isnull=True,
        )
        .select_related("office")
        .order_by("-ends_at")
        .first()
    )
    if last is None or last.ends_at <= now:
        raise NothingToChange
    closes = last.local_end + dt.timedelta(minutes=minutes)
    if closes.date() != last.date:
        raise NothingToChange
    session = _session_after(last, closes.time(), actor)
    add_session(session, now, reason=reason, actor=actor)
    if not session.slots.filter(closed_at=None).exists():
        raise StillClosed


def _session_after(last: Slot, closes: dt.time, actor: Actor) -> Session:
    return Session(
        office=last.office,
        line=last.line,
        kind=SessionKind.EXTENDED,
        date=last.date,
        opens=last.local_end.time(),
        closes=closes,
        capacity=_places_without_surges(last),
        shares=FOR_THOSE_WHO_WAIT,
        created_by=actor.person,
    )


def _places_without_surges(slot: Slot) -> int:
    office, day = slot.office, slot.date
    if surges_between(office, day, day):
        just_before = slot.starts_at - dt.timedelta(microseconds=1)
        plain = outlook(office, policy_for(office), day, day).slots((), just_before)
        if planned := plain.get((slot.line_id, slot.starts_at)):
            return sum(planned.places.values())
    return sum(quota.capacity for quota in slot.quotas.all())
