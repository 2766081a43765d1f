"""Looking after a booking without an account: its number and its code open it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applicants.pages.access import client_address, is_citizen
from applicants.pages.posted import posted
from bookings.domain.code_access import CodeRefused, TooManyTries, open_by_code
from bookings.forms.manage import ManageForm
from bookings.models import Booking
from bookings.pages.citizen.holder import end_grant, give_grant


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """The same answer for a number that doesn't exist and for a wrong code."""
    form = ManageForm(posted(request))
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, _open(request, form))
        except CodeRefused:
            told = _("No booking has this number and this code. Check both, digit by digit.")
            form.add_error(None, told)
        except TooManyTries:
            form.add_error(None, _("Too many tries. Please try again in an hour, or call us."))
            status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "bookings/manage.html", {"form": form}, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """For a phone that was lent, or a computer that others use."""
    end_grant(request)
    messages.success(request, _("The booking is closed on this device."))
    return redirect("home")


def _open(request: HttpRequest, form: ManageForm) -> Booking:
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    return open_by_code(number, code, client_address(request), timezone.now())


def _enter(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Who booked it with the account that is signed in needs no grant."""
    if not (is_citizen(request) and booking.account_id == request.user.pk):
        give_grant(request, booking)
    return redirect("booking", booking.number)
