"""Find a place with self-service machines. No sign-in, no booking."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from offices.domain.self_service import Found, find_sites, limits_of, with_devices
from offices.forms import PlaceForm, SiteSearchForm
from offices.models import SelfServiceSite
from offices.models.naming import in_language
from offices.wording import say_list

PER_PAGE = 20
Names = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest) -> HttpResponse:
    """GET: `?city= &district= &kind= &machine= &limit= &all_day=`.

    POST: the same from a form, with the rounded place of who asks, so that it stands in no address.
    """
    given = request.POST if request.method == "POST" else request.GET
    cities = _names("city")
    city = next((name for name, _read in cities if name == given.get("city")), "")
    form = SiteSearchForm(given, cities=cities, districts=_names("district", city))
    place = PlaceForm(request.POST or None)
    near = place.point() if place.is_valid() else None
    found = find_sites(form.search(), near)
    asked = {name: value for name, value in form.asked().items() if value}
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "shown": _shown(list(page.object_list)),
        "asked": asked,
        "query": urlencode(asked),
        "near": near,
        "searched": bool(asked or near),
    }
    return render(request, "offices/sites.html", context)


def _shown(found: Sequence[Found]) -> list[dict[str, Any]]:
    return [
        {
            "site": each.site,
            "tallies": each.tallies,
            "limits": say_list(limits_of(each.site)),
            "distance": None if each.distance is None else f"{each.distance:.1f}",
        }
        for each in with_devices(found)
    ]


def _names(field: str, city: str | None = None) -> Names:
    """The cities, or the districts of the chosen one: pairs of Chinese name and what is read."""
    sites = SelfServiceSite.objects.filter(is_active=True)
    if city is not None:
        sites = sites.filter(city=city).exclude(district="")
    pairs = sites.order_by(field).distinct(field).values_list(field, f"{field}_en")
    return [(chinese, in_language(chinese, english)) for chinese, english in pairs]
