"""My bookings: the list, one booking, its confirmation and its printed form."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applicants.contact import mask_contact, show_phone
from applicants.enums import Medium
from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required, is_citizen
from bookings.domain.deadlines import cancel_deadline, change_deadline, check_in_window
from bookings.domain.lateness import lateness_of, may_say_late
from bookings.domain.reminders import reminders_to_come
from bookings.enums import Status
from bookings.models import Booking
from bookings.pages.citizen.facts import (
    Row,
    appointment_rows,
    collection_day,
    delivery_text,
    people_of_booking,
    total_fee,
)
from bookings.pages.citizen.history import history_of
from bookings.pages.citizen.holder import booking_of, holder_required, open_grant
from bookings.pages.citizen.told import told_about
from bookings.wording import say_deadline, say_time
from offices.domain.policy import policy_for

PAST_A_PAGE = 10
# A hold that nobody confirmed never became an appointment.
NEVER_MADE = (Status.HELD, Status.EXPIRED)
OVER = (Status.SERVED, Status.CANCELLED, Status.NO_SHOW, Status.EXPIRED)


@require_safe
@citizen_required
def my_bookings(request: HttpRequest) -> HttpResponse:
    account, now = citizen_of(request), timezone.now()
    bookings = Booking.objects.filter(account=account).with_details()
    upcoming = list(bookings.upcoming(now).order_by("slot__starts_at", "pk"))
    past = bookings.exclude(pk__in=[booking.pk for booking in upcoming])
    made = past.exclude(status__in=NEVER_MADE).order_by("-slot__starts_at", "-pk")
    page = Paginator(made, PAST_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "bookings/mine.html", {"upcoming": upcoming, "page": page})


@require_safe
@holder_required
def detail(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_of(request, number)
    now = timezone.now()
    if _is_waiting(booking, now):
        return redirect("book-check", number)
    context = _context(request, booking, now) | {
        "events": history_of(booking),
        "told": told_about(booking),
        "may_say_late": may_say_late(booking, now),
        "late": lateness_of(booking),
        "may_book_again": booking.status in OVER and is_citizen(request),
    }
    return render(request, "bookings/detail.html", context)


@require_safe
@holder_required
def confirmed(request: HttpRequest, number: str) -> HttpResponse:
    """What the booker sees right after confirming; it may be looked at again."""
    booking = booking_of(request, number)
    if booking.status != Status.CONFIRMED:
        return redirect("booking", number)
    return render(request, "bookings/confirmed.html", _context(request, booking, timezone.now()))


@require_safe
@holder_required
def form(request: HttpRequest, number: str) -> HttpResponse:
    """One sheet a person, with all of their documents: one form, one number (三表合一)."""
    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    return render(request, "bookings/form.html", _context(request, booking, timezone.now()))


def own_booking(account: Account, number: str) -> Booking:
    """A booking of this account; for all others it doesn't exist."""
    bookings = Booking.objects.with_details().select_related("slot__office__bureau__parent")
    return get_object_or_404(bookings, number=number, account=account)


def _is_waiting(booking: Booking, now: dt.datetime) -> bool:
    still_held = booking.expires_at is not None and booking.expires_at > now
    return booking.status == Status.HELD and still_held


def _context(request: HttpRequest, booking: Booking, now: dt.datetime) -> dict[str, object]:
    deadline, cancel_until = change_deadline(booking), cancel_deadline(booking)
    zone = booking.slot.office.zone
    grant = open_grant(request, booking.number)
    policy = policy_for(booking.slot.office)
    check_in_from, _until = check_in_window(booking.slot, policy)
    return {
        "booking": booking,
        "rows": _rows(booking, by_code=grant is not None),
        "people": people_of_booking(booking),
        "fee": total_fee(booking),
        "collection": collection_day(booking),
        "deadline": say_deadline(deadline, zone),
        "may_change": booking.status == Status.CONFIRMED and now < deadline,
        "cancel_until": say_deadline(cancel_until, zone),
        "may_cancel": booking.status == Status.CONFIRMED and now < cancel_until,
        "reminders": [kind for kind, _at in reminders_to_come(booking, policy, now)],
        "is_upcoming": booking.status == Status.CONFIRMED and booking.slot.ends_at > now,
        "check_in_from": say_time(check_in_from.astimezone(zone)),
        "by_courier": booking.by_courier,
        "by_code_until": grant.until.astimezone(zone) if grant else None,
    }


def _rows(booking: Booking, *, by_code: bool) -> list[Row]:
    """Number and code may have passed through many hands: they show no phone and no address."""
    where, when = appointment_rows(booking)
    rows: list[Row] = [when, where]
    if booking.slot.office.phone:
        rows.append({"label": _("Phone of the office"), "value": booking.slot.office.phone})
    if reached := _reached(booking, masked=by_code):
        rows.append({"label": _("Messages go to"), "value": reached})
    delivery = delivery_text(booking, masked=by_code)
    rows.append({"label": _("Getting the documents"), "value": delivery})
    return rows


def _reached(booking: Booking, *, masked: bool) -> str:
    if not masked:
        return show_phone(booking.contact_phone) or booking.contact_email
    if booking.contact_phone:
        return mask_contact(Medium.SMS, booking.contact_phone)
    return mask_contact(Medium.EMAIL, booking.contact_email) if booking.contact_email else ""
