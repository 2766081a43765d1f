"""What a citizen sees when places can't be held: why, and what they can do now."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bookings.domain.errors import (
    AlreadyBooked,
    BookingError,
    NotEligible,
    Reason,
    SlotFull,
    Suspended,
)
from bookings.domain.parties import Party
from bookings.models import Booking
from bookings.pages.citizen.progress import CHECK, WHEN, show


def why_not(error: BookingError) -> dict[str, Any]:
    """What `includes/why_not.html` and `includes/ways.html` show."""
    refused = error.reasons if isinstance(error, NotEligible) else [error]
    return {"refused": refused, "ways": error.ways}


def ways_on(reasons: Sequence[Reason]) -> dict[str, Any]:
    """The same where the form itself says what is wrong."""
    return {
        "sources": list(dict.fromkeys(reason.source for reason in reasons if reason.source)),
        "ways": NotEligible(list(reasons)).ways,
    }


def cannot_change(request: HttpRequest, booking: Booking, error: BookingError) -> HttpResponse:
    """Instead of a change that is refused."""
    context = {"booking": booking, **why_not(error)}
    return render(request, "bookings/cannot_change.html", context, status=error.status)


def refuse(request: HttpRequest, error: BookingError, party: Party) -> HttpResponse:
    if isinstance(error, SlotFull):
        return redirect("book-full", party.slot_id)
    if isinstance(error, AlreadyBooked):
        context = why_not(error) | {"bookings": _own_bookings(error)}
        return show(request, "bookings/already_booked.html", WHEN, context, error.status)
    if isinstance(error, NotEligible):
        return show(request, "bookings/not_eligible.html", WHEN, why_not(error), error.status)
    if isinstance(error, Suspended):
        return show(request, "bookings/suspended.html", CHECK, why_not(error), error.status)
    messages.warning(request, str(error))
    return redirect("book-time")


def _own_bookings(error: AlreadyBooked) -> list[Booking]:
    """The account's own bookings that are in the way; those of others stay unseen."""
    in_the_way = Booking.objects.filter(number__in=error.own)
    return list(in_the_way.select_related("slot__office", "slot__session"))
