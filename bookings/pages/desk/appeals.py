"""Appeals against suspensions that came to this office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.domain.appeals import AppealRefused, decide, missed_bookings, others_of
from bookings.enums import AppealState
from bookings.forms.appeal import AppealDecisionForm
from bookings.models import Appeal
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action

PAST_SHOWN = 50


@desk_page(Action.DECIDE_APPEALS)
@require_safe
def appeals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open ones, oldest first, and the latest that were decided."""
    found = Appeal.objects.filter(office=desk.office).select_related("suspension", "decided_by")
    context = {
        "desk": desk,
        "open": found.filter(state=AppealState.OPEN),
        "past": found.exclude(state=AppealState.OPEN).order_by("-decided_at")[:PAST_SHOWN],
        "here": "appeals",
    }
    return render(request, "desk/appeals.html", context)


@desk_page(Action.DECIDE_APPEALS)
def appeal(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What they say, what they missed, and the decision."""
    found = Appeal.objects.filter(office=desk.office).select_related("suspension", "decided_by")
    one = get_object_or_404(found, pk=pk)
    form = AppealDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lift = request.POST.get("decision") == "lift"
        try:
            decide(
                one.pk,
                lift=lift,
                answer=form.cleaned_data["answer"],
                actor=desk.actor,
                now=desk.now,
            )
        except AppealRefused as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(desk.url("desk-appeal", pk))
        messages.success(request, _("The appeal is decided, and the applicant is told."))
        return HttpResponseRedirect(desk.url("desk-appeals"))
    context = {
        "desk": desk,
        "appeal": one,
        "missed": missed_bookings(one.suspension),
        "others": others_of(one),
        "form": form,
        "here": "appeals",
    }
    return render(request, "desk/appeal.html", context)
