"""What somebody waits for, on the pages of their bookings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Account
from bookings.domain.waiting.entries import IN_THE_QUEUE, names_booked, people_of
from bookings.enums import OfferState, WaitingKind, WaitingState
from bookings.forms.waiting import TIMES, times_of
from bookings.models import Booking, WaitingEntry, WaitingOffer
from bookings.wording import say_moment
from offices.domain.cities import city_label
from offices.wording import say_days, say_list

register = template.Library()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry as its household reads it."""

    entry: WaitingEntry
    days: str
    where: str
    times: str
    people: str
    # Who is in the way of an offer by a booking of their own.
    booked: str
    # What is held for them just now.
    offer: WaitingOffer | None
    answer_by: str


@register.inclusion_tag("bookings/includes/waiting.html", takes_context=True)
def my_waiting(context: dict[str, Any]) -> dict[str, Any]:
    """Everything that the reader waits for."""
    now = timezone.now()
    account: Account = context["request"].user
    entries = WaitingEntry.objects.filter(account=account, state__in=IN_THE_QUEUE)
    details = entries.select_related("office", "line", "booking__slot__office")
    waiting = [_waiting(entry, account, now) for entry in details.order_by("first_day", "pk")]
    return {"waiting": waiting, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def earlier_alert(booking: Booking) -> WaitingEntry | None:
    """What was asked for by those who would rather come earlier; None if nothing was."""
    asked = WaitingEntry.objects.filter(
        booking=booking, kind=WaitingKind.EARLIER, state=WaitingState.WAITING
    )
    return asked.first()


def _waiting(entry: WaitingEntry, account: Account, now: dt.datetime) -> Waiting:
    entry.account = account
    people = people_of(entry, entry.first_day) if entry.kind == WaitingKind.PLACE else ()
    held = entry.state == WaitingState.OFFERED
    offers = entry.offers.filter(state=OfferState.OPEN, expires_at__gt=now)
    offer = offers.select_related("booking__slot__office").first() if held else None
    return Waiting(
        entry=entry,
        days=say_days(entry.first_day, entry.last_day),
        where=_where(entry),
        times=str(dict(TIMES)[times_of(entry.from_time, entry.until_time)]),
        people=say_list(person.name for person in people),
        booked="" if held or not people else say_list(names_booked(entry, people, now)),
        offer=offer,
        answer_by=say_moment(offer.expires_at, offer.booking.slot.office.zone) if offer else "",
    )


def _where(entry: WaitingEntry) -> str:
    if entry.office:
        return entry.office.label
    return _("Any office in %(city)s") % {"city": city_label(entry.city)}
