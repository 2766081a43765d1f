"""Interval arithmetic of one office's days. Pure: plain values in, plain values out, no query.

Times are those of the office's clock. A window is what becomes a slot.

- Windows are cut from the opening time on, each `slot_minutes` long, and never cross what
  follows. A rest shorter than a slot is dropped: nobody is called in just to be sent home.
- A closure takes away every window that it touches and leaves the others where they are, so
  that a closure of ten minutes moves no booking of the rest of the day.
- A session takes the place of the windows of its line that it touches. It stands on holidays
  and on closed days.
- Of weekly rules that overlap, the one that was made valid last holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

MIDNIGHT_TO_MIDNIGHT = (dt.time.min, dt.time.max)


class Timed(Protocol):
    """Something with an opening and a closing time, the closing not included."""

    @property
    def opens(self) -> dt.time: ...
    @property
    def closes(self) -> dt.time: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of opening, without regard to capacity."""

    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, slots=True)
class Rule:
    """Weekly hours of a line. `capacity` is places of one whole slot; None: by its counters."""

    line: int
    weekday: int
    opens: dt.time
    closes: dt.time
    valid_from: dt.date
    valid_until: dt.date | None = None
    capacity: int | None = None
    shares: Mapping[str, int] | None = None

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Closing:
    """A dated removal: of one line or (None) of all, of some hours or of whole days."""

    first_day: dt.date
    last_day: dt.date
    line: int | None = None
    opens: dt.time = MIDNIGHT_TO_MIDNIGHT[0]
    closes: dt.time = MIDNIGHT_TO_MIDNIGHT[1]

    def concerns(self, line: int, day: dt.date) -> bool:
        return self.line in (None, line) and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Extra:
    """A session: dated hours with a capacity of their own."""

    session: int
    line: int
    date: dt.date
    opens: dt.time
    closes: dt.time
    capacity: int
    shares: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What becomes a slot: one stretch of one line on one day."""

    line: int
    day: dt.date
    opens: dt.time
    closes: dt.time
    capacity: int | None
    shares: Mapping[str, int] | None
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides when an office is open.

    `follows` maps the days that differ from their weekday to the weekday whose hours they have:
    None on a public holiday, e.g. 0 on a make-up workday that works like a Monday.
    """

    rules: tuple[Rule, ...] = ()
    closings: tuple[Closing, ...] = ()
    extras: tuple[Extra, ...] = ()
    follows: Mapping[dt.date, int | None] | None = None

    def weekday_of(self, day: dt.date) -> int | None:
        return (self.follows or {}).get(day, day.weekday())

    def rules_of(self, day: dt.date) -> list[Rule]:
        weekday = self.weekday_of(day)
        rules = [rule for rule in self.rules if rule.weekday == weekday and rule.holds(day)]
        return sorted(rules, key=lambda rule: (-rule.valid_from.toordinal(), rule.opens))

    def extras_of(self, day: dt.date) -> list[Extra]:
        return sorted(
            (extra for extra in self.extras if extra.date == day),
            key=lambda extra: (extra.opens, extra.session),
        )

    def closings_of(self, line: int, day: dt.date) -> list[Closing]:
        return [closing for closing in self.closings if closing.concerns(line, day)]


def windows(plan: Plan, day: dt.date, slot_minutes: int) -> list[Window]:
    """The windows of all lines on this day, in order; those of one line never overlap."""
    found: list[Window] = []
    extras = plan.extras_of(day)
    for extra in extras:
        found += _clear(_cut(extra, day, slot_minutes, extra.session), found)
    for rule in plan.rules_of(day):
        cut = _clear(_cut(rule, day, slot_minutes), [*found, *extras])
        closings = plan.closings_of(rule.line, day)
        found += [window for window in cut if not any(overlap(window, c) for c in closings)]
    return sorted(found, key=lambda window: (window.line, window.opens))


def _cut(
    hours: Rule | Extra, day: dt.date, slot_minutes: int, session: int | None = None
) -> list[Window]:
    first, last = minute_of(hours.opens), minute_of(hours.closes)
    starts = range(first, last - slot_minutes + 1, slot_minutes)
    return [
        Window(
            line=hours.line,
            day=day,
            opens=_time_at(start),
            closes=_time_at(start + slot_minutes),
            capacity=hours.capacity,
            shares=hours.shares,
            session=session,
        )
        for start in starts
    ]


def _clear(cut: Iterable[Window], others: Iterable[Window | Extra]) -> list[Window]:
    """The windows that none of the others of their line overlaps."""
    others = list(others)
    return [
        window
        for window in cut
        if not any(other.line == window.line and overlap(window, other) for other in others)
    ]


def spans(plan: Plan, day: dt.date, lines: Iterable[int] | None = None) -> list[Span]:
    """When any of the lines (all, by default) is open on this day: what the door says."""
    wanted = set(lines) if lines is not None else None
    found: list[Timed] = [e for e in plan.extras_of(day) if wanted is None or e.line in wanted]
    for rule in plan.rules_of(day):
        if wanted is None or rule.line in wanted:
            found += _without(rule, plan.closings_of(rule.line, day))
    return _merged(found)


def _without(hours: Timed, closings: Iterable[Timed]) -> list[Span]:
    rest = [Span(hours.opens, hours.closes)]
    for closing in closings:
        rest = [
            part
            for span in rest
            for part in (
                Span(span.opens, min(span.closes, closing.opens)),
                Span(max(span.opens, closing.closes), span.closes),
            )
            if part.opens < part.closes
        ]
    return rest


def _merged(stretches: Iterable[Timed]) -> list[Span]:
    merged: list[Span] = []
    for stretch in sorted(stretches, key=lambda s: (s.opens, s.closes)):
        if merged and stretch.opens <= merged[-1].closes:
            merged[-1] = Span(merged[-1].opens, max(merged[-1].closes, stretch.closes))
        else:
            merged.append(Span(stretch.opens, stretch.closes))
    return merged


def overlap(one: Timed, other: Timed) -> bool:
    return one.opens < other.closes and other.opens < one.closes


def minute_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _time_at(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)


def utc_bounds(window: Window, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
    """When the window starts and ends, in UTC. None where the clock skips its start.

    A window keeps its length where the clock is put back in the middle of it.
    """
    local = dt.datetime.combine(window.day, window.opens)
    starts = local.replace(tzinfo=zone).astimezone(dt.UTC)
    if starts.astimezone(zone).replace(tzinfo=None) != local:
        return None
    length = dt.timedelta(minutes=minute_of(window.closes) - minute_of(window.opens))
    return starts, starts + length
