"""What surge plans add to the days on which they are in force. Pure: no query.

- Further counters add what they serve in a window: to a number by counters and to a fixed one
  alike.
- The percents come on top of that, rounded up to whole places: 375 + 10 % is 413 (FS-28).
- Minutes lengthen the first and the last stretch of a line's weekly hours, by whole windows with
  the places of that stretch. The windows that are there stay where they are; a session keeps its
  times; a day without weekly hours, such as a holiday, gets none.
- Of several surges, counters and percents add up, and the longest hours hold.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from offices.domain.hours import Plan, Rule, minute_of

LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, slots=True)
class Uplift:
    """By how much, over the plain hours and counters. Zeros change nothing."""

    percent: int = 0
    counters: int = 0
    earlier_minutes: int = 0
    later_minutes: int = 0

    def __add__(self, other: "Uplift") -> "Uplift":
        return Uplift(
            self.percent + other.percent,
            self.counters + other.counters,
            max(self.earlier_minutes, other.earlier_minutes),
            max(self.later_minutes, other.later_minutes),
        )


NOTHING = Uplift()


@dataclass(frozen=True, slots=True)
class Surge:
    """An uplift of one line or (None) of all, from the first to the last day, both included."""

    first_day: dt.date
    last_day: dt.date
    uplift: Uplift
    line: int | None = None
    # Which row it comes from; None while it is only being thought about.
    period: int | None = None


def surges_on(surges: Iterable[Surge], day: dt.date) -> list[Surge]:
    return [surge for surge in surges if surge.first_day <= day <= surge.last_day]


def uplift_of(surges: Sequence[Surge], line: int) -> Uplift:
    """What the surges of a day come to for a line."""
    return sum((one.uplift for one in surges if one.line in (None, line)), NOTHING)


def with_counters(places: int, uplift: Uplift, minutes: int, minutes_per_person: int) -> int:
    """A fixed number of places and what the further counters serve in so many minutes."""
    return places + uplift.counters * minutes // minutes_per_person


def with_percent(places: int, uplift: Uplift) -> int:
    """The places with the percents on top, rounded up to whole places.

    >>> with_percent(375, Uplift(percent=10))
    413
    """
    return -(-places * (100 + uplift.percent) // 100)


def lengthened(plan: Plan, day: dt.date, surges: Sequence[Surge], slot_minutes: int) -> Plan:
    """The plan with the weekly hours of this day made longer; of use for this day only."""
    rules = plan.rules_of(day)
    longer = [_longer(rule, rules, uplift_of(surges, rule.line), slot_minutes) for rule in rules]
    return replace(plan, rules=tuple(longer))


def _longer(rule: Rule, rules: Iterable[Rule], uplift: Uplift, slot_minutes: int) -> Rule:
    of_line = [other for other in rules if other.line == rule.line]
    opens, closes = minute_of(rule.opens), minute_of(rule.closes)
    if rule.opens == min(other.opens for other in of_line):
        # By whole windows: the others are cut from the opening on, and must not move.
        opens -= min(uplift.earlier_minutes, opens) // slot_minutes * slot_minutes
    if rule.closes == max(other.closes for other in of_line):
        closes = max(closes, min(closes + uplift.later_minutes, LAST_MINUTE))
    return replace(rule, opens=_time_at(opens), closes=_time_at(closes))


def _time_at(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)
