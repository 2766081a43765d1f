"""Counters open and shut, for some days or hours, and the windows follow at once (JJ-01, JJ-08)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from bookings.domain.effects import PlacesEffect, effects_of
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.publishing import PublishReport, publish
from offices.models import Counter, CounterShift, Office, ServiceLine

# Writes what the plan is made of, with the reason and whose it is.
Change = Callable[[str, Actor], None]


@dataclass(frozen=True, slots=True)
class When:
    """Days, the last included (None: until further notice), and local times of each of them.

    None for a time: from the day's beginning, to its end.
    """

    first_day: dt.date
    last_day: dt.date | None = None
    from_time: dt.time | None = None
    until_time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class NewCounters:
    """Counters that an office doesn't have yet, all of one line and kind (CounterKind)."""

    office: Office
    line: ServiceLine
    kind: str
    labels: tuple[str, ...]


def open_counters(
    counters: Sequence[Counter], when: When, *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """These counters of one office serve at that time, whatever was entered before."""
    enter = partial(_enter, counters, True, when)
    return _publish(counters[0].office, enter, reason, actor, now)


def shut_counters(
    counters: Sequence[Counter], when: When, *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """These counters of one office stay shut at that time: an examiner is missing (FS-30)."""
    enter = partial(_enter, counters, False, when)
    return _publish(counters[0].office, enter, reason, actor, now)


def add_counters(
    new: NewCounters, when: When, *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """Further counters, open at that time and shut otherwise (WH-05)."""
    return _publish(new.office, partial(_add, new, when), reason, actor, now)


def withdraw_shift(
    shift: CounterShift, *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """The counter is again as if this had not been entered. Doing it twice changes nothing."""
    return _publish(shift.counter.office, partial(_withdraw, shift, now), reason, actor, now)


def foresee_shift(
    counters: Sequence[Counter], is_open: bool, when: When, now: dt.datetime
) -> list[PlacesEffect]:
    """What opening or shutting these counters would do."""
    return _foresee(counters[0].office, partial(_enter, counters, is_open, when), now)


def foresee_new(new: NewCounters, when: When, now: dt.datetime) -> list[PlacesEffect]:
    """What adding these counters would do."""
    return _foresee(new.office, partial(_add, new, when), now)


def foresee_withdrawal(shift: CounterShift, now: dt.datetime) -> list[PlacesEffect]:
    """What taking this back would do."""
    return _foresee(shift.counter.office, partial(_withdraw, shift, now), now)


def _publish(
    office: Office, change: Change, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    reason = reason.strip()
    if not reason:
        raise ValueError("A change of counters needs a reason.")
    with transaction.atomic():
        change(reason, actor)
        return publish(office, now, reason=reason, actor=actor)


def _foresee(office: Office, change: Change, now: dt.datetime) -> list[PlacesEffect]:
    return effects_of(office, partial(change, "", SYSTEM), now)


def _enter(
    counters: Sequence[Counter], is_open: bool, when: When, reason: str, actor: Actor
) -> None:
    CounterShift.objects.bulk_create(
        CounterShift(
            counter=counter,
            is_open=is_open,
            first_day=when.first_day,
            last_day=when.last_day,
            from_time=when.from_time,
            until_time=when.until_time,
            reason=reason,
            created_by=actor.person,
        )
        for counter in counters
    )


def _add(new: NewCounters, when: When, reason: str, actor: Actor) -> None:
    counters = Counter.objects.bulk_create(
        Counter(office=new.office, line=new.line, kind=new.kind, label=label, is_open=False)
        for label in new.labels
    )
    _enter(counters, True, when, reason, actor)


def _withdraw(shift: CounterShift, now: dt.datetime, reason: str, actor: Actor) -> None:
    CounterShift.objects.filter(pk=shift.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=actor.person, withdrawn_because=reason
    )
