"""The fourth question: which day and window. The answer holds the places."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.board import alternatives
from bookings.domain.eligibility import find_services
from bookings.domain.promise import person_places
from bookings.forms.citizen import WhenForm
from bookings.models import Slot
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.calendar import (
    Want,
    alternative_cards,
    asked_slot,
    calendar_for,
    full_in_booking,
)
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import channel_of, find_office, people_of
from bookings.pages.citizen.progress import WHEN, show
from bookings.pages.citizen.steps import current_hold, first_gap, take
from offices.domain import catalogue
from offices.domain.policy import policy_for
from offices.wording import say_day


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def when(request: HttpRequest) -> HttpResponse:
    """`?day=2026-08-03` shows the windows of that day."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHEN):
        return gap
    want = _want(request, draft)
    if request.method == "POST" and (slot_id := asked_slot(request, want)):
        return take(request, draft, slot_id)
    now = timezone.now()
    hold = current_hold(request, draft, now)
    want = replace(want, own_slot=hold.slot_id if hold else None)
    day = request.GET.get("day", "") or (hold.slot.date.isoformat() if hold else "")
    calendar = calendar_for(want, day, now, full_in_booking)
    form = WhenForm(
        posted(request),
        cards=calendar.groups,
        label=say_day(calendar.day) if calendar.day else "",
    )
    context = {
        "form": form,
        "calendar": calendar,
        "office": want.office,
        "notices": catalogue.notices(timezone.localdate(), want.office.pk),
        "places": want.places,
        "hold": hold,
        "hold_minutes": policy_for(want.office).hold_minutes,
    }
    return show(request, "bookings/when.html", WHEN, context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def full(request: HttpRequest, slot_id: int) -> HttpResponse:
    """The window had no room: the three least loaded others, everything else kept (JJ-10)."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHEN):
        return gap
    want = _want(request, draft)
    if request.method == "POST" and (chosen := asked_slot(request, want)):
        return take(request, draft, chosen)
    slots = Slot.objects.of_line(want.office, want.line).select_related("office__bureau__parent")
    slot = get_object_or_404(slots, pk=slot_id)
    others = alternatives(slot.pk, want.places, want.channel, timezone.now(), people=want.people)
    form = WhenForm(
        posted(request),
        cards=alternative_cards(want, others),
        label=_("Other times with room for you"),
    )
    context = {"form": form, "slot": slot, "others": others, "places": want.places}
    return show(request, "bookings/full.html", WHEN, context)


def _want(request: HttpRequest, draft: Draft) -> Want:
    office = find_office(draft.office)
    services = find_services(draft.services)
    if office is None or not services:
        raise Http404
    people = people_of(citizen_of(request), draft, timezone.localdate())
    places = sum(person_places(person, policy_for(office)) for person in people)
    line = next(iter(services.values())).line
    return Want(office, line, channel_of(request), places, people=people)
