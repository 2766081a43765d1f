"""Peak seasons of a bureau: those to come, one more, one less (XM-24, FS-32)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.forms.calendar import SeasonForm
from bookings.forms.desk import ReasonForm
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.permissions import Action
from offices.domain.seasons import add_season, remove_season, seasons_of_bureau
from offices.models import Season


@bureau_page(Action.PLAN_HOURS)
def seasons(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = SeasonForm(desk.bureau, desk.today, request.POST or None)
    reason = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reason.is_valid():
        why = reason.cleaned_data["reason"]
        season = add_season(form.save(commit=False), reason=why, account=desk.account, now=desk.now)
        messages.success(request, _("%(name)s: its days are tagged.") % {"name": season.label})
        return HttpResponseRedirect(desk.url("bureau-seasons"))
    context = {
        "desk": desk,
        "form": form,
        "reason": reason,
        "seasons": seasons_of_bureau(desk.bureau, desk.today),
        "here": "seasons",
    }
    return render(request, "bureau/seasons.html", context)


@bureau_page(Action.PLAN_HOURS)
def remove(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    season = get_object_or_404(Season, bureau=desk.bureau, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        remove_season(season, reason=why, account=desk.account, now=desk.now)
        messages.success(request, _("%(name)s is no season any more.") % {"name": season.label})
        return HttpResponseRedirect(desk.url("bureau-seasons"))
    context = {"desk": desk, "form": form, "season": season, "here": "seasons"}
    return render(request, "bureau/season_remove.html", context)
