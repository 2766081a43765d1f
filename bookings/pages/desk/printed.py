"""The filled-in form of a party, printed at the desk for who brings none (XM-25)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from bookings.pages.citizen.mine import NEVER_MADE
from bookings.pages.citizen.printed import filled_in_form
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action


@desk_page(Action.FIND_BOOKINGS)
def form(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:  # noqa: ARG001
    bookings = Booking.objects.filter(slot__office=desk.office).exclude(status__in=NEVER_MADE)
    return filled_in_form(get_object_or_404(bookings.with_details(), number=number))
