"""Where a bureau's pages begin: its offices, and what there is to do over all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.organisation import tree
from offices.domain.permissions import Action, bureaus_for


@bureau_page(Action.SEE_REPORTS)
@require_safe
def overview(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    branches = tree(desk.bureau)
    context = {
        "desk": desk,
        "branches": branches,
        "halls": sum(len(branch.offices) for branch in branches),
        "above": bureaus_for(desk.account, Action.SEE_REPORTS).filter(children=desk.bureau).first(),
        "here": "overview",
    }
    return render(request, "bureau/overview.html", context)
