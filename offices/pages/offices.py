"""Find an office, and what there is to know about it. No sign-in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.domain import catalogue
from offices.domain.audience import only_on_site
from offices.domain.photos import photo_fee
from offices.domain.policy import BookingPolicy, policy_for
from offices.domain.self_service import devices_at, tallies
from offices.domain.walk_in import walk_in_allowed
from offices.enums import Feature
from offices.forms import OfficeSearchForm
from offices.models import Office, OfficeService, Service
from offices.models.naming import in_language
from offices.pages.door import coming_closures, coming_hours, door_days
from offices.pages.middles import middle, render_middle
from offices.wording import say_address, say_full_date

SEARCHED = ("name", "name_en", "city", "city_en", "district", "district_en", "address")
# More than so many offices are found by city first: nobody reads a list of them all.
MOST_AT_ONCE = 100
_FOUND = "offices/includes/found.html"


@dataclass(frozen=True, slots=True)
class _Asked:
    q: str
    city: str
    service: str

    @property
    def is_common(self) -> bool:
        """Without words of one's own, and for what there is."""
        return (
            not self.q
            and (not self.city or self.city in _cities())
            and (not self.service or self.service in catalogue.services())
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A city with so many of the offices that were found."""

    name: str
    count: int
    url: str


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """`?q=` words of name, district or address, `?city=` (Chinese name), `?service=` (code)."""
    asked = _Asked(*(request.GET.get(name, "") for name in ("q", "city", "service")))
    context = partial(_found, asked)
    if asked.is_common:
        shown = {"middle": middle(_FOUND, asked, context)}
    else:
        found = context()
        shown = {"middle": render_middle(_FOUND, found), "form": found["form"]}
    return render(request, "offices/offices.html", shown)


def _found(asked: _Asked) -> dict[str, Any]:
    today = timezone.localdate()
    form = OfficeSearchForm(
        {"q": asked.q, "city": asked.city, "service": asked.service},
        cities=_cities().items(),
        services=catalogue.public_services(today).values(),
    )
    found = _search(Office.objects.bookable().standing(today), form, today)
    context = {"form": form, "searched": asked != _Asked("", "", "")}
    if not asked.city and found.count() > MOST_AT_ONCE:
        return context | {"places": _places(found, asked)}
    return context | {"cities": _by_city(found)}


@catalogue.kept(1)
def _cities() -> dict[str, str]:
    """English names by the Chinese ones."""
    cities = Office.objects.bookable().order_by("city").distinct("city")
    return dict(cities.values_list("city", "city_en"))


def _places(found: "QuerySet[Office]", asked: _Asked) -> list[Place]:
    counts = found.order_by("city").values_list("city").annotate(Count("pk"))
    more = {name: value for name in ("q", "service") if (value := getattr(asked, name))}
    return [
        Place(
            in_language(city, _cities().get(city, "")),
            count,
            f"{reverse('offices')}?{urlencode({'city': city, **more})}",
        )
        for city, count in counts
    ]


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
    office_id = catalogue.active_offices().get(code)
    if office_id is None:
        raise Http404
    office = catalogue.office(office_id)
    today = office.local_date(timezone.now())
    shown = middle("offices/includes/door.html", (code, today), partial(_door, office, today))
    return render(request, "offices/office.html", {"office": office, "middle": shown})


def _door(office: Office, today: dt.date) -> dict[str, Any]:
    days = door_days(office, today)
    policy = policy_for(office)
    starts = policy.appointment_only_from
    return {
        "office": office,
        "today": days[0],
        "days": days[1:],
        "closures": coming_closures(office, today),
        "coming_hours": coming_hours(office, today),
        "services": _services(office, today),
        "only_on_site": only_on_site(office, today),
        "features": _features(office),
        "tallies": tallies(devices_at(office)),
        "points": office.extension_points.bookable(),
        "rows": [*_rows(office), *_photo_rows(office, policy, today)],
        "walk_in": walk_in_allowed(policy, today),
        "appointment_only_from": say_full_date(starts) if starts else "",
    }


def _services(office: Office, today: dt.date) -> list[tuple[str, list[Service]]]:
    """Lines with the services that the office handles today."""
    offered = catalogue.offered(office.pk, today)
    return [
        (line.label, [service for service in services if service.code in offered])
        for line, services in catalogue.services_by_line(today)
        if any(service.code in offered for service in services)
    ]


def _features(office: Office) -> list[str]:
    return [str(Feature(code).label) for code in office.features if code in Feature.values]


def _photo_rows(office: Office, policy: BookingPolicy, today: dt.date) -> list[dict[str, object]]:
    """What a photo costs at the hall, or from which day on nothing (HB-28)."""
    if photo_fee(office, policy, today) == 0:
        return [{"label": _("Photo"), "value": _("Free of charge")}]
    starts = policy.free_photos_from
    if starts is None:
        return []
    value = _("Free of charge from %(day)s on") % {"day": say_full_date(starts)}
    return [{"label": _("Photo"), "value": value}]


def _rows(office: Office) -> list[dict[str, object]]:
    address = say_address(office.city_label, office.district_label, office.address_label)
    rows: list[dict[str, object]] = [{"label": _("Address"), "value": address}]
    if office.phone:
        rows.append({"label": _("Phone"), "value": office.phone})
    return rows
