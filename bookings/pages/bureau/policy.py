"""The policy of a bureau: what holds at all its offices that don't differ."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bookings.pages.bureau.gate import BureauDesk, bureau_page
from bookings.pages.policy import asked_form, context_of, save
from offices.domain.permissions import Action


@bureau_page(Action.SET_POLICY)
def policy(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    """`?setting=` opens the form of one setting."""
    form = asked_form(request, desk.bureau)
    if save(request, desk, form):
        return HttpResponseRedirect(desk.url("bureau-policy"))
    return render(request, "bureau/policy.html", context_of(desk, form))
