"""“I'm running late”: said before one's time is over, answered with the truth."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.pages.posted import posted
from bookings.domain.deadlines import check_in_window
from bookings.domain.errors import BookingError
from bookings.domain.lateness import Lateness, may_say_late, say_late
from bookings.forms.late import LateForm
from bookings.pages.citizen.holder import actor_of, booking_of, holder_required
from bookings.pages.citizen.refusals import cannot_change
from bookings.wording import say_time
from offices.domain.policy import policy_for


@require_http_methods(["GET", "HEAD", "POST"])
@holder_required
def late(request: HttpRequest, number: str) -> HttpResponse:
    booking, now = booking_of(request, number), timezone.now()
    if not may_say_late(booking, now):
        return redirect("booking", number)
    form = LateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        minutes = form.cleaned_data["minutes"]
        try:
            said = say_late(booking.pk, minutes, actor_of(request, number), now)
        except BookingError as error:
            return cannot_change(request, booking, error)
        messages.success(request, answer_to(said))
        return redirect("booking", number)
    _opens, closes = check_in_window(booking.slot, policy_for(booking.slot.office))
    kept_until = say_time(closes.astimezone(booking.slot.office.zone))
    context = {"form": form, "booking": booking, "kept_until": kept_until}
    return render(request, "bookings/late.html", context)


def answer_to(said: Lateness) -> str:
    """What really happens at the hall."""
    values = {"expected": say_time(said.expected), "until": say_time(said.kept_until)}
    if said.in_time:
        text = _(
            "The office knows that you come at about %(expected)s. "
            "If you are there before %(until)s, your booking still counts."
        )
    else:
        text = _(
            "The office knows that you come at about %(expected)s. Your booking counts until "
            "%(until)s; afterwards you get a walk-in number and are served all the same."
        )
    return text % values
