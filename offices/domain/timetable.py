"""An office's plan out of the database: what the pure arithmetic of hours.py works on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from offices.domain.calendar import holidays_between
from offices.domain.counters import CounterPlan, Shift, open_counters
from offices.domain.hours import MIDNIGHT_TO_MIDNIGHT, Closing, Extra, Plan, Rule, minute_of
from offices.domain.policy import BookingPolicy
from offices.enums import CounterKind, HolidayKind, Pool
from offices.models import Closure, Counter, CounterShift, Holiday, Office, OpeningHours, Session

# Counters where a booked person is served; consultation, photo and payment make no places.
SERVING = (CounterKind.ACCEPTANCE, CounterKind.COLLECTION)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The plan of some days and the serving counters of each line (by id)."""

    plan: Plan
    counters: Mapping[int, Sequence[CounterPlan]]

    def places_by_counters(
        self,
        line: int,
        day: dt.date,
        opens: dt.time,
        closes: dt.time,
        policy: BookingPolicy,
        extra: int = 0,
    ) -> int:
        """What a line's counters that are open all of this time serve in it, whole people only.

        `extra` counters serve beside them.
        """
        serving = extra + open_counters(self.counters.get(line, ()), day, opens, closes)
        minutes = minute_of(closes) - minute_of(opens)
        return serving * minutes // policy.minutes_per_person


def timetable(
    office: Office, first: dt.date, last: dt.date, *, open_on_holidays: bool = False
) -> Timetable:
    """The timetable of these days, both included. Six queries."""
    return Timetable(
        plan=Plan(
            rules=_rules(office, first, last),
            closings=_closings(office, first, last),
            extras=_extras(office, first, last),
            follows=_follows(first, last, open_on_holidays=open_on_holidays),
        ),
        counters=_counters(office, first, last),
    )


def _rules(office: Office, first: dt.date, last: dt.date) -> tuple[Rule, ...]:
    rules = rules_by_kind(office, first, last, SERVING)
    return tuple(rule for of_kind in rules.values() for rule in of_kind)


def rules_by_kind(
    office: Office, first: dt.date, last: dt.date, kinds: Iterable[str]
) -> dict[str, tuple[Rule, ...]]:
    """The weekly hours of these kinds of counters on these days; kinds without any are left out."""
    hours = OpeningHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=first),
        office=office,
        kind__in=list(kinds),
        valid_from__lte=last,
    )
    found: dict[str, list[Rule]] = {}
    for row in hours:
        found.setdefault(row.kind, []).append(_rule(row))
    return {kind: tuple(rules) for kind, rules in found.items()}


def _rule(row: OpeningHours) -> Rule:
    return Rule(
        line=row.line_id,
        weekday=row.weekday,
        opens=row.opens,
        closes=row.closes,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        capacity=row.capacity,
        shares=row.shares,
    )


def _closings(office: Office, first: dt.date, last: dt.date) -> tuple[Closing, ...]:
    closures = Closure.objects.filter(office=office, first_day__lte=last, last_day__gte=first)
    return tuple(
        Closing(
            first_day=row.first_day,
            last_day=row.last_day,
            line=row.line_id,
            opens=row.from_time or MIDNIGHT_TO_MIDNIGHT[0],
            closes=row.until_time or MIDNIGHT_TO_MIDNIGHT[1],
        )
        for row in closures
    )


def _extras(office: Office, first: dt.date, last: dt.date) -> tuple[Extra, ...]:
    sessions = Session.objects.filter(office=office, date__range=(first, last))
    return tuple(
        Extra(
            session=row.pk,
            line=row.line_id,
            date=row.date,
            opens=row.opens,
            closes=row.closes,
            capacity=row.capacity,
            shares={Pool.WALK_IN: 100} if row.booking_free else row.shares,
        )
        for row in sessions
    )


def _follows(first: dt.date, last: dt.date, *, open_on_holidays: bool) -> dict[dt.date, int | None]:
    return {
        day: _weekday_of(holiday)
        for day, holiday in holidays_between(first, last).items()
        if holiday.kind == HolidayKind.MAKE_UP_WORKDAY or not open_on_holidays
    }


def _weekday_of(holiday: Holiday) -> int | None:
    return holiday.follows_weekday if holiday.kind == HolidayKind.MAKE_UP_WORKDAY else None


def _counters(office: Office, first: dt.date, last: dt.date) -> dict[int, list[CounterPlan]]:
    shifts = Prefetch("shifts", CounterShift.objects.standing(first, last))
    plans = defaultdict(list)
    for counter in Counter.objects.filter(office=office, kind__in=SERVING).prefetch_related(shifts):
        plans[counter.line_id].append(plan_of(counter))
    return plans


def plan_of(counter: Counter) -> CounterPlan:
    """The counter with the shifts that were fetched with it: in the order of their entry."""
    return CounterPlan(counter.is_open, tuple(map(_shift, counter.shifts.all())))


def _shift(row: CounterShift) -> Shift:
    return Shift(
        is_open=row.is_open,
        first_day=row.first_day,
        last_day=row.last_day,
        opens=row.from_time or MIDNIGHT_TO_MIDNIGHT[0],
        closes=row.until_time or MIDNIGHT_TO_MIDNIGHT[1],
    )
