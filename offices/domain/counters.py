"""Which counters are open, and when. Pure: plain values in, plain values out, no query.

Times are those of the office's clock; a stretch has its beginning and not its end. Of several
shifts that concern the same time, the one that was entered last holds.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from offices.domain.hours import MIDNIGHT_TO_MIDNIGHT, Span, overlap


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody entered that a counter is open, or shut, at these hours of these days."""

    is_open: bool
    first_day: dt.date
    last_day: dt.date | None = None
    opens: dt.time = MIDNIGHT_TO_MIDNIGHT[0]
    closes: dt.time = MIDNIGHT_TO_MIDNIGHT[1]

    def concerns(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A counter as it usually is, and its shifts in the order in which they were entered."""

    is_open: bool
    shifts: tuple[Shift, ...] = ()

    def is_open_at(self, day: dt.date, time: dt.time) -> bool:
        for shift in reversed(self.shifts):
            if shift.concerns(day) and shift.opens <= time < shift.closes:
                return shift.is_open
        return self.is_open

    def is_open_during(self, day: dt.date, opens: dt.time, closes: dt.time) -> bool:
        """Whether it is open all of this time: who is called at its end is served as well."""
        rest = [Span(opens, closes)]
        for shift in reversed(self.shifts):
            if not shift.concerns(day):
                continue
            if not shift.is_open and any(overlap(span, shift) for span in rest):
                return False
            rest = [part for span in rest for part in _without(span, shift)]
        return self.is_open or not rest


def open_counters(
    counters: Iterable[CounterPlan], day: dt.date, opens: dt.time, closes: dt.time
) -> int:
    """How many of them are open all of this time."""
    return sum(counter.is_open_during(day, opens, closes) for counter in counters)


def _without(span: Span, shift: Shift) -> list[Span]:
    parts = (
        Span(span.opens, min(span.closes, shift.opens)),
        Span(max(span.opens, shift.closes), span.closes),
    )
    return [part for part in parts if part.opens < part.closes]
