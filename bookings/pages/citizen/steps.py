"""What comes next in a booking."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from applicants.pages.access import citizen_of, is_citizen
from bookings.domain.eligibility import find_services
from bookings.domain.errors import BookingError
from bookings.domain.holding import hold_instead, live_holds
from bookings.models import Booking
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import members, party_for
from bookings.pages.citizen.progress import WHAT, WHEN, WHERE, WHO
from bookings.pages.citizen.refusals import refuse


def first_gap(request: HttpRequest, draft: Draft, before: int) -> HttpResponse | None:
    """Leads to the first question before step `before` that has no answer yet."""
    if before > WHAT and not draft.services:
        return redirect("book")
    if before > WHO and not members(citizen_of(request), draft):
        return redirect("book-people")
    if before > WHERE and not draft.office:
        return redirect("book-office")
    return None


def go_on(request: HttpRequest, draft: Draft, answered: int) -> HttpResponse:
    """The page after step `answered`.

    While places are held the hold follows the changed answers, and the booker is led back to
    check them.
    """
    hold = current_hold(request, draft, timezone.now()) if is_citizen(request) else None
    if hold is not None and _may_stay(hold, draft):
        return first_gap(request, draft, WHEN) or take(request, draft, hold.slot_id)
    if answered == WHAT:
        return redirect("book-people")
    if answered == WHO and not draft.office_given:
        return redirect("book-office")
    return first_gap(request, draft, WHEN) or redirect("book-time")


def _may_stay(hold: Booking, draft: Draft) -> bool:
    """The hold's office and counters are still those that the answers ask for."""
    lines = {service.line_id for service in find_services(draft.services).values()}
    return hold.slot.office.code == draft.office and lines == {hold.slot.line_id}


def current_hold(request: HttpRequest, draft: Draft, now: dt.datetime) -> Booking | None:
    if not draft.hold:
        return None
    holds = live_holds(citizen_of(request), now).select_related("slot__office")
    return holds.filter(number=draft.hold).first()


def take(request: HttpRequest, draft: Draft, slot_id: int) -> HttpResponse:
    """Hold the window for the party, and go on to check the answers."""
    now = timezone.now()
    party = party_for(request, draft, slot_id, timezone.localdate(now))
    try:
        booking = hold_instead(citizen_of(request), party, now, draft.hold)
    except BookingError as error:
        return refuse(request, error, party)
    draft.hold = booking.number
    drafts.save(request, draft)
    return redirect("book-check", booking.number)
