"""What becomes of an offer: taken, declined, or not answered in time."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bookings.domain.lifecycle import confirm, waiting_list, withdraw_offer
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.waiting import news
from bookings.domain.waiting.entries import answer, end, lock, people_of
from bookings.enums import OfferState, Status, WaitingKind, WaitingState
from bookings.models import Attendee, Booking, WaitingEntry, WaitingOffer

# Who lets so many offers pass in a row is no longer waiting.
LAPSES_UNTIL_REMOVED = 2
BATCH = 200


def accept(offer: WaitingOffer, now: dt.datetime) -> Booking:
    """Confirm what was offered; a second click changes nothing. Raises HoldExpired, WrongStatus."""
    with transaction.atomic():
        entry = lock(offer.entry_id)
        booking = confirm(offer.booking_id, Actor(account=entry.account), now)
        offer.refresh_from_db()
        if offer.state == OfferState.OPEN:
            answer(offer, OfferState.ACCEPTED, now)
            end(entry, WaitingState.DONE, now)
    return booking


def decline(offer: WaitingOffer, now: dt.datetime) -> None:
    """Let the next one have it, and go on waiting. Changes nothing once it was answered."""
    with transaction.atomic():
        entry = lock(offer.entry_id)
        status = withdraw_offer(offer.booking_id, Actor(account=entry.account), now, declined=True)
        _settle(entry, offer, status, OfferState.DECLINED, now)
    waiting_list.nudge_on_commit()


def lapse_offers(now: dt.datetime, limit: int = BATCH) -> int:
    """Settle offers whose time is over, or whose booking has gone its own way; how many.

    Their places go to whoever waits next. Safe to run twice, or by two workers at once.
    """
    over = Q(expires_at__lte=now) | ~Q(booking__status=Status.HELD)
    waiting = WaitingOffer.objects.filter(over, state=OfferState.OPEN).order_by("expires_at", "pk")
    return sum(_lapse(offer, now) for offer in waiting[:limit])


def drop_overdue(now: dt.datetime) -> int:
    """Tell those for whom no place came free that their days are over; how many entries."""
    over = WaitingEntry.objects.filter(
        state=WaitingState.WAITING, last_day__lt=timezone.localdate(now)
    )
    return sum(_drop(pk, now) for pk in over.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _lapse(offer: WaitingOffer, now: dt.datetime) -> bool:
    entry = lock(offer.entry_id)
    offer.refresh_from_db()
    if offer.state != OfferState.OPEN:
        return False
    booking = Booking.objects.get(pk=offer.booking_id)
    status = Status(booking.status)
    if offer.expires_at <= now:
        status = withdraw_offer(booking.pk, SYSTEM, now, declined=False)
    given_up = status == Status.CANCELLED and booking.confirmed_at is None
    _settle(entry, offer, status, OfferState.DECLINED if given_up else OfferState.LAPSED, now)
    return True


def _settle(
    entry: WaitingEntry,
    offer: WaitingOffer,
    status: Status,
    otherwise: OfferState,
    now: dt.datetime,
) -> None:
    """The offer follows its booking: taken, or `otherwise`."""
    offer.refresh_from_db()
    if offer.state != OfferState.OPEN:
        return
    if status not in (Status.CANCELLED, Status.EXPIRED) or offer.booking.confirmed_at:
        answer(offer, OfferState.ACCEPTED, now)
        end(entry, WaitingState.DONE, now)
        return
    answer(offer, otherwise, now)
    if _stays_away(entry):
        end(entry, WaitingState.LEFT, now)
        news.removed(entry, now)
    else:
        entry.state = WaitingState.WAITING
        entry.save(update_fields=["state"])


def _stays_away(entry: WaitingEntry) -> bool:
    last = list(entry.offers.order_by("-made_at", "-pk")[:LAPSES_UNTIL_REMOVED])
    all_lapsed = all(offer.state == OfferState.LAPSED for offer in last)
    return len(last) == LAPSES_UNTIL_REMOVED and all_lapsed


@transaction.atomic
def _drop(entry_id: int, now: dt.datetime) -> bool:
    entry = lock(entry_id)
    if entry.state != WaitingState.WAITING:
        return False
    end(entry, WaitingState.LAPSED, now)
    if entry.kind == WaitingKind.PLACE and not _got_a_place(entry):
        news.in_vain(entry, now)
    return True


def _got_a_place(entry: WaitingEntry) -> bool:
    """In another queue, or by themselves."""
    people = people_of(entry, entry.last_day)
    booked = Attendee.objects.filter(
        identity_hash__in=[person.identity.hash for person in people],
        line=entry.line_id,
        booking__confirmed_at__gte=entry.made_at,
    )
    return booked.exists()
