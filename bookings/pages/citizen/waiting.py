"""Waiting for a place, and answering when one is offered (候补)."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.eligibility import find_services
from bookings.domain.errors import BookingError, HoldExpired
from bookings.domain.waiting import answering, earlier
from bookings.domain.waiting.entries import Wish, join, leave
from bookings.enums import OfferState, WaitingKind
from bookings.forms.waiting import ANYWHERE, HERE, WaitingForm
from bookings.models import Booking, WaitingEntry, WaitingOffer
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.facts import (
    Row,
    appointment_rows,
    collection_day,
    people_of_booking,
    total_fee,
    wanted_rows,
)
from bookings.pages.citizen.mine import own_booking
from bookings.pages.citizen.party import find_office, members, offices_offering
from bookings.pages.citizen.progress import WHEN, WHERE, show
from bookings.pages.citizen.steps import first_gap
from bookings.wording import say_moment
from offices.domain.policy import policy_for
from offices.models import Office

COUNTED_DOWN = dt.timedelta(hours=3)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wait(request: HttpRequest) -> HttpResponse:
    """`?day=` says which day was full; `?where=city` that any office of `?city=` will do."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHERE):
        return gap
    office, now = _office(request, draft), timezone.now()
    form = WaitingForm(
        posted(request),
        days=_days(office, now),
        office=office.label,
        city=office.city_label,
        initial=_initial(request, office, now),
    )
    if request.method == "POST" and form.is_valid() and _can_be_told(request, form):
        try:
            join(citizen_of(request), _wish(request, draft, office, form), now)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            text = _("You are on the waiting list. We send a message when a place is held for you.")
            messages.success(request, text)
            return redirect("my-bookings")
    policy = policy_for(office)
    context = {
        "form": form,
        "office": office,
        "people": [member.name for member in members(citizen_of(request), draft)],
        "answer_hours": _in_hours(policy.waiting_offer_minutes),
        "last_hours": _in_hours(policy.waiting_last_minutes),
    }
    return show(request, "bookings/wait.html", WHEN, context)


@require_POST
@citizen_required
def leave_list(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(WaitingEntry, pk=pk, account=citizen_of(request))
    leave(entry, timezone.now())
    if entry.kind == WaitingKind.EARLIER:
        messages.success(request, _("You won't be told of earlier times any more."))
    else:
        messages.success(request, _("You are off the waiting list."))
    return redirect("my-bookings")


@require_safe
@citizen_required
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """A place that is held for somebody who waited: take it, or let the next one have it."""
    booking, found = _own_offer(citizen_of(request), number)
    now = timezone.now()
    if found.state == OfferState.ACCEPTED:
        return redirect("booking", number)
    if found.state != OfferState.OPEN or found.expires_at <= now:
        return _over(request, booking, found)
    context = {
        "booking": booking,
        "offer": found,
        "now": now,
        # What lasts over night isn't counted in minutes.
        "counts_down": found.expires_at - now <= COUNTED_DOWN,
        "answer_by": say_moment(found.expires_at, booking.slot.office.zone),
        "rows": _rows(booking),
        "people": people_of_booking(booking),
        "fee": total_fee(booking),
        "collection": collection_day(booking),
    }
    return render(request, "bookings/offer.html", context)


@require_POST
@citizen_required
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """A second click finds the booking confirmed and changes nothing."""
    booking, found = _own_offer(citizen_of(request), number)
    try:
        answering.accept(found, timezone.now())
    except HoldExpired:
        return _over(request, booking, found)
    except BookingError as error:
        context = {"problem": str(error), "booking": booking}
        return render(request, "bookings/cannot_change.html", context, status=error.status)
    return redirect("booking-confirmed", number)


@require_POST
@citizen_required
def decline(request: HttpRequest, number: str) -> HttpResponse:
    _booking, found = _own_offer(citizen_of(request), number)
    answering.decline(found, timezone.now())
    found.refresh_from_db()
    if found.state == OfferState.ACCEPTED:
        return redirect("booking", number)
    messages.success(request, _("The place goes to the next one. You stay on the waiting list."))
    return redirect("my-bookings")


@require_POST
@citizen_required
def tell_earlier(request: HttpRequest, number: str) -> HttpResponse:
    account = citizen_of(request)
    booking = own_booking(account, number)
    try:
        earlier.ask_for_earlier(account, booking, timezone.now())
    except BookingError as error:
        context = {"problem": str(error), "booking": booking}
        return render(request, "bookings/cannot_change.html", context, status=error.status)
    text = _("We send a message when an earlier time is free, at most once a day.")
    messages.success(request, text)
    return redirect("booking", number)


def _can_be_told(request: HttpRequest, form: WaitingForm) -> bool:
    """False, with the reason on the form, for who signs in by a platform and named no contact."""
    if citizen_of(request).ways:
        return True
    text = _(
        "We couldn't tell you of a place. Add a phone number or an e-mail address to My account "
        "first."
    )
    form.add_error(None, text)
    return False


def _office(request: HttpRequest, draft: Draft) -> Office:
    """The one that was chosen, or the first that there is in the city that was asked for."""
    chosen = find_office(draft.office) if draft.office else None
    city = request.GET.get("city", "")
    if chosen and city in ("", chosen.city):
        return chosen
    offices = offices_offering(tuple(draft.services), timezone.localdate())
    there = [office for office in offices if office.city == city] or offices
    if not there:
        raise Http404
    return there[0]


def _days(office: Office, now: dt.datetime) -> list[dt.date]:
    """Those that are or will be given out within the horizon."""
    today = office.local_date(now)
    return [today + dt.timedelta(days=n) for n in range(policy_for(office).horizon_days + 1)]


def _initial(request: HttpRequest, office: Office, now: dt.datetime) -> dict[str, Any]:
    days = _days(office, now)
    asked = _asked_day(request)
    first, last = (asked, asked) if asked in days else (days[0], days[-1])
    return {
        "where": ANYWHERE if request.GET.get("where") == ANYWHERE else HERE,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "times": "",
    }


def _asked_day(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _wish(request: HttpRequest, draft: Draft, office: Office, form: WaitingForm) -> Wish:
    people = members(citizen_of(request), draft)
    line = next(iter(find_services(draft.services).values())).line
    return Wish(
        line=line,
        city=office.city,
        office=None if form.anywhere else office,
        first_day=form.cleaned_data["first_day"],
        last_day=form.cleaned_data["last_day"],
        people=tuple(member.pk for member in people),
        wanted={str(member.pk): draft.wanted_by(member.pk) for member in people},
        accompanied=draft.accompanied,
        from_time=form.from_time,
        until_time=form.until_time,
    )


def _own_offer(account: Account, number: str) -> tuple[Booking, WaitingOffer]:
    """For everybody else there is none."""
    booking = own_booking(account, number)
    return booking, get_object_or_404(WaitingOffer, booking=booking)


def _over(request: HttpRequest, booking: Booking, found: WaitingOffer) -> HttpResponse:
    context = {"booking": booking, "entry": found.entry}
    return render(request, "bookings/offer_over.html", context, status=HoldExpired.status)


def _rows(booking: Booking) -> list[Row]:
    people = people_of_booking(booking)
    where, when = appointment_rows(booking)
    who: Row = {
        "label": _("Who is coming"),
        "lines": [f"{p.attendee.name} {p.attendee.masked_number}" for p in people],
    }
    return [when, where, who, *wanted_rows(people)]


def _in_hours(minutes: int) -> str:
    """2; 1.5."""
    return f"{minutes / 60:g}"
