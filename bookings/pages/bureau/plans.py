"""A bureau's surge plans: kept here, applied to some of its offices at once (JJ-07)."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.domain.surge_preview import SurgePreview, preview, preview_end
from bookings.domain.surges import PlanInForce, PlanInUse, in_force_at, remove_plan, save_plan
from bookings.forms.desk import ReasonForm
from bookings.forms.surge import OfficesForm, PlanForm
from bookings.pages import surging
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.permissions import Action
from offices.domain.surge_plans import plans_for, seasons_ahead
from offices.models import SurgePeriod, SurgePlan

# How long what is over stays on the page: the same season of the year before.
SHOWN_FOR = dt.timedelta(days=400)


@bureau_page(Action.PLAN_SURGES)
def plans(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = PlanForm(request.POST or None, instance=SurgePlan(bureau=desk.bureau))
    if request.method == "POST" and form.is_valid():
        plan = form.save(commit=False)
        # Names are mostly Chinese, so that none can be made of them.
        plan.code = f"{desk.bureau.code[:30]}-{get_random_string(8).lower()}"
        save_plan(plan)
        messages.success(request, _("The plan is kept. It does nothing until it is applied."))
        return HttpResponseRedirect(desk.url("bureau-plans"))
    periods = SurgePeriod.objects.filter(
        office__in=desk.offices, last_day__gte=desk.today - SHOWN_FOR
    )
    context = {
        "desk": desk,
        "plans": plans_for(desk.bureau),
        "periods": surging.shown(periods, desk.now),
        "form": form,
        "here": "plans",
    }
    return render(request, "bureau/plans.html", context)


@bureau_page(Action.PLAN_SURGES)
def plan(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    found = get_object_or_404(SurgePlan, bureau=desk.bureau, pk=pk)
    form = PlanForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_plan(form.save(commit=False))
        except PlanInUse as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The plan was changed."))
            return HttpResponseRedirect(desk.url("bureau-plans"))
    context = {
        "desk": desk,
        "plan": found,
        "form": form,
        "is_used": found.periods.exists(),
        "here": "plans",
    }
    return render(request, "bureau/plan.html", context)


@bureau_page(Action.PLAN_SURGES)
@require_POST
def remove(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    try:
        remove_plan(get_object_or_404(SurgePlan, bureau=desk.bureau, pk=pk))
    except PlanInUse as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The plan was removed."))
    return HttpResponseRedirect(desk.url("bureau-plans"))


@bureau_page(Action.PLAN_SURGES)
def apply(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    """Asks for days and offices, shows what would change, then does it at all or none."""
    found = get_object_or_404(plans_for(desk.bureau), pk=pk)
    asked = OfficesForm(desk.offices, desk.today, surging.asked_days(request))
    form = ReasonForm(request.POST or None)
    ready = asked.is_valid()
    offices = asked.chosen if ready else []
    if (
        request.method == "POST"
        and ready
        and form.is_valid()
        and surging.put_in_force(request, found, offices, asked.days, form, desk.actor, desk.now)
    ):
        return HttpResponseRedirect(desk.url("bureau-plans"))
    taken = ready and in_force_at(found, offices, *asked.days)
    previews = {one.code: preview(found, one, *asked.days, desk.now) for one in offices}
    context = {
        "desk": desk,
        "plan": found,
        "asked": asked,
        "form": form,
        "seasons": seasons_ahead(desk.bureau, desk.today),
        "all_offices": urlencode([("offices", office.code) for office in desk.offices]),
        "previews": previews.values(),
        "closer": _closer(request, previews),
        "query": _without_closer(request),
        "problem": PlanInForce(taken).message if taken and not form.is_bound else "",
        "here": "plans",
    }
    return render(request, "bureau/plan_apply.html", context)


@bureau_page(Action.PLAN_SURGES)
def end(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    """Ends what is in force or to come of a plan, at all offices that stay ticked at once."""
    found = get_object_or_404(plans_for(desk.bureau), pk=pk)
    running = found.periods.in_force(desk.today).filter(office__in=desk.offices)
    periods = {str(one.pk): one for one in running.select_related("plan", "office")}
    form = ReasonForm(request.POST or None)
    ticked = [key for key in periods if key in request.POST.getlist("period")]
    if request.method == "POST" and form.is_valid() and ticked:
        surging.end(request, [periods[key] for key in ticked], form, desk.actor, desk.now)
        return HttpResponseRedirect(desk.url("bureau-plans"))
    previews = {key: preview_end(period, desk.now) for key, period in periods.items()}
    context = {
        "desk": desk,
        "plan": found,
        "form": form,
        "rows": [(periods[key], one) for key, one in previews.items()],
        "ticked": [periods[key].pk for key in ticked or ([] if form.is_bound else periods)],
        "closer": _closer(request, previews),
        "problem": _("Choose at least one office.") if form.is_bound and not ticked else "",
        "here": "plans",
    }
    return render(request, "bureau/plan_end.html", context)


def _closer(request: HttpRequest, previews: Mapping[str, SurgePreview]) -> SurgePreview | None:
    """The one whose windows are shown one by one: the only one, or the one asked for."""
    if len(previews) == 1:
        return next(iter(previews.values()))
    return previews.get(request.GET.get("show", ""))


def _without_closer(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("show", None)
    return query.urlencode()
