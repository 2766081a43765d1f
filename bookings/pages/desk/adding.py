"""Extra walk-in numbers on a day, and the days on which there were some."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.adding import Addition, NoWindowLeft, add_numbers, added_days
from bookings.domain.closing import open_slots_of_day
from bookings.domain.freezing import PlacesFrozen
from bookings.domain.quotas import QuotasRefused
from bookings.forms.ranges import AddNumbersForm
from bookings.models import QuotaChange, Slot
from bookings.pages.desk.gate import Desk, asked_day, asked_line, date_of, desk_page
from offices.domain.permissions import Action
from offices.models import ServiceLine

DAYS_LISTED = dt.timedelta(days=92)
DAYS_AHEAD = dt.timedelta(days=62)


@desk_page(Action.CHANGE_QUOTAS)
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    line, day = asked_line(request, desk), asked_day(request, desk)
    open_ = open_slots_of_day(desk.office, line, day, desk.now) if line else Slot.objects.none()
    slots = open_.select_related("office")
    form = AddNumbersForm(slots, request.POST or None)
    if request.method == "POST" and line and form.is_valid():
        changes = _add(form, desk, line, day)
        if changes:
            _say(request, changes)
            _say_left_out(request, form.addition(desk.office, line, day), desk)
            query = {"date": day.isoformat(), "line": line.code}
            return HttpResponseRedirect(desk.url("desk-add-numbers", **query))
    first = date_of(request, "first") or desk.today - DAYS_LISTED
    last = date_of(request, "last") or desk.today + DAYS_AHEAD
    context = {
        "desk": desk,
        "line": line,
        "lines": desk.lines(),
        "day": day,
        "slots": slots,
        "form": form,
        "first": first,
        "last": last,
        "days": added_days(desk.office, first, last),
        "here": "add-numbers",
    }
    return render(request, "desk/add_numbers.html", context)


def _add(form: AddNumbersForm, desk: Desk, line: ServiceLine, day: dt.date) -> list[QuotaChange]:
    """Empty, with an error in the form, where none could be added."""
    addition = form.addition(desk.office, line, day)
    try:
        return add_numbers(
            addition,
            reason=form.cleaned_data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
    except NoWindowLeft:
        form.add_error(None, _("No window of this day is open any more. Choose another day."))
    except PlacesFrozen as refusal:
        form.add_error(None, refusal.message)
    except QuotasRefused as refused:
        form.add_error(None, refused.refusals[0].message)
    return []


def _say(request: HttpRequest, changes: list[QuotaChange]) -> None:
    added = sum(change.to_capacity - change.from_capacity for change in changes)
    text = ngettext(
        "%(n)s number added. It can be set back under “Changes”.",
        "%(n)s numbers added. They can be set back under “Changes”.",
        added,
    )
    messages.success(request, text % {"n": added})


def _say_left_out(request: HttpRequest, addition: Addition, desk: Desk) -> None:
    frozen = addition.quotas(desk.now).filter(frozen=True).count()
    if frozen:
        text = ngettext(
            "%(n)s window got none: its places on the spot are frozen.",
            "%(n)s windows got none: their places on the spot are frozen.",
            frozen,
        )
        messages.warning(request, text % {"n": frozen})
