"""What the coming days will bring, against what is planned for them (JJ-04, FS-08)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.charts.columns import Column, columns
from bookings.domain.forecast import WEEKS, DayForecast, Outcome, forecast_of, seasons_over
from bookings.pages.desk.gate import Desk, date_of, desk_page
from offices.domain.permissions import Action
from offices.models import Bureau, Office, Season
from offices.wording import say_day

DAYS_SHOWN = 14
# Seasons are looked at so long before, and nothing is forecast for later than a year.
SEASONS_AHEAD = dt.timedelta(days=93)
LATEST = dt.timedelta(days=366)
MOST_DAYS = 93
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeasonAhead:
    """A season and what is left of it to come, as it is forecast."""

    season: Season
    outcome: Outcome


@desk_page(Action.SEE_REPORTS)
@require_safe
def forecast(request: HttpRequest, desk: Desk) -> HttpResponse:
    office = desk.office
    outlook = looked_ahead(request, [office], office.bureau, desk.today, desk.now)
    return render(request, "desk/forecast.html", {"desk": desk, **outlook, "here": "forecast"})


def looked_ahead(
    request: HttpRequest,
    offices: Collection[Office],
    bureau: Bureau,
    today: dt.date,
    now: dt.datetime,
) -> dict[str, object]:
    """What includes/forecast.html shows: the days asked for, and the seasons to come."""
    tomorrow, first, last = today + ONE_DAY, *_asked_days(request, today)
    until = max(last, today + SEASONS_AHEAD)
    whole = forecast_of(offices, bureau, tomorrow, until, now) if offices else Outcome(())
    outcome = whole.between(first, last)
    return {
        "first": first,
        "last": last,
        "outcome": outcome,
        "seasons": [
            SeasonAhead(season, whole.between(season.first_day, season.last_day))
            for season in seasons_over(bureau, tomorrow, today + SEASONS_AHEAD)
        ],
        "weeks": WEEKS,
        "chart": _chart(outcome.days) if outcome.days else "",
    }


def _asked_days(request: HttpRequest, today: dt.date) -> tuple[dt.date, dt.date]:
    """`first` and `last` of the query, from tomorrow on; the next two weeks without them."""
    tomorrow, latest = today + ONE_DAY, today + LATEST
    first = min(max(date_of(request, "first") or tomorrow, tomorrow), latest)
    last = date_of(request, "last") or first + (DAYS_SHOWN - 1) * ONE_DAY
    return first, min(max(first, last), first + (MOST_DAYS - 1) * ONE_DAY, latest)


def _chart(days: Sequence[DayForecast]) -> SafeString:
    return columns(
        _("Expected people against planned places by day"),
        [_column(day) for day in days],
        parts=[_("Expected people")],
        room=_("Planned places"),
        over=_("More expected than planned"),
    )


def _column(day: DayForecast) -> Column:
    expected = day.expected or 0
    title = _("%(day)s: %(expected)s expected, %(planned)s planned") % {
        "day": say_day(day.date),
        "expected": expected,
        "planned": day.planned,
    }
    label = f"{day.date.month}-{day.date.day}"
    return Column(label, (expected,), day.planned, title, over=bool(day.short))
