"""A whole day closed, and opened again."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext

from bookings.domain.closing import close_day, open_slots_of_day, reopen_day
from bookings.domain.in_the_way import bookings_of_slots
from bookings.forms.desk import CloseForm, ReasonForm
from bookings.pages.desk.conflicts import default_offer
from bookings.pages.desk.gate import Desk, asked_day, asked_line, desk_page
from bookings.pages.desk.slot import closed_message, to_decide
from offices.domain.permissions import Action
from offices.models import Closure, ServiceLine

ALL_LINES = "all"


@desk_page(Action.CLOSE_WINDOWS)
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Shows which windows and people it concerns, then closes the day for a line or for all."""
    date = asked_day(request, desk)
    every_line = (request.POST.get("line") or request.GET.get("line")) == ALL_LINES
    line = None if every_line else asked_line(request, desk)
    form = CloseForm(request.POST or None, initial={"notice": default_offer()})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        kept = close_day(desk.office, line, date, reason=reason, actor=desk.actor, now=desk.now)
        messages.success(request, closed_message(desk, form, kept))
        if to_decide(kept):
            return HttpResponseRedirect(desk.url("desk-conflicts", date=date.isoformat()))
        return HttpResponseRedirect(way_to_day(desk, date, line))
    slots = open_slots_of_day(desk.office, line, date, desk.now)
    context = {
        "desk": desk,
        "here": "day",
        "day": date,
        "line": line,
        "lines": desk.lines(),
        "slots": slots.count(),
        "bookings": bookings_of_slots(slots.values_list("pk", flat=True), desk.now),
        "form": form,
    }
    return render(request, "desk/close_day.html", context)


@desk_page(Action.CLOSE_WINDOWS)
def reopen(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure, office=desk.office, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day, line = closure.first_day, closure.line
        reason = form.cleaned_data["reason"]
        opened = reopen_day(closure, reason=reason, actor=desk.actor, now=desk.now)
        text = ngettext("%(n)s window is open again.", "%(n)s windows are open again.", len(opened))
        messages.success(request, text % {"n": len(opened)})
        return HttpResponseRedirect(way_to_day(desk, day, line))
    context = {"desk": desk, "closure": closure, "form": form, "here": "day"}
    return render(request, "desk/reopen_day.html", context)


def way_to_day(desk: Desk, day: dt.date, line: ServiceLine | None) -> str:
    return desk.url("desk-day", date=day.isoformat(), line=line.code if line else "")
