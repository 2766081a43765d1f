"""A year's public holidays and make-up workdays: which they are, and who is open on them."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookings.domain.booked_days import bookings_by_day
from bookings.forms.calendar import CalendarForm
from bookings.forms.typed import whole_number
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from bookings.pages.desk.table import csv_response
from offices.domain.calendar import holidays_between
from offices.domain.calendar_file import (
    COLUMNS,
    FIRST_YEAR,
    LAST_YEAR,
    CalendarChange,
    compare,
    import_days,
)
from offices.domain.openness import offices_open
from offices.domain.organisation import offices_below
from offices.domain.permissions import Action
from offices.enums import HolidayKind
from offices.models import Holiday, Office

CHANGE, PUBLISH = "change", "publish"


@dataclass(frozen=True, slots=True)
class DayRow:
    """Whether it is a working day, and which offices are open: two facts."""

    holiday: Holiday
    is_working_day: bool
    open_offices: list[Office]


@bureau_page(Action.PLAN_HOURS)
def calendar(request: HttpRequest, desk: BureauDesk) -> HttpResponseBase:
    year = _asked_year(request, desk)
    holidays = holidays_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    if request.GET.get("format") == "csv":
        return csv_response(f"calendar-{year}.csv", COLUMNS, map(_cells, holidays.values()))
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _only_at_the_top(desk)
        if form.is_valid() and request.POST.get("step") != CHANGE:
            return _preview_or_publish(request, desk, form)
    below = offices_below(desk.bureau).filter(is_active=True, is_training=False)
    offices = list(below.select_related("bureau__parent__parent"))
    context = {
        "desk": desk,
        "year": year,
        "rows": _rows(offices, holidays),
        "office_count": len(offices),
        "provisional": any(holiday.provisional for holiday in holidays.values()),
        "columns": ",".join(COLUMNS),
        "kinds": HolidayKind.choices,
        "form": form,
        "here": "calendar",
    }
    return render(request, "bureau/calendar.html", context)


def _preview_or_publish(request: HttpRequest, desk: BureauDesk, form: CalendarForm) -> HttpResponse:
    if request.POST.get("step") == PUBLISH:
        reason = form.cleaned_data["reason"]
        change = import_days(
            form.days, desk.bureau, reason=reason, account=desk.account, now=desk.now
        )
        messages.success(request, _said(change))
        return HttpResponseRedirect(f"{desk.url('bureau-calendar')}?year={form.days[-1].date.year}")
    change = compare(form.days)
    context = {
        "desk": desk,
        "change": change,
        "booked": sorted(bookings_by_day(desk.offices, change.days_off()).items()),
        "typed": [("text", form.cleaned_data["text"]), ("reason", form.cleaned_data["reason"])],
        "here": "calendar",
    }
    return render(request, "bureau/calendar_preview.html", context)


def _only_at_the_top(desk: BureauDesk) -> None:
    """All bureaus work by one calendar: those below another one read it."""
    if desk.bureau.parent_id is not None:
        raise PermissionDenied


def _rows(offices: list[Office], holidays: dict[dt.date, Holiday]) -> list[DayRow]:
    is_open = offices_open(offices, holidays)
    return [
        DayRow(holiday, holiday.kind == HolidayKind.MAKE_UP_WORKDAY, is_open[day])
        for day, holiday in sorted(holidays.items())
    ]


def _cells(holiday: Holiday) -> list[object]:
    cells = [getattr(holiday, name) for name in COLUMNS]
    return ["yes" if cell is True else "no" if cell is False else cell for cell in cells]


def _asked_year(request: HttpRequest, desk: BureauDesk) -> int:
    year = whole_number(request.GET.get("year", "")) or desk.today.year
    return year if FIRST_YEAR <= year <= LAST_YEAR else desk.today.year


def _said(change: CalendarChange) -> str:
    return _(
        "The calendar is taken over: %(added)s days new, %(changed)s changed, %(removed)s removed. "
        "The windows of all offices follow within a minute."
    ) % {
        "added": len(change.added),
        "changed": len(change.changed),
        "removed": len(change.removed),
    }
