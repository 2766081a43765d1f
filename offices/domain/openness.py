"""Which offices are open on a day. Whether it is a working day is another fact (domain.md D)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from offices.domain.policy import policy_for
from offices.domain.timetable import SERVING
from offices.domain.weekly import days_of
from offices.enums import HolidayKind
from offices.models import Closure, Holiday, Office, OpeningHours, Session


def offices_open(
    offices: Sequence[Office], holidays: Mapping[dt.date, Holiday]
) -> dict[dt.date, list[Office]]:
    """For each of these holidays and make-up workdays, the offices that serve on it.

    They hold a session, or have weekly hours that hold on it. Three queries.
    """
    if not holidays:
        return {}
    held = _sessions(offices, holidays)
    rules = _rules(offices)
    closed = _closed(offices, min(holidays), max(holidays))
    works_on = {office.pk: policy_for(office).open_on_holidays for office in offices}
    return {
        day: [
            office
            for office in offices
            if (office.pk, day) in held
            or (
                not any(_is_closed(closure, day) for closure in closed[office.pk])
                and _has_hours(rules[office.pk], holiday, on_holidays=works_on[office.pk])
            )
        ]
        for day, holiday in holidays.items()
    }


def _is_closed(closure: Closure, day: dt.date) -> bool:
    return closure.first_day <= day <= closure.last_day


def _has_hours(rules: Iterable[OpeningHours], holiday: Holiday, *, on_holidays: bool) -> bool:
    if holiday.kind == HolidayKind.MAKE_UP_WORKDAY:
        weekday = holiday.follows_weekday
    elif on_holidays:
        weekday = holiday.date.weekday()
    else:
        return False
    return any(rule.weekday == weekday and holiday.date in days_of(rule) for rule in rules)


def _sessions(offices: Sequence[Office], days: Iterable[dt.date]) -> set[tuple[int, dt.date]]:
    sessions = Session.objects.filter(office__in=offices, date__in=list(days))
    return set(sessions.values_list("office_id", "date"))


def _rules(offices: Sequence[Office]) -> dict[int, list[OpeningHours]]:
    rules: dict[int, list[OpeningHours]] = defaultdict(list)
    for rule in OpeningHours.objects.filter(office__in=offices, kind__in=SERVING):
        rules[rule.office_id].append(rule)
    return rules


def _closed(offices: Sequence[Office], first: dt.date, last: dt.date) -> dict[int, list[Closure]]:
    """Closures of whole days and all lines."""
    whole = Q(line=None, from_time=None, first_day__lte=last, last_day__gte=first)
    closures: dict[int, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(whole, office__in=offices):
        closures[closure.office_id].append(closure)
    return closures
