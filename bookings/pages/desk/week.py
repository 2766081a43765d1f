"""Seven days of every line at a glance, each a way into its day."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.domain.load import day_totals
from bookings.pages.desk.gate import Desk, asked_day, desk_page
from offices.domain.permissions import Action

DAYS = 7


@desk_page(Action.SEE_DESK)
@require_safe
def week(request: HttpRequest, desk: Desk) -> HttpResponse:
    date = asked_day(request, desk)
    monday = date - dt.timedelta(days=date.weekday())
    days = [monday + dt.timedelta(days=n) for n in range(DAYS)]
    lines = desk.lines()
    totals = day_totals(desk.office, days[0], days[-1], desk.now)
    context = {
        "desk": desk,
        "days": days,
        "rows": [(line, [totals.get((line.pk, day)) for day in days]) for line in lines],
        "week_before": monday - dt.timedelta(days=DAYS),
        "week_after": monday + dt.timedelta(days=DAYS),
        "here": "week",
    }
    return render(request, "desk/week.html", context)
