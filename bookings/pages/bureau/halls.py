"""Halls and district bureaus, set up and changed by planners (HB-20)."""

import json
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.domain.publishing import publish
from bookings.forms.office import DistrictForm, OfficeForm
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.organisation import offices_below
from offices.domain.permissions import Action, with_those_below
from offices.models import Bureau, Office


@bureau_page(Action.SET_UP_OFFICES)
def add_hall(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    neighbour = Office.objects.filter(bureau=desk.bureau).values("city", "city_en").first()
    initial = {"bureau": desk.bureau, **(neighbour or {})}
    form = OfficeForm(_bureaus(desk), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        office = form.save()
        _note(desk, office, ADDITION)
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
        hall = form.save()
        publish(hall, desk.now)
        _note(desk, hall, CHANGE, form.changed_data)
        messages.success(request, _("%(office)s was changed.") % _named(hall))
        return HttpResponseRedirect(desk.url("bureau"))
    return _form_page(request, desk, form, hall.label)


@bureau_page(Action.SET_UP_OFFICES)
def add_district(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = DistrictForm(request.POST or None, instance=Bureau(parent=desk.bureau))
    if request.method == "POST" and form.is_valid():
        bureau = form.save()
        _note(desk, bureau, ADDITION)
        messages.success(request, _("%(bureau)s was added.") % {"bureau": bureau.label})
        return HttpResponseRedirect(desk.url("bureau"))
    return _form_page(request, desk, form, _("Add a district bureau"))


def _bureaus(desk: BureauDesk) -> list[Bureau]:
    return list(Bureau.objects.filter(pk__in=with_those_below({desk.bureau.pk})))


def _named(office: Office) -> dict[str, str]:
    return {"office": office.label}


def _note(
    desk: BureauDesk, changed: Office | Bureau, flag: int, fields: Sequence[str] = ()
) -> None:
    """Keep who did it, where the admin keeps it as well."""
    LogEntry.objects.create(
        user_id=desk.account.pk,
        content_type=ContentType.objects.get_for_model(changed),
        object_id=str(changed.pk),
        object_repr=str(changed)[:200],
        action_flag=flag,
        change_message=json.dumps([{"changed": {"fields": list(fields)}}] if fields else []),
    )


def _form_page(
    request: HttpRequest, desk: BureauDesk, form: OfficeForm | DistrictForm, title: str
) -> HttpResponse:
    context = {"desk": desk, "form": form, "title": title, "here": "overview"}
    return render(request, "bureau/form.html", context)
