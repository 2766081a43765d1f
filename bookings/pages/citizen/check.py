"""The last step: check the answers while the places are held, and confirm."""

import datetime as dt
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants.contact import show_phone
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.deadlines import change_deadline
from bookings.domain.errors import BookingError, HoldExpired
from bookings.domain.holding import change_contact
from bookings.domain.lifecycle import cancel, confirm
from bookings.domain.parties import Actor
from bookings.enums import Status
from bookings.forms.citizen import ContactForm
from bookings.models import Booking, WaitingOffer
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.facts import (
    Row,
    appointment_rows,
    collection_day,
    delivery_text,
    people_of_booking,
    total_fee,
    wanted_rows,
)
from bookings.pages.citizen.progress import CHECK, show
from bookings.pages.citizen.refusals import cannot_change
from bookings.wording import say_deadline


@require_safe
@citizen_required
def check(request: HttpRequest, number: str) -> HttpResponse:
    booking = _own(request, number)
    now = timezone.now()
    if elsewhere := _not_held(request, booking, now):
        return elsewhere
    if not (booking.contact_phone or booking.contact_email):
        # Whoever signed in with an identity platform may have none.
        return redirect("book-contact", number)
    context = {
        "booking": booking,
        "now": now,
        "rows": _rows(booking),
        "people": people_of_booking(booking),
        "fee": total_fee(booking),
        "collection": collection_day(booking),
        "cancel_until": _cancel_only_until(booking, now),
    }
    return show(request, "bookings/check.html", CHECK, context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """How the party is reached, and how it gets its documents."""
    booking = _own(request, number)
    now = timezone.now()
    if elsewhere := _not_held(request, booking, now):
        return elsewhere
    form = ContactForm(posted(request), initial=_contact_of(booking))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            change_contact(
                booking,
                form.contact(get_language() or settings.LANGUAGE_CODE),
                values["delivery"],
                values["delivery_address"],
                now,
            )
        except HoldExpired:
            return _expired(request, booking)
        return redirect("book-check", number)
    return show(request, "bookings/contact.html", CHECK, {"form": form, "booking": booking})


@require_POST
@citizen_required
def confirm_hold(request: HttpRequest, number: str) -> HttpResponse:
    """A second click finds the booking confirmed and changes nothing."""
    booking = _own_row(request, number)
    try:
        confirm(booking.pk, Actor(account=citizen_of(request)), timezone.now())
    except HoldExpired:
        return _expired(request, booking)
    except BookingError as error:
        return cannot_change(request, booking, error)
    drafts.discard(request)
    return redirect("booking-confirmed", number)


@require_POST
@citizen_required
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    """Give the held places back. A confirmed booking is cancelled on its own page."""
    booking = _own_row(request, number)
    if booking.status == Status.HELD:
        with suppress(HoldExpired):
            cancel(booking.pk, Actor(account=citizen_of(request)), timezone.now())
    return redirect("my-bookings")


def _own(request: HttpRequest, number: str) -> Booking:
    """With all that there is to read about it."""
    bookings = Booking.objects.with_details().select_related("slot__office__bureau__parent")
    return get_object_or_404(bookings, number=number, account=citizen_of(request))


def _own_row(request: HttpRequest, number: str) -> Booking:
    return get_object_or_404(Booking, number=number, account=citizen_of(request))


def _not_held(request: HttpRequest, booking: Booking, now: dt.datetime) -> HttpResponse | None:
    """The page to show instead when there is nothing left to check."""
    if booking.status == Status.EXPIRED:
        return _expired(request, booking)
    if booking.status != Status.HELD or booking.expires_at is None:
        return redirect("booking", booking.number)
    if WaitingOffer.objects.filter(booking=booking).exists():
        return redirect("waiting-offer", booking.number)
    return _expired(request, booking) if booking.expires_at <= now else None


def _expired(request: HttpRequest, booking: Booking) -> HttpResponse:
    return show(request, "bookings/expired.html", CHECK, {"booking": booking}, HoldExpired.status)


def _cancel_only_until(booking: Booking, now: dt.datetime) -> str:
    """Where it is too late for moving already: what is left to whoever confirms; "" elsewhere."""
    if now < change_deadline(booking):
        return ""
    return say_deadline(booking.slot.starts_at, booking.slot.office.zone)


def _rows(booking: Booking) -> list[Row]:
    contact_url = reverse("book-contact", args=[booking.number])
    where, when = appointment_rows(booking)
    reached = show_phone(booking.contact_phone) or booking.contact_email
    delivery = delivery_text(booking)
    return [
        {**when, "change_url": reverse("book-time")},
        {**where, "change_url": reverse("book-office")},
        *_people_rows(booking),
        *_purpose_rows(booking),
        {"label": _("Messages go to"), "value": reached, "change_url": contact_url},
        {"label": _("Getting the documents"), "value": delivery, "change_url": contact_url},
    ]


def _people_rows(booking: Booking) -> list[Row]:
    people = people_of_booking(booking)
    several = len({a.service_id for each in people for a in each.applications}) > 1
    what = "book-wanted" if several and len(people) > 1 else "book"
    people_row: Row = {
        "label": _("Who is coming"),
        "lines": [f"{p.attendee.name} {p.attendee.masked_number}" for p in people],
        "change_url": reverse("book-people"),
    }
    return [people_row, *({**row, "change_url": reverse(what)} for row in wanted_rows(people))]


def _purpose_rows(booking: Booking) -> list[Row]:
    if not booking.purpose:
        return []
    purpose = str(booking.get_purpose_display())
    return [{"label": _("Purpose of the journey"), "value": purpose, "change_url": reverse("book")}]


def _contact_of(booking: Booking) -> dict[str, str]:
    return {
        "phone": show_phone(booking.contact_phone),
        "email": booking.contact_email,
        "delivery": booking.delivery,
        "delivery_address": booking.delivery_address,
    }
