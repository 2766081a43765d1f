"""Counters open, shut or are added: first what it does to the windows, then with a reason."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.counters import (
    add_counters,
    foresee_new,
    foresee_shift,
    foresee_withdrawal,
    open_counters,
    shut_counters,
    withdraw_shift,
)
from bookings.domain.effects import PlacesEffect
from bookings.domain.publishing import ConflictKind, PublishReport
from bookings.forms.counters import NewCountersForm, ShiftForm, WhenForm
from bookings.forms.desk import ReasonForm
from bookings.pages.conflicts import warn_of_conflicts
from bookings.pages.desk.counters import fixed_hours
from bookings.pages.desk.gate import Desk, desk_page
from bookings.wording import say_hours
from offices.domain.permissions import Action
from offices.models import CounterShift, ServiceLine


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that was typed and isn't saved yet."""

    lines: frozenset[ServiceLine]
    foresee: Callable[[], list[PlacesEffect]]
    # Takes the reason, the actor and the moment.
    carry_out: Callable[..., PublishReport]


@dataclass(frozen=True, slots=True)
class EffectRow:
    day: dt.date
    hours: str
    line: str
    effect: PlacesEffect


@desk_page(Action.PLAN_HOURS)
def change(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open or shut some counters for some days or hours."""
    initial = {"state": request.GET.get("state"), "counters": request.GET.getlist("counters")}
    form = ShiftForm(desk.office, desk.today, _typed(request), initial=initial)
    proposal = None
    if form.is_valid():
        chosen, when = form.chosen(), form.when()
        proposal = Proposal(
            frozenset(counter.line for counter in chosen),
            partial(foresee_shift, chosen, form.is_open, when, desk.now),
            partial(open_counters if form.is_open else shut_counters, chosen, when),
        )
    return _consider(request, desk, proposal, {"title": _("Open or shut counters"), "wanted": form})


@desk_page(Action.PLAN_HOURS)
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Further counters of a line, open for some days or from now on."""
    form = NewCountersForm(desk.office, desk.today, _typed(request))
    proposal = None
    if form.is_valid():
        new, when = form.new(), form.when()
        proposal = Proposal(
            frozenset([new.line]),
            partial(foresee_new, new, when, desk.now),
            partial(add_counters, new, when),
        )
    return _consider(request, desk, proposal, {"title": _("Add counters"), "wanted": form})


@desk_page(Action.PLAN_HOURS)
def withdraw(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take back what was entered about a counter."""
    standing = CounterShift.objects.standing(desk.today).filter(counter__office=desk.office)
    related = ("counter__line", "counter__office", "created_by")
    shift = get_object_or_404(standing.select_related(*related), pk=pk)
    proposal = Proposal(
        frozenset([shift.counter.line]),
        partial(foresee_withdrawal, shift, desk.now),
        partial(withdraw_shift, shift),
    )
    return _consider(request, desk, proposal, {"title": _("Take it back?"), "shift": shift})


def _consider(
    request: HttpRequest, desk: Desk, proposal: Proposal | None, more: dict[str, object]
) -> HttpResponse:
    """Shows what the proposal does to the windows; carries it out once there is a reason."""
    reason = ReasonForm(request.POST or None)
    if proposal and reason.is_bound and reason.is_valid():
        because = reason.cleaned_data["reason"]
        _say(request, proposal.carry_out(reason=because, actor=desk.actor, now=desk.now))
        return HttpResponseRedirect(desk.url("desk-counters"))
    wanted = more.get("wanted")
    context = {
        "desk": desk,
        "reason": reason,
        "form": reason if proposal and reason.errors else wanted,
        "asked": _asked(request, wanted) if isinstance(wanted, WhenForm) else [],
        "here": "counters",
        **(_preview(desk, proposal) if proposal else {}),
        **more,
    }
    return render(request, "desk/counters_change.html", context)


def _preview(desk: Desk, proposal: Proposal) -> dict[str, object]:
    effects = proposal.foresee()
    return {
        "rows": _rows(effects, desk, proposal.lines),
        "changing": sum(effect.changes for effect in effects),
        "edited": sum(effect.edited for effect in effects),
        "in_the_way": sum(effect.bookings > 0 for effect in effects),
        "fixed": fixed_hours(desk, proposal.lines),
        "previewed": True,
    }


def _rows(
    effects: Iterable[PlacesEffect], desk: Desk, lines: Iterable[ServiceLine]
) -> list[EffectRow]:
    labels = {line.pk: line.label for line in lines}
    zone = desk.office.zone
    return [
        EffectRow(
            desk.office.local_date(effect.starts_at),
            say_hours(effect.starts_at, effect.ends_at, zone),
            labels.get(effect.line_id, ""),
            effect,
        )
        for effect in effects
    ]


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was typed: nothing before somebody asks to see what changes."""
    return request.POST or (request.GET if "preview" in request.GET else None)


def _asked(request: HttpRequest, form: WhenForm) -> list[tuple[str, str]]:
    """What was typed, to come along with the reason."""
    typed = _typed(request) or QueryDict()
    return [(name, str(value)) for name in form.fields for value in typed.getlist(name)]


def _say(request: HttpRequest, report: PublishReport) -> None:
    text = ngettext(
        "The counters are saved. %(count)s window follows.",
        "The counters are saved. %(count)s windows follow.",
        report.changed,
    )
    if not report.changed:
        text = _("The counters are saved. No published window changes.")
    messages.success(request, text % {"count": report.changed})
    kept = sum(conflict.kind == ConflictKind.BELOW_TAKEN for conflict in report.conflicts)
    warn_of_conflicts(request, kept)
