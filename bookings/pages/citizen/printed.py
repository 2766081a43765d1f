"""What people take along: the confirmation, the pre-filled form, an entry for their calendar.

Each is shown by the browser itself; the pages of the same content print as well, for browsers
that open no files, e.g. WeChat's. The libraries are imported where they are used: few need them.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from bookings.enums import Status
from bookings.models import Booking
from bookings.pages.citizen.holder import booking_of, holder_required, open_grant
from bookings.pages.citizen.mine import NEVER_MADE


@require_safe
@holder_required
def confirmation(request: HttpRequest, number: str) -> HttpResponse:
    from bookings.pages.citizen import sheets

    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    masked = open_grant(request, number) is not None
    return _pdf(sheets.confirmation(booking, masked=masked), f"{number}.pdf")


@require_safe
@holder_required
def form(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever has only number and code writes the identity numbers by hand."""
    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    return filled_in_form(booking, masked=open_grant(request, number) is not None)


def filled_in_form(booking: Booking, *, masked: bool = False) -> HttpResponse:
    from bookings.pages.citizen import sheets

    return _pdf(sheets.filled_in_form(booking, masked=masked), f"{booking.number}-form.pdf")


@require_safe
@holder_required
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    from bookings.pages.citizen.event import calendar_file

    booking = booking_of(request, number)
    if booking.status != Status.CONFIRMED:
        return redirect("booking", number)
    response = HttpResponse(calendar_file(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{number}.ics"'
    return response


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
