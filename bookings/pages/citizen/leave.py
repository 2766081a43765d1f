"""Some of the party won't come: they leave, the others keep their places."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.pages.posted import posted
from bookings.domain.deadlines import cancel_deadline
from bookings.domain.errors import BookingError, NotEligible
from bookings.domain.leaving import leave
from bookings.enums import Status
from bookings.forms.leaving import LeaveForm
from bookings.models import Booking
from bookings.pages.citizen.change import too_late
from bookings.pages.citizen.holder import actor_of, booking_of, holder_required
from bookings.pages.citizen.refusals import cannot_change, ways_on
from bookings.wording import say_deadline


@require_http_methods(["GET", "HEAD", "POST"])
@holder_required
def leave_party(request: HttpRequest, number: str) -> HttpResponse:
    """All of them at once is cancelling, which has a page of its own."""
    booking = booking_of(request, number)
    deadline = cancel_deadline(booking)
    if refused := too_late(request, booking, deadline):
        return refused
    if booking.attendees.count() < 2:
        return redirect("booking-cancel", number)
    form = LeaveForm(posted(request), party=list(booking.attendees.all()))
    ways: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            return _leave(request, booking, form)
        except NotEligible as error:
            form.add_error("people", str(error))
            ways = ways_on(error.reasons)
        except BookingError as error:
            return cannot_change(request, booking, error)
    context = {
        "form": form,
        "booking": booking,
        "deadline": say_deadline(deadline, booking.slot.office.zone),
        **ways,
    }
    return render(request, "bookings/leave.html", context)


def _leave(request: HttpRequest, booking: Booking, form: LeaveForm) -> HttpResponse:
    left = leave(
        booking.pk,
        form.cleaned_data["people"],
        actor_of(request, booking.number),
        timezone.now(),
        accompanied=form.cleaned_data.get("accompanied", False),
    )
    told = _("Done. The others keep their places, under the same number.")
    if left.status == Status.CANCELLED:
        told = _("The booking is cancelled.")
    messages.success(request, told)
    return redirect("booking", booking.number)
