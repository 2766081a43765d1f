"""The policy of an office: what it inherits, and where it differs."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.policy import asked_form, context_of, save
from offices.domain.permissions import Action


@desk_page(Action.SET_POLICY)
def policy(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`?setting=` opens the form of one setting."""
    form = asked_form(request, desk.office)
    if save(request, desk, form):
        return HttpResponseRedirect(desk.url("desk-policy"))
    return render(request, "desk/policy.html", context_of(desk, form))
