"""Share out the places of a day anew: first the shares, then what they make of each window."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.quotas import QuotasRefused
from bookings.domain.splitting import SlotSplit, plan_split, split_day
from bookings.forms.desk import ReasonForm, SharesForm
from bookings.pages.desk.days import way_to_day
from bookings.pages.desk.gate import Desk, asked_day, asked_line, desk_page
from bookings.pages.desk.slot import seen_versions
from offices.domain.permissions import Action
from offices.domain.policy import policy_for
from offices.enums import Pool
from offices.models import ServiceLine


@dataclass(frozen=True)
class _Asked:
    """The day and line, and the shares once they have been typed and add up."""

    desk: Desk
    line: ServiceLine
    date: dt.date
    form: SharesForm

    def plans(self) -> list[SlotSplit]:
        if not self.form.is_bound or not self.form.is_valid():
            return []
        shares = self.form.shares()
        return plan_split(self.desk.office, self.line, self.date, shares, self.desk.now)


@desk_page(Action.CHANGE_QUOTAS)
def split(request: HttpRequest, desk: Desk) -> HttpResponse:
    line, date = asked_line(request, desk), asked_day(request, desk)
    if line is None:
        return HttpResponseRedirect(desk.url("desk-day", date=date.isoformat()))
    asked = _Asked(desk, line, date, _shares_form(request, desk))
    reason = ReasonForm(request.POST or None)
    plans = asked.plans()
    if plans and reason.is_bound and reason.is_valid() and _save(request, asked, reason):
        return HttpResponseRedirect(way_to_day(desk, date, line))
    context = {
        "desk": desk,
        "here": "day",
        "day": date,
        "line": line,
        "shares": asked.form,
        "reason": reason,
        "form": reason if reason.errors else asked.form,
        "plans": [(plan, _before_and_after(plan)) for plan in plans],
        "pools": Pool.choices,
        "release_time": policy_for(desk.office).reserve_release_time,
    }
    return render(request, "desk/split.html", context)


def _shares_form(request: HttpRequest, desk: Desk) -> SharesForm:
    typed = request.POST or request.GET
    if Pool.ONLINE in typed:
        return SharesForm(typed)
    return SharesForm(initial=dict(policy_for(desk.office).pool_shares))


def _save(request: HttpRequest, asked: _Asked, reason: ReasonForm) -> bool:
    desk = asked.desk
    try:
        changes = split_day(
            desk.office,
            asked.line,
            asked.date,
            asked.form.shares(),
            seen_versions(request),
            reason=reason.cleaned_data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
    except QuotasRefused:
        reason.add_error(None, _changed_meanwhile())
        return False
    text = ngettext("%(n)s number changed.", "%(n)s numbers changed.", len(changes))
    messages.success(request, text % {"n": len(changes)})
    return True


def _changed_meanwhile() -> str:
    return _(
        "Some windows have changed since you looked, so nothing was saved. "
        "The numbers below are those of now; save again if you still want to."
    )


def _before_and_after(plan: SlotSplit) -> list[tuple[int, int, int]]:
    """Capacity, taken and new capacity of each pool."""
    quotas = {quota.pool: quota for quota in plan.quotas}
    return [
        (quotas[pool].capacity, quotas[pool].taken, plan.places[pool])
        for pool in Pool.values
        if pool in quotas
    ]
