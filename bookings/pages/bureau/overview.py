"""Where a bureau's pages begin: its offices, and what there is to do over all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.permissions import Action


@bureau_page(Action.SEE_REPORTS)
@require_safe
def overview(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    return render(request, "bureau/overview.html", {"desk": desk, "here": "overview"})
