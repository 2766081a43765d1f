"""Surge plans at one office: which are in force, applying one, ending one (JJ-07)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bookings.domain.surge_preview import preview, preview_end
from bookings.domain.surges import PlanInForce, in_force_at, state_of
from bookings.forms.desk import ReasonForm
from bookings.forms.surge import DaysForm
from bookings.pages import surging
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from offices.domain.surge_plans import plans_for, seasons_ahead
from offices.models import SurgePeriod


@desk_page(Action.PLAN_SURGES)
@require_safe
def plans(request: HttpRequest, desk: Desk) -> HttpResponse:
    context = {
        "desk": desk,
        "plans": plans_for(desk.office.bureau),
        "periods": surging.shown(desk.office.surges.all(), desk.now),
        "here": "plans",
    }
    return render(request, "desk/plans.html", context)


@desk_page(Action.PLAN_SURGES)
def apply(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Asks for the days, shows what would change, then does it."""
    plan = get_object_or_404(plans_for(desk.office.bureau), pk=pk)
    days = DaysForm(desk.today, surging.asked_days(request))
    form = ReasonForm(request.POST or None)
    offices = [desk.office]
    ready = days.is_valid()
    if (
        request.method == "POST"
        and ready
        and form.is_valid()
        and surging.put_in_force(request, plan, offices, days.days, form, desk.actor, desk.now)
    ):
        return HttpResponseRedirect(desk.url("desk-plans"))
    taken = ready and in_force_at(plan, offices, *days.days)
    context = {
        "desk": desk,
        "plan": plan,
        "days": days,
        "form": form,
        "seasons": seasons_ahead(desk.office.bureau, desk.today),
        "preview": preview(plan, desk.office, *days.days, desk.now) if ready else None,
        "problem": PlanInForce(taken).message if taken and not form.is_bound else "",
        "here": "plans",
    }
    return render(request, "desk/plan_apply.html", context)


@desk_page(Action.PLAN_SURGES)
def end(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Shows what goes back, then ends the period."""
    periods = SurgePeriod.objects.select_related("plan__line", "office")
    period = get_object_or_404(periods, office=desk.office, pk=pk)
    shown = surging.ShownPeriod(period, state_of(period, desk.now))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and shown.can_end and form.is_valid():
        surging.end(request, [period], form, desk.actor, desk.now)
        return HttpResponseRedirect(desk.url("desk-plans"))
    context = {
        "desk": desk,
        "shown": shown,
        "preview": preview_end(period, desk.now),
        "form": form,
        "here": "plans",
    }
    return render(request, "desk/plan_end.html", context)
