"""Cancelling and moving a booking."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.pages.posted import posted
from bookings.domain.board import alternatives
from bookings.domain.deadlines import cancel_deadline, change_deadline
from bookings.domain.errors import BookingError, NotEligible, SlotFull, SlotNotOpen, TooLate
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.targets import as_person
from bookings.enums import Status
from bookings.forms.citizen import WhenForm
from bookings.models import Booking, Slot
from bookings.pages.citizen.calendar import (
    Want,
    alternative_cards,
    asked_slot,
    calendar_for,
)
from bookings.pages.citizen.holder import actor_of, booking_of, holder_required
from bookings.pages.citizen.refusals import cannot_change
from bookings.wording import say_deadline
from offices.wording import say_day


@require_http_methods(["GET", "HEAD", "POST"])
@holder_required
def cancel_booking(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_of(request, number)
    if request.method == "POST":
        try:
            cancel(booking.pk, actor_of(request, booking.number), timezone.now())
        except BookingError as error:
            return cannot_change(request, booking, error)
        messages.success(request, _("The booking is cancelled."))
        return redirect("booking", number)
    deadline = cancel_deadline(booking)
    if refused := too_late(request, booking, deadline):
        return refused
    context = {"booking": booking, "deadline": say_deadline(deadline, booking.slot.office.zone)}
    return render(request, "bookings/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@holder_required
def move(request: HttpRequest, number: str) -> HttpResponse:
    """`?day=` shows the windows of that day. The old place is kept until the new one is ours."""
    booking = booking_of(request, number)
    if refused := too_late(request, booking, change_deadline(booking)):
        return refused
    want = _want(booking)
    if request.method == "POST" and (slot_id := asked_slot(request, want)):
        return _move_to(request, booking, slot_id)

    def full_url(slot_id: int) -> str:
        return reverse("booking-move-full", args=[number, slot_id])

    calendar = calendar_for(want, request.GET.get("day", ""), timezone.now(), full_url)
    form = WhenForm(
        posted(request),
        cards=calendar.groups,
        label=say_day(calendar.day) if calendar.day else "",
    )
    context = {
        "form": form,
        "calendar": calendar,
        "booking": booking,
        "office": want.office,
        "places": want.places,
    }
    return render(request, "bookings/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@holder_required
def move_full(request: HttpRequest, number: str, slot_id: int) -> HttpResponse:
    """The window that the booking was to move to is full; it stays where it is."""
    booking = booking_of(request, number)
    if refused := too_late(request, booking, change_deadline(booking)):
        return refused
    want = _want(booking)
    if request.method == "POST" and (chosen := asked_slot(request, want)):
        return _move_to(request, booking, chosen)
    slots = Slot.objects.of_line(want.office, want.line).select_related("office__bureau__parent")
    slot = get_object_or_404(slots, pk=slot_id)
    found = alternatives(
        slot.pk, want.places, want.channel, timezone.now(), count=4, people=want.people
    )
    others = [other for other in found if other.slot_id != booking.slot_id][:3]
    form = WhenForm(
        posted(request),
        cards=alternative_cards(want, others),
        label=_("Other times with room for you"),
    )
    context = {
        "form": form,
        "slot": slot,
        "others": others,
        "places": want.places,
        "booking": booking,
    }
    return render(request, "bookings/move_full.html", context)


def _want(booking: Booking) -> Want:
    return Want(
        booking.slot.office,
        booking.slot.line,
        booking.channel,
        booking.places,
        own_slot=booking.slot_id,
        people=tuple(as_person(attendee) for attendee in booking.attendees.all()),
    )


def _move_to(request: HttpRequest, booking: Booking, slot_id: int) -> HttpResponse:
    try:
        reschedule(booking.pk, slot_id, actor_of(request, booking.number), timezone.now())
    except SlotFull:
        return redirect("booking-move-full", booking.number, slot_id)
    except (NotEligible, SlotNotOpen) as error:
        messages.warning(request, str(error))
        return redirect("booking-move", booking.number)
    except BookingError as error:
        return cannot_change(request, booking, error)
    messages.success(request, _("Your booking has moved. The booking number stays the same."))
    return redirect("booking", booking.number)


def too_late(request: HttpRequest, booking: Booking, deadline: dt.datetime) -> HttpResponse | None:
    """Instead of a question whose answer would be refused."""
    if booking.status != Status.CONFIRMED:
        return redirect("booking", booking.number)
    if timezone.now() < deadline:
        return None
    return cannot_change(request, booking, TooLate(deadline, booking.slot.office.zone))
