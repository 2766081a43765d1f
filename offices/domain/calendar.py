"""Public holidays, make-up workdays and working days (domain.md D)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from chinese_calendar.constants import Holiday as Feast
from chinese_calendar.constants import holidays as days_off
from chinese_calendar.constants import workdays as make_up_days
from django.db import transaction

from offices.enums import HolidayKind
from offices.models import Holiday

SATURDAY, SUNDAY = 5, 6
ONE_DAY = dt.timedelta(days=1)

# The statutory days, computed: how the State Council arranges 2027 around them isn't known yet.
STATUTORY = {
    2027: {
        Feast.new_years_day: ["01-01"],
        Feast.spring_festival: ["02-05", "02-06", "02-07", "02-08"],
        Feast.tomb_sweeping_day: ["04-05"],
        Feast.labour_day: ["05-01", "05-02"],
        Feast.dragon_boat_festival: ["06-09"],
        Feast.mid_autumn_festival: ["09-15"],
        Feast.national_day: ["10-01", "10-02", "10-03"],
    }
}
YEARS = (2025, 2026, 2027)


def holidays_between(first: dt.date, last: dt.date) -> dict[dt.date, Holiday]:
    """Holidays and make-up workdays of these days, both included. One query."""
    return {h.date: h for h in Holiday.objects.filter(date__range=(first, last))}


def collection_date(days: Iterable[int | None], accepted: dt.date) -> dt.date | None:
    """When documents that take so many working days each can all be collected: with the last.

    None where one of them takes a time that isn't fixed, or nothing is made. One query
    (HB-24, HB-25).
    """
    known = list(days)
    if not known or None in known:
        return None
    return add_working_days(accepted, max(count or 0 for count in known))


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday without holidays, and make-up workdays. Offices may open on other days."""
    return _is_working_day(day, holidays_between(day, day))


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The day on which `count` working days have passed; `day` itself is not counted.

    Source: 行政许可法 art. 82.
    """
    # Five days of a week are worked; the margin covers the longest holiday.
    holidays = holidays_between(day, day + dt.timedelta(days=2 * count + 30))
    while count > 0:
        day += ONE_DAY
        count -= _is_working_day(day, holidays)
    return day


def _is_working_day(day: dt.date, holidays: Mapping[dt.date, Holiday]) -> bool:
    if day in holidays:
        return holidays[day].kind == HolidayKind.MAKE_UP_WORKDAY
    return day.weekday() < SATURDAY


def import_holidays(year: int) -> int:
    """Load a year: announced where the kept library knows it, otherwise provisional.

    What a provisional year had and the announcement doesn't have is removed. Returns the number
    of days. Raises LookupError for a year that nobody knows.
    """
    days = _announced(year) or _provisional(year)
    with transaction.atomic():
        Holiday.objects.filter(date__year=year, provisional=True).exclude(date__in=days).delete()
        known = holidays_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
        for day, values in days.items():
            _write(known.get(day) or Holiday(date=day), values)
    return len(days)


def _write(holiday: Holiday, values: dict[str, Any]) -> None:
    """Saved one by one, and only if changed: what listens to a changed calendar hears of it."""
    if any(getattr(holiday, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(holiday, name, value)
        holiday.save()


def _announced(year: int) -> dict[dt.date, dict[str, Any]]:
    kinds = {HolidayKind.HOLIDAY: days_off, HolidayKind.MAKE_UP_WORKDAY: make_up_days}
    return {
        day: _values(Feast(feast), kind, provisional=False)
        for kind, days in kinds.items()
        for day, feast in days.items()
        if day.year == year
    }


def _provisional(year: int) -> dict[dt.date, dict[str, Any]]:
    if year not in STATUTORY:
        raise LookupError(f"No holidays are known for {year}.")
    return {
        dt.date.fromisoformat(f"{year}-{day}"): _values(
            feast, HolidayKind.HOLIDAY, provisional=True
        )
        for feast, days in STATUTORY[year].items()
        for day in days
    }


def _values(feast: Feast, kind: HolidayKind, *, provisional: bool) -> dict[str, Any]:
    return {
        "name": feast.chinese,
        "name_en": feast.value,
        "kind": kind,
        "provisional": provisional,
    }
