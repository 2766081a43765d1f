"""One scan at any station opens the visit: the code of the form, or an identity card.

A hand scanner types what it reads and presses Enter, so that a field and a button are all it
takes (XM-25, XM-26).
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from applicants.pages.posted import posted
from bookings.models import Booking
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from visits.domain.check_in import find_by_identity
from visits.forms import ArrivalForm
from visits.models import Ticket


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking with the number that its party was given, if it has come."""

    booking: Booking
    ticket: Ticket | None


@desk_page(Action.FIND_BOOKINGS)
def scan(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By POST, so that no number of a person gets into an address or a log."""
    form = ArrivalForm(posted(request))
    found: list[Visit] = []
    if request.method == "POST" and form.is_valid():
        found = [_visit(booking) for booking in _find(desk, form)]
        if not found:
            form.add_error(
                "text", _("No booking of this office fits. Book a place or give a number.")
            )
    context = {
        "desk": desk,
        # Ready for the next scan.
        "form": ArrivalForm() if found else form,
        "found": found,
        "here": "scan",
    }
    return render(request, "visits/scan.html", context)


def _find(desk: Desk, form: ArrivalForm) -> list[Booking]:
    """Of a person those of today, by its number a booking of any day."""
    if form.identity:
        bookings = find_by_identity(desk.office, form.identity, desk.now)
    else:
        bookings = Booking.objects.filter(number=form.number, slot__office=desk.office)
    return list(bookings.with_details())


def _visit(booking: Booking) -> Visit:
    tickets = booking.tickets.select_related("line", "counter")
    return Visit(booking, tickets.order_by("-issued_at").first())
