"""One change over many windows: first what it makes of each, then all of it in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.quotas import QuotasRefused
from bookings.domain.ranges import Step, change_range, plan_range
from bookings.enums import RangeVerb
from bookings.forms.desk import ReasonForm
from bookings.forms.ranges import RangeForm, read_versions, write_versions
from bookings.pages.desk.gate import Desk, asked_day, asked_line, desk_page
from offices.domain.permissions import Action
from offices.enums import Pool


@dataclass(frozen=True)
class Totals:
    """Places of one pool over the range: as they are, as they would be, and taken ones."""

    pool: str
    before: int
    after: int
    taken: int


@desk_page(Action.CHANGE_QUOTAS)
def change_of_range(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = _form(request, desk)
    reason = ReasonForm(request.POST or None)
    planned = form.is_bound and form.is_valid()
    if planned and reason.is_bound and reason.is_valid() and _save(request, desk, form, reason):
        return HttpResponseRedirect(desk.url("desk-history"))
    steps = plan_range(form.which(desk.office), form.change(), desk.now) if planned else []
    changing = [step for step in steps if step.changes]
    context = {
        "desk": desk,
        "range": form,
        "reason": reason,
        "form": reason if reason.errors else form,
        "planned": planned,
        "freezes": planned and form.change().freezes,
        "steps": steps,
        "changing": len(changing),
        "refused": sum(step.refused for step in steps),
        "totals": _totals(steps),
        "seen": write_versions(step.quota for step in changing),
        "here": "range",
    }
    return render(request, "desk/range.html", context)


def _form(request: HttpRequest, desk: Desk) -> RangeForm:
    if "verb" in request.GET:
        return RangeForm(desk.lines(), request.GET)
    day, line = asked_day(request, desk), asked_line(request, desk)
    initial = {
        "line": line.code if line else "",
        "pools": [Pool.ONLINE],
        "first": day,
        "last": day,
        "verb": RangeVerb.PERCENT,
    }
    return RangeForm(desk.lines(), initial=initial)


def _save(request: HttpRequest, desk: Desk, form: RangeForm, reason: ReasonForm) -> bool:
    try:
        changed = change_range(
            form.which(desk.office),
            form.change(),
            read_versions(request.POST.get("seen", "")),
            reason=reason.cleaned_data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
    except QuotasRefused as refused:
        reason.add_error(None, _not_as_planned(len(refused.refusals)))
        return False
    if not changed:
        reason.add_error(None, _("Nothing would change, so nothing was saved."))
        return False
    text = ngettext(
        "%(n)s number changed in one go. “Set back” undoes it.",
        "%(n)s numbers changed in one go. “Set back” undoes all of them.",
        changed,
    )
    messages.success(request, text % {"n": changed})
    return True


def _not_as_planned(count: int) -> str:
    text = ngettext(
        "%(n)s number has changed since you looked, so nothing was saved. "
        "The list below is as things are now; save again if you still want to.",
        "%(n)s numbers have changed since you looked, so nothing was saved. "
        "The list below is as things are now; save again if you still want to.",
        count,
    )
    return text % {"n": count}


def _totals(steps: Sequence[Step]) -> list[Totals]:
    return [_total(str(pool.label), of_pool) for pool in Pool if (of_pool := _of_pool(steps, pool))]


def _of_pool(steps: Iterable[Step], pool: str) -> list[Step]:
    return [step for step in steps if step.quota.pool == pool]


def _total(label: str, steps: Sequence[Step]) -> Totals:
    before = sum(step.quota.capacity for step in steps)
    gained = sum(step.capacity - step.quota.capacity for step in steps if step.changes)
    return Totals(label, before, before + gained, sum(step.taken for step in steps))
