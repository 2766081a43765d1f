"""Find an office, and what there is to know about it. No sign-in."""

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from operator import or_

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.enums import Feature
from offices.forms import OfficeSearchForm
from offices.models import Office, OfficeService, Service
from offices.pages.door import coming_closures, door_days
from offices.wording import say_address

SEARCHED = ("name", "name_en", "city", "city_en", "district", "district_en", "address")


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """`?q=` words of name, district or address, `?city=` (Chinese name), `?service=` (code)."""
    active = Office.objects.bookable()
    form = OfficeSearchForm(
        request.GET,
        cities=active.order_by("city").distinct("city").values_list("city", "city_en"),
        services=Service.objects.filter(is_active=True),
    )
    found = _search(active, form, timezone.localdate())
    context = {"form": form, "cities": _by_city(found), "searched": any(request.GET.values())}
    return render(request, "offices/offices.html", context)


def _search(
    offices: "QuerySet[Office]", form: OfficeSearchForm, today: dt.date
) -> "QuerySet[Office]":
    form.is_valid()
    asked = form.cleaned_data
    for word in asked.get("q", "").split():
        named = (Q(**{f"{field}__icontains": word}) for field in SEARCHED)
        offices = offices.filter(reduce(or_, named))
    if asked.get("city"):
        offices = offices.filter(city=asked["city"])
    if asked.get("service"):
        offices = offices.filter(pk__in=_offering(asked["service"], today))
    return offices


def _offering(service: str, day: dt.date) -> "QuerySet[OfficeService, int]":
    permissions = OfficeService.objects.in_force(day).filter(service__code=service)
    return permissions.values_list("office_id", flat=True)


def _by_city(offices: "QuerySet[Office]") -> list[tuple[str, list[dict[str, object]]]]:
    """Cities with their halls, each with those of its extension points that were found too."""
    return [
        (city, _halls(list(of_city)))
        for city, of_city in groupby(offices, key=lambda office: office.city_label)
    ]


def _halls(offices: Sequence[Office]) -> list[dict[str, object]]:
    found = {office.pk for office in offices}
    return [
        {"office": hall, "points": [office for office in offices if office.parent_id == hall.pk]}
        for hall in offices
        if hall.parent_id not in found
    ]


@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    active = Office.objects.bookable().select_related("bureau__parent", "parent")
    office = get_object_or_404(active, code=code)
    today = office.local_date(timezone.now())
    days = door_days(office, today)
    context = {
        "office": office,
        "today": days[0],
        "days": days[1:],
        "closures": coming_closures(office, today),
        "services": _services(office, today),
        "features": _features(office),
        "points": office.extension_points.filter(is_active=True),
        "rows": _rows(office),
    }
    return render(request, "offices/office.html", context)


def _services(office: Office, today: dt.date) -> list[tuple[str, list[Service]]]:
    """Lines with the services that the office handles today."""
    offered = OfficeService.objects.in_force(today).filter(office=office).values("service")
    services = Service.objects.filter(pk__in=offered, is_active=True).select_related("line")
    in_order = services.order_by("line__sort_order", "line_id", "sort_order", "code")
    return [
        (line.label, list(of_line))
        for line, of_line in groupby(in_order, key=lambda service: service.line)
    ]


def _features(office: Office) -> list[str]:
    return [str(Feature(code).label) for code in office.features if code in Feature.values]


def _rows(office: Office) -> list[dict[str, object]]:
    address = say_address(office.city_label, office.district_label, office.address_label)
    rows: list[dict[str, object]] = [{"label": _("Address"), "value": address}]
    if office.phone:
        rows.append({"label": _("Phone"), "value": office.phone})
    return rows
