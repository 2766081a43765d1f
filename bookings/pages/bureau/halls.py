"""Halls and district bureaus, set up and changed by planners (HB-20)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.domain.halls import save_changes, set_up
from bookings.forms.office import DistrictForm, OfficeForm
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.organisation import offices_below
from offices.domain.permissions import Action, with_those_below
from offices.enums import Matters
from offices.models import Bureau, Office, OrganisationChange
from offices.wording import say_list

LOG_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the log. `fields`: what was changed, in words; empty where it was set up."""

    log: OrganisationChange
    fields: str


@bureau_page(Action.SET_UP_OFFICES)
def add_hall(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    neighbour = Office.objects.filter(bureau=desk.bureau).values("city", "city_en").first()
    initial = {"bureau": desk.bureau, **(neighbour or {})}
    form = OfficeForm(_bureaus(desk), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        office = form.instance
        set_up(office, reason=form.cleaned_data["reason"], actor=desk.actor, now=desk.now)
        messages.success(
            request,
            _("%(office)s is set up. Next: what it handles, and its hours.") % _named(office),
        )
        return HttpResponseRedirect(desk.url("bureau"))
    return _form_page(request, desk, form, _("Set up a hall"))


@bureau_page(Action.SET_UP_OFFICES)
def change_hall(request: HttpRequest, desk: BureauDesk, office: str) -> HttpResponse:
    hall = get_object_or_404(offices_below(desk.bureau), code=office)
    form = OfficeForm(_bureaus(desk), request.POST or None, instance=hall)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        save_changes(hall, form.changed_fields(), reason=reason, actor=desk.actor, now=desk.now)
        messages.success(request, _("%(office)s was changed.") % _named(hall))
        return HttpResponseRedirect(desk.url("bureau"))
    changes = hall.changes.filter(kind=Matters.HALL).select_related("account")
    log = [_in_words(change, form) for change in changes[:LOG_SHOWN]]
    return _form_page(request, desk, form, hall.label, log)


@bureau_page(Action.SET_UP_OFFICES)
def add_district(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = DistrictForm(request.POST or None, instance=Bureau(parent=desk.bureau))
    if request.method == "POST" and form.is_valid():
        bureau = form.instance
        set_up(bureau, reason=form.cleaned_data["reason"], actor=desk.actor, now=desk.now)
        messages.success(request, _("%(bureau)s was added.") % {"bureau": bureau.label})
        return HttpResponseRedirect(desk.url("bureau"))
    return _form_page(request, desk, form, _("Add a district bureau"))


def _bureaus(desk: BureauDesk) -> list[Bureau]:
    return list(Bureau.objects.filter(pk__in=with_those_below({desk.bureau.pk})))


def _named(office: Office) -> dict[str, str]:
    return {"office": office.label}


def _in_words(change: OrganisationChange, form: OfficeForm) -> Change:
    names = change.after if change.before else ()
    labels = [str(form.fields[name].label) for name in names if name in form.fields]
    return Change(change, say_list(labels))


def _form_page(
    request: HttpRequest,
    desk: BureauDesk,
    form: OfficeForm | DistrictForm,
    title: str,
    log: Sequence[Change] = (),
) -> HttpResponse:
    context = {"desk": desk, "form": form, "title": title, "log": log, "here": "overview"}
    return render(request, "bureau/form.html", context)
