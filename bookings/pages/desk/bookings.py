"""Finding a booking of the office, and what staff may do about it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from applicants.contact import show_phone
from applicants.enums import Medium, MessageKind
from applicants.identity import Identity
from applicants.models import Message
from applicants.models.account import contact_hash
from bookings.domain.availability import SlotView, slots
from bookings.domain.errors import BookingError
from bookings.domain.in_the_way import tell
from bookings.domain.leaving import leave
from bookings.domain.lifecycle import OPEN_STATUSES, cancel, reschedule
from bookings.enums import Status
from bookings.forms.desk import NoticeForm, SureForm
from bookings.forms.leaving import LeaveForm
from bookings.forms.phone import FindForm
from bookings.forms.typed import whole_number
from bookings.models import Attendee, Booking, Slot
from bookings.pages.citizen.facts import people_of_booking
from bookings.pages.desk.gate import Desk, asked_day, desk_page
from bookings.wording import level_of, say_hours
from offices.domain.permissions import Action

FOUND = 50
JUST_BOOKED = "desk_booked"


@desk_page(Action.FIND_BOOKINGS)
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By POST, so that no number of a person gets into an address or a log."""
    form = FindForm(request.POST or None)
    searched = request.method == "POST" and form.is_valid()
    found: list[Booking] = []
    if searched:
        bookings = Booking.objects.filter(_matches(form), slot__office=desk.office).distinct()
        found = list(bookings.with_details().order_by("-slot__starts_at")[:FOUND])
        if len(found) == 1:
            return HttpResponseRedirect(desk.url("desk-booking", found[0].number))
    context = {"desk": desk, "form": form, "found": found, "searched": searched, "here": "bookings"}
    return render(request, "desk/bookings.html", context)


def _matches(form: FindForm) -> Q:
    key = form.cleaned_data["key"]
    if isinstance(key, Identity):
        # Whose details are deleted is found by nobody.
        known = Attendee.objects.filter(identity_hash=key.hash).exclude(name="")
        return Q(pk__in=known.values("booking"))
    if form.cleaned_data["by"] == FindForm.PHONE:
        return Q(contact_phone_hash=contact_hash(Medium.SMS, key))
    return Q(number=key)


@desk_page(Action.FIND_BOOKINGS)
def booking(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found = Booking.objects.filter(slot__office=desk.office, number=number).with_details()
    shown = get_object_or_404(found.select_related("operator", "partner"))
    forms: dict[str, Form] = {}
    problem = ""
    if request.method == "POST":
        if Action.BOOK_FOR_OTHERS not in desk.actions:
            raise PermissionDenied
        try:
            if _act(request, desk, shown, forms):
                return HttpResponseRedirect(desk.url("desk-booking", number))
        except BookingError as refusal:
            problem = refusal.message
            shown.refresh_from_db()
    context = _context(request, desk, shown) | {
        "notice": forms.get("tell") or NoticeForm(),
        "sure": forms.get("cancel") or SureForm(),
        "leaving": forms.get("leave") or LeaveForm(party=list(shown.attendees.all())),
        "form": next(iter(forms.values()), None),
        "problem": problem,
    }
    return render(request, "desk/booking.html", context)


def _act(request: HttpRequest, desk: Desk, shown: Booking, forms: dict[str, Form]) -> bool:
    """Do what the pressed button says; False where its form isn't filled in rightly."""
    act = request.POST.get("act")
    if act == "move":
        _move(request, desk, shown)
        return True
    if act == "cancel":
        return _cancel(request, desk, shown, forms)
    if act == "leave":
        return _leave(request, desk, shown, forms)
    if act == "tell":
        return _tell(request, desk, shown, forms)
    raise Http404


def _move(request: HttpRequest, desk: Desk, shown: Booking) -> None:
    wanted = whole_number(request.POST.get("slot", ""))
    slot = get_object_or_404(Slot, office=desk.office, line=shown.slot.line_id, pk=wanted)
    reschedule(shown.pk, slot.pk, desk.actor, desk.now, by_staff=True)
    messages.success(request, _("The booking was moved. A message says so to its holder."))


def _cancel(request: HttpRequest, desk: Desk, shown: Booking, forms: dict[str, Form]) -> bool:
    form = forms["cancel"] = SureForm(request.POST)
    if not form.is_valid():
        return False
    cancel(shown.pk, desk.actor, desk.now, by_staff=True)
    messages.success(request, _("The booking was cancelled. A message says so to its holder."))
    return True


def _leave(request: HttpRequest, desk: Desk, shown: Booking, forms: dict[str, Form]) -> bool:
    form = forms["leave"] = LeaveForm(request.POST, party=list(shown.attendees.all()))
    if not form.is_valid():
        return False
    leave(
        shown.pk,
        form.cleaned_data["people"],
        desk.actor,
        desk.now,
        accompanied=form.cleaned_data.get("accompanied", False),
        by_staff=True,
    )
    messages.success(request, _("Taken out. A message says so to the holder of the booking."))
    return True


def _tell(request: HttpRequest, desk: Desk, shown: Booking, forms: dict[str, Form]) -> bool:
    form = forms["tell"] = NoticeForm(request.POST)
    if not form.is_valid():
        return False
    tell([shown.number], desk.office.pk, form.cleaned_data["notice"], desk.now)
    messages.success(request, _("The message is on its way."))
    return True


def _context(request: HttpRequest, desk: Desk, shown: Booking) -> dict[str, Any]:
    is_open = shown.status in OPEN_STATUSES and shown.slot.ends_at > desk.now
    changeable = is_open and Action.BOOK_FOR_OTHERS in desk.actions
    day = asked_day(request, desk) if "date" in request.GET else shown.slot.date
    day = max(day, desk.today)
    written = Message.objects.filter(reference=shown.number).order_by("due_at")
    told = written.filter(kind=MessageKind.OFFICE_NOTICE, version=shown.version).exists()
    reachable = bool(shown.contact_phone or shown.contact_email)
    return {
        "desk": desk,
        "booking": shown,
        "people": people_of_booking(shown),
        "phone": show_phone(shown.contact_phone),
        "just_booked": request.session.pop(JUST_BOOKED, None) == shown.number,
        "changeable": changeable,
        "tellable": changeable and reachable and shown.status == Status.CONFIRMED and not told,
        "day": day,
        "windows": _windows(desk, shown, day) if changeable else [],
        "events": shown.events.select_related("account", "partner"),
        "written": written,
        "here": "bookings",
    }


def _windows(desk: Desk, shown: Booking, day: dt.date) -> list[tuple[SlotView, str, str]]:
    """The other windows of the line on this day: view, hours, level."""
    views = slots(desk.office, shown.slot.line, day, shown.channel, desk.now)
    return [
        (
            view,
            say_hours(view.starts_at, view.ends_at, desk.office.zone),
            level_of(view.state, view.places_left, view.capacity),
        )
        for view in views
        if view.id != shown.slot_id
    ]
