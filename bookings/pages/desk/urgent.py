"""Urgent requests at the desk: the queue by deadline, one request, its evidence."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applicants.contact import show_phone
from applicants.pages.posted import posted
from bookings.domain import urgent as domain
from bookings.domain.errors import BookingError
from bookings.domain.requests import Asking
from bookings.enums import RequestState
from bookings.forms.urgent import AnswerForm, DeskUrgentForm, QueueForm
from bookings.models import Evidence, UrgentRequest
from bookings.pages.citizen.requests import service_cards, service_labels
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.evidence import file_response
from offices.domain import catalogue
from offices.domain.permissions import Action

A_PAGE = 50
FINISH = "finish"
_VERBS: dict[str, Callable[..., UrgentRequest]] = {
    AnswerForm.APPROVE: domain.approve,
    AnswerForm.MORE: domain.ask_for_more,
    AnswerForm.REJECT: domain.reject,
}


@desk_page(Action.DECIDE_REQUESTS)
@require_safe
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By deadline; open ones unless the filter asks for others."""
    form = QueueForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = UrgentRequest.objects.filter(office=desk.office)
    if asked.get("reason"):
        found = found.filter(reason=asked["reason"])
    state = asked.get("state") or QueueForm.OPEN
    if state != QueueForm.ALL:
        states = domain.OPEN if state == QueueForm.OPEN else (state,)
        found = found.filter(state__in=states)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    known = catalogue.services()
    context = {
        "desk": desk,
        "form": form,
        "page": page,
        "rows": [(one, service_labels(one.services, known), _left(one, desk)) for one in page],
        "query": query.urlencode(),
        "here": "urgent",
    }
    return render(request, "desk/urgent_queue.html", context)


@desk_page(Action.DECIDE_REQUESTS)
def request_page(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Everything that the decision needs, and the decision."""
    asked = _of_desk(desk, number)
    act = request.POST.get("act", "")
    form = AnswerForm(posted(request) if act in _VERBS else None)
    if (form.is_bound or act == FINISH) and _act(request, desk, asked, form):
        return HttpResponseRedirect(desk.url("desk-urgent-request", number))
    return render(request, "desk/urgent_request.html", _context(desk, asked, form))


@desk_page(Action.DECIDE_REQUESTS)
def evidence(request: HttpRequest, desk: Desk, number: str, pk: int) -> HttpResponse:  # noqa: ARG001
    asked = _of_desk(desk, number)
    return file_response(get_object_or_404(Evidence, request=asked, pk=pk))


@desk_page(Action.BOOK_FOR_OTHERS)
def enter(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For somebody without an account, at the counter or on the phone."""
    form = DeskUrgentForm(
        posted(request),
        request.FILES or None,
        reasons=domain.reasons_at(desk.office),
        services=service_cards(desk.office),
        today=desk.today,
    )
    if request.method == "POST" and form.is_valid() and (made := _enter(form, desk)):
        text = _("The request %(number)s is in the queue.") % {"number": made.number}
        messages.success(request, text)
        decides = Action.DECIDE_REQUESTS in desk.actions
        where = ("desk-urgent-request", made.number) if decides else ("desk-urgent-enter",)
        return HttpResponseRedirect(desk.url(*where))
    context = {"desk": desk, "form": form, "here": "urgent"}
    return render(request, "desk/urgent_enter.html", context)


def _of_desk(desk: Desk, number: str) -> UrgentRequest:
    requests = UrgentRequest.objects.select_related("office__bureau", "account", "decided_by")
    return get_object_or_404(requests, number=number, office=desk.office)


def _act(request: HttpRequest, desk: Desk, asked: UrgentRequest, form: AnswerForm) -> bool:
    try:
        if form.is_bound:
            if not form.is_valid():
                return False
            verb = _VERBS[request.POST["act"]]
            verb(asked.pk, form.cleaned_data["answer"], desk.actor, desk.now)
        else:
            domain.finish(asked.pk, desk.actor, desk.now)
    except BookingError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Saved. A message tells the applicant."))
    return True


def _enter(form: DeskUrgentForm, desk: Desk) -> UrgentRequest | None:
    data = form.cleaned_data
    asking = Asking(
        desk.office, data["name"], data["identity"], tuple(data["services"]), form.contact()
    )
    try:
        return domain.ask(asking, form.urgency(), desk.actor, desk.now)
    except BookingError as refusal:
        form.add_error(None, str(refusal))
        return None


def _context(desk: Desk, asked: UrgentRequest, form: AnswerForm) -> dict[str, Any]:
    return {
        "desk": desk,
        "asked": asked,
        "form": form,
        "answers": AnswerForm.answers,
        "services": service_labels(asked.services),
        "phone": show_phone(asked.contact_phone),
        "files": asked.evidence.all(),
        "events": asked.events.select_related("account"),
        "left": _left(asked, desk),
        "finished_before": _finished_before(asked),
        "decidable": asked.state in domain.UNDECIDED,
        "may_ask_more": asked.state == RequestState.SUBMITTED,
        "finishable": asked.state == RequestState.APPROVED,
        "here": "urgent",
    }


def _left(asked: UrgentRequest, desk: Desk) -> int:
    """Days to the deadline; negative once it has passed."""
    return (asked.deadline - desk.today).days


def _finished_before(asked: UrgentRequest) -> int | None:
    """So many days before the deadline it was done (WH-11)."""
    if asked.state != RequestState.DONE or asked.ended_at is None:
        return None
    done: dt.date = asked.office.local_date(asked.ended_at)
    return (asked.deadline - done).days
