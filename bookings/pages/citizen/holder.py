"""Whose a booking is: the account's that made it, and whoever's who has shown its code.

Showing the code leaves a grant in the session: for this booking, for half an hour.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.pages.access import citizen_of, citizen_required, is_citizen
from bookings.domain.code_access import within_reach
from bookings.domain.parties import Actor
from bookings.models import Booking

Page = Callable[..., HttpResponse]

_KEY = "managing"
LASTS = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Grant:
    """The booking with this number is open to this browser until then."""

    number: str
    until: dt.datetime


def give_grant(request: HttpRequest, booking: Booking) -> None:
    """Open this booking, and none that was open before. The session gets a new key."""
    request.session.cycle_key()
    until = timezone.now() + LASTS
    request.session[_KEY] = {"number": booking.number, "until": until.timestamp()}


def end_grant(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def grant_of(request: HttpRequest) -> Grant | None:
    """What was granted last, even if its time is over."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    return Grant(kept["number"], dt.datetime.fromtimestamp(kept["until"], dt.UTC))


def holder_required(page: Page) -> Page:
    """A page of one booking, `number`, for its account and for who has shown its code.

    Strangers are led to the sign-in, those whose half hour is over to the form for the code; to
    everybody else the booking isn't there. The page is kept out of caches.
    """
    for_citizens = citizen_required(page)

    @wraps(page)
    def guarded(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponse:
        grant = grant_of(request)
        if grant is None or (is_citizen(request) and grant.number != number):
            return for_citizens(request, number, *args, **kwargs)
        if grant.until <= timezone.now():
            return _lapsed(request)
        response = page(request, number, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def booking_of(request: HttpRequest, number: str) -> Booking:
    """With all that there is to read about it. Raises Http404 where it isn't the holder's."""
    bookings = Booking.objects.with_details().select_related("slot__office__bureau__parent")
    if open_grant(request, number):
        bookings = bookings.filter(pk__in=within_reach(timezone.now()))
    elif is_citizen(request):
        bookings = bookings.filter(account=citizen_of(request))
    else:
        bookings = bookings.none()
    booking = bookings.filter(number=number).first()
    if booking is None:
        raise Http404
    return booking


def open_grant(request: HttpRequest, number: str) -> Grant | None:
    """What opens this booking just now, unless it is the account that does."""
    grant = grant_of(request)
    live = grant is not None and grant.number == number and grant.until > timezone.now()
    return grant if live else None


def actor_of(request: HttpRequest, number: str) -> Actor:
    """Who changes the booking."""
    if open_grant(request, number):
        return Actor(by_code=True)
    return Actor(account=citizen_of(request))


def _lapsed(request: HttpRequest) -> HttpResponse:
    end_grant(request)
    messages.warning(request, _("The half hour is over. Enter number and code again to go on."))
    return redirect("manage")
