"""The weekly hours of an office: what holds and what is to come, some more, some that end.

Nothing is saved before its planner has seen what it does to the windows and to those who booked.
"""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.domain.foresight import foresee
from bookings.domain.hours import HoursOverlap, add_hours, end_hours, ending_at_once
from bookings.domain.in_the_way import bookings_of_slots
from bookings.domain.publishing import PublishReport
from bookings.forms.hours import EndHoursForm, HoursForm
from bookings.forms.typed import whole_number
from bookings.pages.conflicts import warn_of_conflicts
from bookings.pages.desk.foreseen import conflict_rows, day_rows
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.typed import typed_again
from offices.domain.permissions import Action
from offices.domain.seasons import seasons_of_office
from offices.domain.weekly import same_but_for_weekday, variants
from offices.enums import Matters
from offices.models import OpeningHours, OrganisationChange

# What the buttons of the form and of its preview ask for.
CHANGE, PUBLISH = "change", "publish"
LATEST = 10


@desk_page(Action.PLAN_HOURS)
def hours(request: HttpRequest, desk: Desk) -> HttpResponse:
    initial = _of_season(request, desk)
    form = HoursForm(desk.office, desk.today, request.POST or None, initial=initial)
    if _is_asked(request, form):
        data = form.cleaned_data
        change = partial(
            add_hours,
            desk.office,
            form.rules(),
            instead=data["instead"],
            reason=data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
        try:
            return _preview_or_publish(request, desk, change)
        except HoursOverlap as refusal:
            form.add_error(None, refusal.message)
    context = {
        "desk": desk,
        "form": form,
        "variants": variants(desk.office, desk.today),
        "seasons": seasons_of_office(desk.office, desk.today),
        "changes": _latest_changes(desk),
        "here": "hours",
    }
    return render(request, "desk/hours.html", context)


@desk_page(Action.PLAN_HOURS)
def end(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A row of the weekly hours ends, on all its weekdays or on some."""
    rules = same_but_for_weekday(get_object_or_404(OpeningHours, office=desk.office, pk=pk))
    if rules[0].valid_until and rules[0].valid_until < desk.today:
        raise Http404
    form = EndHoursForm(rules, desk.today, request.POST or None)
    if _is_asked(request, form):
        data = form.cleaned_data
        change = partial(
            end_hours,
            form.chosen(),
            data["last_day"] or ending_at_once(desk.today),
            reason=data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
        return _preview_or_publish(request, desk, change)
    context = {"desk": desk, "form": form, "rule": rules[0], "rules": rules, "here": "hours"}
    return render(request, "desk/hours_end.html", context)


def _is_asked(request: HttpRequest, form: HoursForm | EndHoursForm) -> bool:
    return request.method == "POST" and form.is_valid() and request.POST.get("step") != CHANGE


def _preview_or_publish(
    request: HttpRequest, desk: Desk, change: Callable[[], PublishReport]
) -> HttpResponse:
    if request.POST.get("step") == PUBLISH:
        _say(request, change())
        return HttpResponseRedirect(desk.url("desk-hours"))
    seen = foresee(desk.office, change, desk.now)
    slot_ids = [conflict.slot_id for conflict in seen.conflicts]
    context = {
        "desk": desk,
        "seen": seen,
        "days": day_rows(seen, desk.office),
        "conflicts": conflict_rows(seen),
        "bookings": bookings_of_slots(slot_ids, desk.now),
        "typed": typed_again(request),
        "here": "hours",
    }
    return render(request, "desk/hours_preview.html", context)


def _of_season(request: HttpRequest, desk: Desk) -> dict[str, object]:
    """`season` of the query: the form starts with its days and its name."""
    wanted = whole_number(request.GET.get("season", ""))
    for season in seasons_of_office(desk.office, desk.today):
        if season.pk == wanted:
            return {
                "valid_from": max(season.first_day, desk.today),
                "valid_until": season.last_day,
                "season": season.name[:40],
                "season_en": season.name_en[:60],
                "lines": [season.line_id] if season.line_id else None,
                "instead": True,
            }
    return {}


def _latest_changes(desk: Desk) -> list[OrganisationChange]:
    changes = OrganisationChange.objects.filter(office=desk.office, kind=Matters.HOURS)
    return list(changes.select_related("account")[:LATEST])


def _say(request: HttpRequest, report: PublishReport) -> None:
    text = _("Published. Windows added: %(created)s, changed: %(changed)s, gone: %(removed)s.")
    counts = {"created": report.created, "changed": report.changed, "removed": report.removed}
    messages.success(request, text % counts)
    warn_of_conflicts(request, len(report.conflicts))
