"""The offices of a city in one table, for whoever oversees them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.domain.city import CITY_ITEMS_A_DAY, city
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.organisation import tree
from offices.domain.permissions import Action


@bureau_page(Action.SEE_REPORTS)
@require_safe
def overall(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    """Its queries grow with the levels of the tree, not with the number of offices."""
    offices = [office for branch in tree(desk.bureau) for office in branch.offices]
    context = {
        "desk": desk,
        "city": city(offices, desk.today),
        "items_a_day": CITY_ITEMS_A_DAY,
        "here": "city",
    }
    return render(request, "bureau/city.html", context)
