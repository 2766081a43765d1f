"""The counter: call the next number, end the visit (XM-27)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from bookings.domain.errors import BookingError
from bookings.forms.typed import whole_number
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from offices.models import Counter
from visits.domain import calling
from visits.domain.errors import NobodyAtCounter, NotAtCounter
from visits.enums import Series, TicketState
from visits.forms import FinishForm
from visits.models import ConditionalAcceptance, Ticket

SHOWN = 30
# How long what was settled by mistake can be taken back.
_CAN_BE_REOPENED = dt.timedelta(days=7)
_ENDINGS = {"finish", "finish_with_gaps", "skip"}


@desk_page(Action.CALL_NUMBERS)
def counters(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which counter somebody works at."""
    found = Counter.objects.filter(office=desk.office).in_order().select_related("line")
    return render(
        request, "visits/counters.html", {"desk": desk, "counters": found, "here": "calling"}
    )


@desk_page(Action.CALL_NUMBERS)
def counter(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Whom it serves, who is next; `act` of the POST is what the clerk does."""
    one = get_object_or_404(
        Counter.objects.filter(office=desk.office).select_related("line", "office"), pk=pk
    )
    form = FinishForm(request.POST if request.POST.get("act") == "finish_with_gaps" else None)
    problem = ""
    if request.method == "POST":
        try:
            if _act(request, desk, one, form):
                return HttpResponseRedirect(desk.url("desk-counter", pk))
        except BookingError as refusal:
            problem = refusal.message
    context = _context(desk, one, form) | {"problem": problem}
    return render(request, "visits/counter.html", context)


def _act(request: HttpRequest, desk: Desk, one: Counter, form: FinishForm) -> bool:
    act = request.POST.get("act", "")
    if act == "next":
        calling.call_next(one, desk.now)
        return True
    if act == "again":
        calling.queue_again(_of_today(request, desk), desk.now)
        return True
    if act not in _ENDINGS or (form.is_bound and not form.is_valid()):
        return False
    ticket = _shown(request, one, desk)
    if act == "skip":
        calling.skip(ticket.pk, desk.now)
    else:
        missing = form.cleaned_data["missing"] if form.is_bound else ""
        calling.finish(ticket.pk, desk.actor, desk.now, missing=missing)
    return True


def _shown(request: HttpRequest, one: Counter, desk: Desk) -> Ticket:
    """Whom the page showed at the counter: a second click ends nobody else's visit."""
    ticket = calling.at_counter(one, desk.now)
    if ticket is None:
        raise NobodyAtCounter
    shown = request.POST.get("ticket", "")[:10]
    if shown != ticket.label:
        raise NotAtCounter(shown)
    return ticket


def _of_today(request: HttpRequest, desk: Desk) -> int:
    today = Ticket.objects.filter(office=desk.office, date=desk.today)
    label = request.POST.get("ticket", "")
    series = label[:1] if label[:1] in Series.values else None
    return get_object_or_404(today, series=series, number=whole_number(label[1:])).pk


def _context(desk: Desk, one: Counter, form: FinishForm) -> dict[str, object]:
    queue = calling.waiting(desk.office, one.line, desk.now)
    today = Ticket.objects.filter(office=desk.office, line=one.line, date=desk.today)
    current = calling.at_counter(one, desk.now)
    return {
        "desk": desk,
        "counter": one,
        "current": current,
        "people": _people(current),
        "queue": queue[:SHOWN],
        "count": queue.count(),
        "skipped": today.filter(state=TicketState.SKIPPED).order_by("-ended_at")[:SHOWN],
        "form": form,
        "here": "calling",
    }


def _people(ticket: Ticket | None) -> list[object]:
    if ticket is None or ticket.booking is None:
        return []
    return list(
        ticket.booking.attendees.filter(left_at=None).prefetch_related("applications__service")
    )


@desk_page(Action.CALL_NUMBERS)
def conditional(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is still to be brought, by the day on which it is due."""
    found = ConditionalAcceptance.objects.filter(ticket__office=desk.office)
    waiting = found.filter(settled_at=None)
    settled = found.filter(settled_at__gt=desk.now - _CAN_BE_REOPENED)
    if request.method == "POST":
        if "reopened" in request.POST:
            asked = whole_number(request.POST["reopened"])
            calling.reopen(get_object_or_404(settled, pk=asked))
        else:
            asked = whole_number(request.POST.get("settled", ""))
            calling.settle(get_object_or_404(waiting, pk=asked), desk.actor, desk.now)
        return HttpResponseRedirect(desk.url("desk-conditional"))
    context = {
        "desk": desk,
        "waiting": waiting.select_related("ticket__line"),
        "settled": settled.select_related("ticket", "settled_by").order_by("-settled_at"),
        "today": desk.today,
        "here": "conditional",
    }
    return render(request, "visits/conditional.html", context)
