"""The check-in desk: a booking of today becomes a queue number (JJ-06)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.forms.typed import whole_number
from bookings.models import Booking
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.audience import conditions_of
from offices.domain.permissions import Action
from offices.domain.policy import policy_for
from offices.domain.walk_in import walk_in_allowed
from visits.domain.calling import pre_accept
from visits.domain.check_in import check_in, find_by_identity
from visits.domain.tickets import give_number, numbers_left, sessions_on_site
from visits.domain.walk_ins import give_walk_in_number
from visits.forms import ArrivalForm, WalkInForm
from visits.models import CheckIn, Ticket

LATEST = 10


@desk_page(Action.CHECK_IN)
def arrivals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One booking found is checked in at once; of several, the clerk picks one. Sessions that are
    free of booking have a button that gives a number."""
    if "session" in request.POST:
        return _give_number(request, desk)
    if "line" in request.POST:
        return _give_walk_in(request, desk)
    if "pre_accept" in request.POST:
        return _pre_accept(request, desk)
    form = ArrivalForm(request.POST or None)
    found: list[Booking] = []
    done: CheckIn | None = None
    if request.method == "POST" and form.is_valid():
        found = _find(desk, form)
        try:
            done = _receive(desk, form, found)
        except BookingError as refusal:
            form.add_error(None, refusal.message)
    return _page(
        request,
        desk,
        # Ready for whoever is next.
        form=ArrivalForm() if done else form,
        found=[] if done or form.errors else found,
        done=done,
    )


def _give_number(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A number for whoever stands there; asked again, one more."""
    asked = whole_number(request.POST["session"])
    session = get_object_or_404(sessions_on_site(desk.office, desk.now), pk=asked)
    try:
        given = give_number(session, desk.actor, desk.now)
    except BookingError as refusal:
        return _page(request, desk, form=ArrivalForm(), problem=refusal.message)
    return _page(request, desk, form=ArrivalForm(), given=given, session=session)


def _give_walk_in(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = WalkInForm(desk.office, request.POST)
    if not form.is_valid():
        return _page(request, desk, form=form, walk_in=form)
    line, priority = form.cleaned_data["line"], form.cleaned_data["priority"]
    try:
        given = give_walk_in_number(desk.office, line, priority, desk.actor, desk.now)
    except BookingError as refusal:
        return _page(request, desk, form=ArrivalForm(), problem=refusal.message, walk_in=form)
    return _page(request, desk, form=ArrivalForm(), given=given)


def _pre_accept(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody has done forms and photo at a machine (WH-02)."""
    today = Ticket.objects.filter(office=desk.office, date=desk.today)
    ticket = get_object_or_404(today, pk=whole_number(request.POST["pre_accept"]))
    pre_accept(ticket, desk.now)
    return HttpResponseRedirect(desk.url("desk-check-in"))


def _page(request: HttpRequest, desk: Desk, **context: Any) -> HttpResponse:
    context.setdefault("walk_in", WalkInForm(desk.office))
    context |= {
        "desk": desk,
        "on_site": [
            (session, conditions_of(session), numbers_left(session))
            for session in sessions_on_site(desk.office, desk.now)
        ],
        "may_add": Action.CHANGE_QUOTAS in desk.actions,
        "latest": _latest(desk),
        "here": "check-in",
    }
    return render(request, "visits/check_in.html", context)


def _find(desk: Desk, form: ArrivalForm) -> list[Booking]:
    if form.identity:
        bookings = find_by_identity(desk.office, form.identity, desk.now)
    else:
        # Of any day and office: checking in says what is wrong with it.
        bookings = Booking.objects.filter(number=form.number)
    return list(bookings.with_details())


def _receive(desk: Desk, form: ArrivalForm, found: list[Booking]) -> CheckIn | None:
    if not found:
        form.add_error("text", _without_booking(desk))
    if len(found) != 1:
        return None
    return check_in(found[0].pk, desk.office, Actor(operator=desk.account), desk.now)


def _without_booking(desk: Desk) -> str:
    if walk_in_allowed(policy_for(desk.office), desk.today):
        return _("No booking for today at this office. They can still take a walk-in number.")
    return _(
        "No booking for today at this office, which works by appointment only. Urgent matters and "
        "exemptions are served; for all others book a place here."
    )


def _latest(desk: Desk) -> list[CheckIn]:
    today = CheckIn.objects.filter(ticket__office=desk.office, ticket__date=desk.today)
    return list(today.select_related("ticket__line", "booking__slot__office")[:LATEST])
