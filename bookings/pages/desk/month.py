"""A month of a line, or of all lines: each day with its load, its tags and the way into it."""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.domain.forecast import seasons_over
from bookings.domain.load import DayTotal, day_totals, of_line
from bookings.pages.desk.gate import Desk, desk_page
from bookings.wording import weekday_names
from offices.domain.calendar import holidays_between
from offices.domain.permissions import Action
from offices.models import Holiday, Season, ServiceLine

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the sheet; `inside` says whether it belongs to the month."""

    date: dt.date
    inside: bool
    total: DayTotal | None
    holiday: Holiday | None
    seasons: tuple[Season, ...]


@desk_page(Action.SEE_DESK)
@require_safe
def month(request: HttpRequest, desk: Desk) -> HttpResponse:
    first = _asked_month(request) or desk.today.replace(day=1)
    lines = desk.lines()
    line = next((one for one in lines if one.code == request.GET.get("line")), None)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    context = {
        "desk": desk,
        "first": first,
        "month_before": first - ONE_DAY,
        "month_after": first + dt.timedelta(days=31),
        "lines": lines,
        "line": line,
        "weekdays": weekday_names(),
        "weeks": _sheet(desk, line, first, weeks),
        "here": "month",
    }
    return render(request, "desk/month.html", context)


def _asked_month(request: HttpRequest) -> dt.date | None:
    """`month` of the query as 2026-08; None where it's missing or no month of this century."""
    try:
        first = dt.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return None
    return first if 2000 <= first.year < 2100 else None


def _sheet(
    desk: Desk, line: ServiceLine | None, first: dt.date, weeks: Sequence[Sequence[dt.date]]
) -> list[list[MonthDay]]:
    """Six queries and one for each bureau above, whatever the number of windows."""
    start, end = weeks[0][0], weeks[-1][-1]
    totals = of_line(day_totals(desk.office, start, end, desk.now), line.pk if line else None)
    holidays = holidays_between(start, end)
    seasons = _by_day(seasons_over(desk.office.bureau, start, end, line), start, end)
    return [
        [
            MonthDay(
                day,
                day.month == first.month,
                totals.get(day),
                holidays.get(day),
                seasons.get(day, ()),
            )
            for day in week
        ]
        for week in weeks
    ]


def _by_day(
    seasons: Sequence[Season], first: dt.date, last: dt.date
) -> Mapping[dt.date, tuple[Season, ...]]:
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {
        day: tuple(one for one in seasons if one.first_day <= day <= one.last_day) for day in days
    }
