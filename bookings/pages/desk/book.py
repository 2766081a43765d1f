"""The phone desk: an operator books for a caller, or for somebody at the counter (XM-12)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from applicants.domain import periods
from applicants.domain.consents import VERSIONS
from applicants.enums import ConsentKind
from bookings.domain.availability import SlotView, slots
from bookings.domain.eligibility import find_session
from bookings.domain.errors import BookingError, NotEligible
from bookings.domain.lifecycle import record
from bookings.domain.parties import Party
from bookings.domain.promise import book as promise
from bookings.enums import Channel, EventKind
from bookings.forms.phone import CallerPersonForm, CallForm, rows_to_check, rows_to_type
from bookings.models import Booking
from bookings.pages.desk.bookings import JUST_BOOKED
from bookings.pages.desk.gate import Desk, asked_day, asked_line, desk_page
from bookings.wording import level_of, say_hours
from offices.domain.audience import terms_of
from offices.domain.permissions import Action
from offices.domain.policy import policy_for
from offices.models import OfficeService, Service, ServiceLine

Rows: TypeAlias = "BaseFormSet[CallerPersonForm]"


@dataclass(frozen=True)
class _Window:
    """A window as the operator chooses it."""

    view: SlotView
    label: str
    level: str


@dataclass
class _Sheet:
    """The page's form: one line and day, its windows, the call and the people."""

    desk: Desk
    line: ServiceLine
    date: dt.date
    windows: list[_Window]
    call: CallForm
    people: Rows
    problems: list[str]


@desk_page(Action.BOOK_FOR_OTHERS)
def book(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One sheet: its buttons show the times of another day, add a row, or book.

    Whatever was typed stays through all of them.
    """
    line = asked_line(request, desk)
    if line is None:
        return render(request, "desk/book.html", {"desk": desk, "here": "book"})
    sheet = _sheet(request, desk, line)
    if request.POST.get("do") == "book":
        booking = _book(sheet)
        if booking is not None:
            request.session[JUST_BOOKED] = booking.number
            return HttpResponseRedirect(desk.url("desk-booking", booking.number))
    return render(request, "desk/book.html", _context(sheet))


def _sheet(request: HttpRequest, desk: Desk, line: ServiceLine) -> _Sheet:
    date = asked_day(request, desk)
    typed = request.POST if request.method == "POST" else None
    booking = typed is not None and typed.get("do") == "book"
    channel = typed.get("channel", "") if typed else ""
    if channel not in (Channel.PHONE, Channel.COUNTER):
        channel = Channel.PHONE
    windows = [_window(view, desk) for view in slots(desk.office, line, date, channel, desk.now)]
    choices = [(window.view.id, window.label) for window in windows]
    services, most = services_at(desk, line, date), policy_for(desk.office).max_party
    if booking and typed:
        people = rows_to_check(typed, services=services, most=most)
        call = CallForm(typed, windows=choices)
    else:
        more = typed is not None and typed.get("do") == "more"
        people = rows_to_type(typed, services=services, most=most, more=more)
        call = CallForm(initial=_typed_call(request), windows=choices)
    return _Sheet(desk, line, date, windows, call, people, [])


def _typed_call(request: HttpRequest) -> dict[str, Any]:
    names = ("channel", "slot", "phone", "language", "notice_read")
    return {name: request.POST[name] for name in names if name in request.POST}


def _window(view: SlotView, desk: Desk) -> _Window:
    session = find_session(view.session_id)
    words = (session.label, *terms_of(session)) if session else ()
    label = " · ".join([say_hours(view.starts_at, view.ends_at, desk.office.zone), *words])
    return _Window(view, label, level_of(view.state, view.places_left, view.capacity))


def services_at(desk: Desk, line: ServiceLine, date: dt.date) -> list[tuple[str, str]]:
    """What the office handles at this line on this day: codes and names."""
    offered = OfficeService.objects.in_force(date).filter(office=desk.office).values("service")
    services = Service.objects.filter(pk__in=offered, line=line, is_active=True)
    return [(service.code, service.label) for service in services]


def _book(sheet: _Sheet) -> Booking | None:
    """The booking; None, with the reasons on the sheet, where it can't be made."""
    if not (sheet.call.is_valid() & sheet.people.is_valid()):
        return None
    people = [form for form in sheet.people if form.has_changed()]
    party = Party(
        slot_id=sheet.call.cleaned_data["slot"],
        channel=sheet.call.cleaned_data["channel"],
        people=tuple(form.asked_for() for form in people),
        contact=sheet.call.contact(),
        purpose=sheet.call.cleaned_data["purpose"],
    )
    try:
        booking = promise(party, sheet.desk.actor, sheet.desk.now)
        words = VERSIONS[ConsentKind.NOTICE]
        record(booking, EventKind.INFORMED, sheet.desk.actor, sheet.desk.now, version=words)
        return booking
    except NotEligible as refusal:
        sheet.problems = [reason.message for reason in refusal.reasons]
    except BookingError as refusal:
        sheet.problems = [refusal.message]
    return None


def _context(sheet: _Sheet) -> dict[str, Any]:
    return {
        "desk": sheet.desk,
        "line": sheet.line,
        "lines": sheet.desk.lines(),
        "day": sheet.date,
        "windows": sheet.windows,
        "chosen": str(sheet.call["slot"].value() or ""),
        "form": sheet.call,
        "kept": periods.days()[periods.BOOKINGS],
        "people": sheet.people,
        "room_for_more": sheet.people.total_form_count() < policy_for(sheet.desk.office).max_party,
        "problems": sheet.problems,
        "here": "book",
    }
