"""The urgent number at the hall: for an approved request, or for who stands there (JJ-11)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.urgent import reasons_at
from bookings.models import UrgentRequest
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain import catalogue
from offices.domain.permissions import Action
from offices.enums import UrgentReason
from offices.models import ServiceLine
from visits.domain.urgent import approved_requests, give_approved_number, give_urgent_number
from visits.models import UrgentArrival
from visits.urgent_forms import ApprovedForm, OnTheSpotForm

LATEST = 10
FOUND, ON_THE_SPOT = "found", "on_the_spot"


@desk_page(Action.CHECK_IN)
def arrivals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Two forms: one finds an approved request, the other gives a number without any."""
    act = request.POST.get("act")
    approved = ApprovedForm(request.POST if act == FOUND else None)
    on_the_spot = OnTheSpotForm(
        request.POST if act == ON_THE_SPOT else None,
        lines=_lines(desk),
        reasons=reasons_at(desk.office),
    )
    found: list[UrgentRequest] = []
    given: UrgentArrival | None = None
    if approved.is_bound and approved.is_valid():
        found = list(approved_requests(desk.office, approved.identity or approved.number))
        given = _receive(approved, found, desk)
    elif on_the_spot.is_bound and on_the_spot.is_valid():
        given = _give(on_the_spot, desk)
    if given:
        # Ready for whoever is next.
        found, approved = [], ApprovedForm()
        on_the_spot = OnTheSpotForm(lines=_lines(desk), reasons=reasons_at(desk.office))
    context = {"approved": approved, "on_the_spot": on_the_spot, "found": found, "given": given}
    return _page(request, desk, context)


def _page(request: HttpRequest, desk: Desk, context: dict[str, Any]) -> HttpResponse:
    given_today = UrgentArrival.objects.filter(ticket__office=desk.office, ticket__date=desk.today)
    latest = given_today.select_related("ticket__line", "ticket__operator", "request")[:LATEST]
    forms = (context["approved"], context["on_the_spot"])
    bound = next((form for form in forms if form.errors), None)
    context |= {"desk": desk, "form": bound, "latest": latest, "here": "urgent-arrival"}
    return render(request, "visits/urgent.html", context)


def _receive(form: ApprovedForm, found: list[UrgentRequest], desk: Desk) -> UrgentArrival | None:
    """The number, where one request fits; of several the guide picks one."""
    if not found:
        text = _("No approved request of this office fits. A number can be given without one.")
        form.add_error("text", text)
    if len(found) != 1:
        return None
    try:
        return give_approved_number(found[0].pk, desk.actor, desk.now)
    except BookingError as refusal:
        form.add_error(None, str(refusal))
        return None


def _give(form: OnTheSpotForm, desk: Desk) -> UrgentArrival:
    data = form.cleaned_data
    reason = UrgentReason(data["reason"])
    return give_urgent_number(desk.office, data["line"], reason, data["note"], desk.actor, desk.now)


def _lines(desk: Desk) -> list[ServiceLine]:
    """Those of whatever the office handles today, published windows or not."""
    offered = catalogue.offered(desk.office.pk, desk.today)
    lines = {each.line for code, each in catalogue.services().items() if code in offered}
    return sorted(lines, key=lambda line: (line.sort_order, line.pk))
