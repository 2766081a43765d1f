"""The duty roster of an office: a month, who is down for each day, and who is missing."""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.forms.roster import CopyWeekForm, DutyForm, OffDutyForm
from bookings.forms.typed import whole_number
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.calendar import holidays_between
from offices.domain.permissions import Action
from offices.domain.roster import (
    Gap,
    copy_week,
    duties_between,
    gaps,
    put_on_duty,
    take_off_duty,
)
from offices.enums import DutyRole
from offices.models import Duty, Holiday

Forms = dict[str, forms.Form]


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the month; `duties` by role, in the order of the roles."""

    date: dt.date
    holiday: Holiday | None
    duties: list[list[Duty]]
    gaps: list[Gap]


@desk_page(Action.KEEP_ROSTER)
def roster(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`?month=2026-08` shows another month, `?off=` asks why somebody is taken off."""
    month = _asked_month(request, desk)
    shown: Forms = {}
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        if act(request, desk, shown):
            return HttpResponseRedirect(desk.url("desk-roster", month=f"{month:%Y-%m}"))
    return render(request, "desk/roster.html", _context(request, desk, month, shown))


def _context(request: HttpRequest, desk: Desk, month: dt.date, shown: Forms) -> dict[str, Any]:
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    missing = gaps(desk.office, month, last)
    off = _asked_duty(request, desk)
    return {
        "desk": desk,
        "month": month,
        "before": (month - dt.timedelta(days=1)).replace(day=1),
        "after": last + dt.timedelta(days=1),
        "roles": DutyRole.labels,
        "days": _days(desk, month, last, missing),
        "gaps": missing,
        "add": shown.get("add") or DutyForm(initial={"first_day": max(month, desk.today)}),
        "copy": shown.get("copy") or CopyWeekForm(initial={"source": desk.today}),
        "off": off,
        "off_form": shown.get("off") or OffDutyForm(initial={"duty": off.pk if off else None}),
        "form": next(iter(shown.values()), None),
        "here": "roster",
    }


def _days(desk: Desk, first: dt.date, last: dt.date, missing: list[Gap]) -> list[Day]:
    duties, holidays = duties_between(desk.office, first, last), holidays_between(first, last)
    dates = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        Day(
            date,
            holidays.get(date),
            [[duty for duty in duties[date] if duty.role == role] for role in DutyRole],
            [gap for gap in missing if gap.date == date],
        )
        for date in dates
    ]


def _asked_month(request: HttpRequest, desk: Desk) -> dt.date:
    try:
        month = dt.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return desk.today.replace(day=1)
    return month if 2000 <= month.year < 2100 else desk.today.replace(day=1)


def _asked_duty(request: HttpRequest, desk: Desk) -> Duty | None:
    pk = whole_number(request.POST.get("duty") or request.GET.get("off", ""))
    return Duty.objects.filter(office=desk.office, pk=pk).first() if pk else None


def _add(request: HttpRequest, desk: Desk, shown: Forms) -> bool:
    form = shown["add"] = DutyForm(request.POST)
    if not form.is_valid():
        return False
    data = form.cleaned_data
    added = put_on_duty(desk.office, form.days(), data["role"], data["name"], account=desk.account)
    _say_added(request, added)
    return True


def _copy(request: HttpRequest, desk: Desk, shown: Forms) -> bool:
    form = shown["copy"] = CopyWeekForm(request.POST)
    if not form.is_valid():
        return False
    source, target = form.cleaned_data["source"], form.cleaned_data["target"]
    _say_added(request, copy_week(desk.office, source, target, account=desk.account))
    return True


def _take_off(request: HttpRequest, desk: Desk, shown: Forms) -> bool:
    form = shown["off"] = OffDutyForm(request.POST)
    if not form.is_valid():
        return False
    duty = get_object_or_404(Duty, office=desk.office, pk=form.cleaned_data["duty"])
    take_off_duty(duty, reason=form.cleaned_data["reason"], account=desk.account, now=desk.now)
    messages.success(request, _("%(name)s was taken off the roster.") % {"name": duty.name})
    return True


_ACTS: dict[str, Callable[[HttpRequest, Desk, Forms], bool]] = {
    "add": _add,
    "copy": _copy,
    "off": _take_off,
}


def _say_added(request: HttpRequest, added: int) -> None:
    text = ngettext("%(count)s duty was added.", "%(count)s duties were added.", added)
    messages.success(request, text % {"count": added})
