"""Home visits at the desk: the list, one visit with its decision and assignment, its sheet."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applicants.contact import show_phone
from applicants.models import Account
from bookings.domain import home_visit as domain
from bookings.domain.errors import BookingError
from bookings.domain.home_visit import StaffBusy
from bookings.enums import Equipment, RequestState
from bookings.forms.home_visit import AssignForm
from bookings.forms.urgent import AnswerForm
from bookings.models import HomeVisit
from bookings.pages.citizen.requests import service_labels
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain import catalogue
from offices.domain.permissions import Action

A_PAGE = 50
STAFF = Prefetch("staff", Account.objects.order_by("username"))
APPROVE, REJECT, ASSIGN, FINISH = AnswerForm.APPROVE, AnswerForm.REJECT, "assign", "finish"
_DECISIONS = {APPROVE: domain.approve, REJECT: domain.reject}


@desk_page(Action.DECIDE_REQUESTS)
@require_safe
def visits(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open ones by age; `?all=1` also those that are over."""
    found = HomeVisit.objects.filter(office=desk.office)
    everything = "all" in request.GET
    if not everything:
        found = found.filter(state__in=domain.OPEN)
    page = Paginator(found.prefetch_related(STAFF), A_PAGE).get_page(request.GET.get("page"))
    known = catalogue.services()
    context = {
        "desk": desk,
        "everything": everything,
        "page": page,
        "rows": [(one, service_labels(one.services, known)) for one in page],
        "query": "all=1" if everything else "",
        "here": "home-visits",
    }
    return render(request, "desk/home_visits.html", context)


@desk_page(Action.DECIDE_REQUESTS)
def visit(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    asked = _of_desk(desk, number)
    act = request.POST.get("act", "")
    answer = AnswerForm(request.POST if act in _DECISIONS else None)
    assign = AssignForm(
        request.POST if act == ASSIGN else None,
        office=desk.office,
        today=desk.today,
        initial=_arranged(asked),
    )
    context: dict[str, Any] = {"busy": False}
    try:
        if _act(act, desk, asked, answer, assign):
            messages.success(request, _("Saved. A message tells the applicant."))
            return HttpResponseRedirect(desk.url("desk-home-visit", number))
    except StaffBusy as refusal:
        assign.add_error(None, str(refusal))
        context["busy"] = True
    except BookingError as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(desk.url("desk-home-visit", number))
    context |= _context(desk, asked) | {"answer": answer, "assign": assign}
    context["form"] = next((form for form in (answer, assign) if form.errors), None)
    return render(request, "desk/home_visit.html", context)


@desk_page(Action.DECIDE_REQUESTS)
def sheet(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """On paper: where to, to whom, for what, who goes with what."""
    return render(request, "desk/home_visit_sheet.html", _context(desk, _of_desk(desk, number)))


def _act(act: str, desk: Desk, asked: HomeVisit, answer: AnswerForm, assign: AssignForm) -> bool:
    """Whether something was done. Raises BookingError."""
    if answer.is_bound and answer.is_valid():
        _DECISIONS[act](asked.pk, answer.cleaned_data["answer"], desk.actor, desk.now)
    elif assign.is_bound and assign.is_valid():
        domain.assign(asked.pk, assign.assignment(), desk.actor, desk.now)
    elif act == FINISH:
        domain.finish(asked.pk, desk.actor, desk.now)
    else:
        return False
    return True


def _of_desk(desk: Desk, number: str) -> HomeVisit:
    found = HomeVisit.objects.select_related("office__bureau", "account", "decided_by")
    return get_object_or_404(found.prefetch_related(STAFF), number=number, office=desk.office)


def _arranged(asked: HomeVisit) -> dict[str, Any]:
    return {
        "staff": [person.pk for person in asked.staff.all()],
        "day": asked.visit_on or asked.first_day,
        "time": asked.visit_from,
        "equipment": asked.equipment or [Equipment.FINGERPRINTS, Equipment.CAMERA],
    }


def _context(desk: Desk, asked: HomeVisit) -> dict[str, Any]:
    return {
        "desk": desk,
        "asked": asked,
        "services": service_labels(asked.services),
        "phone": show_phone(asked.contact_phone),
        "equipment": [Equipment(code).label for code in asked.equipment],
        "events": asked.events.select_related("account"),
        "decidable": asked.state in domain.UNDECIDED,
        "assignable": asked.state in domain.ASSIGNABLE,
        "finishable": asked.state == RequestState.ASSIGNED,
        "here": "home-visits",
    }
