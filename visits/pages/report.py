"""What the visits of an office add up to."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.pages.desk.gate import Desk, date_of, desk_page
from offices.domain.permissions import Action
from visits.domain.reports import numbers_of, one_visit

DAYS_SHOWN = 7


@desk_page(Action.SEE_REPORTS)
@require_safe
def visits(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`?first=&last=`; by default the last week."""
    last = date_of(request, "last") or desk.today
    first = date_of(request, "first") or last - dt.timedelta(days=DAYS_SHOWN - 1)
    context = {
        "desk": desk,
        "first": first,
        "last": last,
        "once": one_visit(desk.office, first, last),
        "numbers": numbers_of(desk.office, first, last),
        "here": "visits",
    }
    return render(request, "visits/report.html", context)
