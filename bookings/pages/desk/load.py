"""How full the office is: by weekday and hour, by day, and before and after a change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.charts.columns import Column, columns
from bookings.charts.heat import Cell, heat_map
from bookings.domain.load import Demand, Fill, demand_by_day, fill_by_hour
from bookings.pages.desk.gate import Desk, date_of, desk_page
from offices.domain.permissions import Action
from offices.models import ServiceLine
from offices.models.calendar import WEEKDAYS
from offices.wording import say_day

WEEKS_SHOWN = 4
# A chart of more days can't be read, and a report of more is asked for by month.
MOST_DAYS = 186
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A weekday, with a Fill or None for each hour, and all its hours together."""

    name: str
    fills: list[Fill | None]
    total: Fill


@desk_page(Action.SEE_REPORTS)
@require_safe
def load(request: HttpRequest, desk: Desk) -> HttpResponse:
    first, last = asked_range(request, desk)
    lines = desk.lines()
    line = next((one for one in lines if one.code == request.GET.get("line")), None)
    fills = fill_by_hour(desk.office, first, last, line)
    hours = _hours(fills)
    days = demand_by_day([desk.office], first, last)
    context = {
        "desk": desk,
        "first": first,
        "last": last,
        "lines": lines,
        "line": line,
        "hours": [f"{hour}:00" for hour in hours],
        "heat": _heat_rows(fills, hours),
        "heat_map": _heat_map(fills, hours, line) if fills else "",
        "days": days,
        "chart": demand_chart(days) if days else "",
        "here": "load",
    }
    return render(request, "desk/load.html", context)


def asked_range(request: HttpRequest, desk: Desk) -> tuple[dt.date, dt.date]:
    """`first` and `last` of the query, in order; the four weeks that end today without them."""
    last = date_of(request, "last") or desk.today
    first = date_of(request, "first") or last - dt.timedelta(weeks=WEEKS_SHOWN) + ONE_DAY
    first, last = min(first, last), max(first, last)
    return max(first, last - dt.timedelta(days=MOST_DAYS - 1)), last


def demand_chart(days: Sequence[Demand]) -> SafeString:
    return columns(
        _("People against places by day"),
        [_column(day) for day in days],
        parts=[_("With a booking"), _("Without a booking")],
        room=_("Places"),
        over=_("More people than places"),
    )


def _column(day: Demand) -> Column:
    title = _("%(day)s: %(people)s people, %(places)s places") % {
        "day": say_day(day.date),
        "people": day.people,
        "places": day.places,
    }
    label = f"{day.date.month}-{day.date.day}"
    parts = day.booked, day.walk_ins
    return Column(label, parts, day.places, title, over=day.people > day.places)


def _hours(fills: Mapping[tuple[int, int], Fill]) -> list[int]:
    """From the first to the last hour at which anything begins."""
    found = {hour for _weekday, hour in fills}
    return list(range(min(found), max(found) + 1)) if found else []


def _heat_rows(fills: Mapping[tuple[int, int], Fill], hours: Sequence[int]) -> list[HeatRow]:
    return [
        HeatRow(
            name,
            [fills.get((weekday, hour)) for hour in hours],
            sum((fill for (day, _hour), fill in fills.items() if day == weekday), Fill()),
        )
        for weekday, name in enumerate(_weekdays())
    ]


def _heat_map(
    fills: Mapping[tuple[int, int], Fill], hours: Sequence[int], line: ServiceLine | None
) -> SafeString:
    names = _weekdays()
    cells = {
        (weekday, hour - hours[0]): Cell(
            fill.level,
            f"{fill.percent}%",
            f"{names[weekday]} {hour}:00 · {fill.taken}/{fill.capacity}",
        )
        for (weekday, hour), fill in fills.items()
    }
    label = _("Places taken by weekday and hour: %(line)s") % {
        "line": line.label if line else _("All lines")
    }
    return heat_map(label, names, [f"{hour}:00" for hour in hours], cells, _levels())


def _weekdays() -> list[str]:
    return [str(name) for _number, name in WEEKDAYS]


def _levels() -> list[tuple[str, str]]:
    return [("plenty", _("Plenty")), ("some", _("Some")), ("few", _("Few")), ("full", _("Full"))]
