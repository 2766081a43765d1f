"""Staff put right the details of somebody who is booked (帮办, JJ-03)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.domain.correcting import correct_person
from bookings.domain.errors import BookingError, NotEligible
from bookings.domain.lifecycle import OPEN_STATUSES
from bookings.forms.correct import CorrectionForm
from bookings.models import Attendee, Booking
from bookings.pages.desk.book import services_at
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action


@desk_page(Action.BOOK_FOR_OTHERS)
def correct(request: HttpRequest, desk: Desk, number: str, position: int) -> HttpResponse:
    bookings = Booking.objects.filter(slot__office=desk.office, status__in=OPEN_STATUSES)
    booking = get_object_or_404(bookings.with_details(), number=number)
    one = _somebody(booking, position)
    form = CorrectionForm(
        request.POST or None,
        attendee=one,
        services=services_at(desk, booking.slot.line, booking.slot.date),
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(booking.pk, form.correction(), desk.actor, desk.now)
        except NotEligible as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason.message)
        except BookingError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Corrected. A message says so to the holder."))
            return HttpResponseRedirect(desk.url("desk-booking", number))
    context = {"desk": desk, "booking": booking, "person": one, "form": form, "here": "bookings"}
    return render(request, "desk/correct.html", context)


def _somebody(booking: Booking, position: int) -> Attendee:
    for one in booking.attendees.all():
        if one.position == position:
            return one
    raise Http404
