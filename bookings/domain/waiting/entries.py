"""Joining and leaving the waiting list (候补)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from applicants.domain import outbox
from applicants.domain.suspensions import suspension_in_force
from applicants.enums import MessageKind
from applicants.models import Account
from bookings.domain.eligibility import find_services, reasons_against_people
from bookings.domain.errors import AlreadyBooked, NotEligible, Suspended
from bookings.domain.households import as_person, is_child
from bookings.domain.lifecycle import withdraw_offer
from bookings.domain.parties import Actor, Person
from bookings.domain.promise import person_places
from bookings.enums import OfferState, Status, WaitingKind, WaitingState
from bookings.models import Attendee, WaitingEntry, WaitingOffer
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office, ServiceLine

IN_THE_QUEUE = (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where and when a household would come, and who wants what.

    `office` None: any of the city that handles it. Days at the office, both included; local times
    between which a window must begin, None for any. `people` are keys of the household, `wanted`
    service codes by such a key.
    """

    line: ServiceLine
    city: str
    office: Office | None
    first_day: dt.date
    last_day: dt.date
    people: tuple[int, ...]
    wanted: dict[str, list[str]]
    accompanied: bool = False
    from_time: dt.time | None = None
    until_time: dt.time | None = None

    @property
    def policy(self) -> BookingPolicy:
        return policy_for(self.office) if self.office else BookingPolicy()


def join(account: Account, wish: Wish, now: dt.datetime) -> WaitingEntry:
    """Stand in the queue. Who stands in it already keeps the place, with the new wish.

    Raises NotEligible, Suspended, and AlreadyBooked where somebody holds a booking of this line.
    """
    entry = WaitingEntry(
        kind=WaitingKind.PLACE,
        account=account,
        office=wish.office,
        city=wish.city,
        line=wish.line,
        made_at=now,
    )
    _write(entry, wish)
    people = people_of(entry, wish.first_day)
    _refuse(entry, people, wish.policy, now)
    entry.places = sum(person_places(person, wish.policy) for person in people)
    try:
        with transaction.atomic():
            entry.save()
            return entry
    except IntegrityError:
        # It may have ended before it is read; then there is room for this one.
        return _change(entry, wish) or join(account, wish, now)


def _write(entry: WaitingEntry, wish: Wish) -> None:
    entry.first_day, entry.last_day = wish.first_day, wish.last_day
    entry.from_time, entry.until_time = wish.from_time, wish.until_time
    entry.people, entry.wanted = list(wish.people), wish.wanted
    entry.accompanied = wish.accompanied


@transaction.atomic
def _change(new: WaitingEntry, wish: Wish) -> WaitingEntry | None:
    """The entry that stands there already. One with an open offer stays as it is."""
    queue = WaitingEntry.objects.select_for_update(no_key=True).filter(state__in=IN_THE_QUEUE)
    there = queue.filter(
        account=new.account, kind=new.kind, line=new.line, office=new.office
    ).first()
    if there and there.state == WaitingState.WAITING:
        _write(there, wish)
        there.places = new.places
        there.save()
    return there


def leave(entry: WaitingEntry, now: dt.datetime) -> None:
    """Give up waiting, and what is being offered. Doing it twice changes nothing."""
    with transaction.atomic():
        entry = lock(entry.pk)
        if entry.state not in IN_THE_QUEUE:
            return
        actor = Actor(account=entry.account)
        for offer in entry.offers.filter(state=OfferState.OPEN):
            status = withdraw_offer(offer.booking_id, actor, now, declined=True)
            gone = status in (Status.CANCELLED, Status.EXPIRED)
            answer(offer, OfferState.DECLINED if gone else OfferState.ACCEPTED, now)
        end(entry, WaitingState.LEFT, now)


def lock(entry_id: int) -> WaitingEntry:
    """Locked until the transaction ends: before its bookings, and those before quotas."""
    entries = WaitingEntry.objects.select_related("account", "office", "line")
    return entries.select_for_update(of=("self",), no_key=True).get(pk=entry_id)


def end(entry: WaitingEntry, state: WaitingState, now: dt.datetime) -> None:
    entry.state, entry.ended_at = state, now
    entry.save(update_fields=["state", "ended_at"])


def answer(offer: WaitingOffer, state: OfferState, now: dt.datetime) -> None:
    """Nobody is told in the morning of what they answered at night."""
    outbox.withdraw([offer.booking.number], [MessageKind.WAITING_OFFER])
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])


def people_of(entry: WaitingEntry, day: dt.date) -> tuple[Person, ...]:
    """Those of them who are still in the household, in its order."""
    return tuple(
        as_person(
            member,
            entry.wanted.get(str(member.pk), []),
            accompanied=entry.accompanied and is_child(member, day),
        )
        for member in entry.account.household.all()
        if member.pk in entry.people
    )


def names_booked(entry: WaitingEntry, people: Sequence[Person], now: dt.datetime) -> list[str]:
    """Who of them holds places of this line by now: the list passes such a party over."""
    lapsed = {"booking__status": Status.HELD, "booking__expires_at__lte": now}
    booked = Attendee.objects.filter(
        identity_hash__in=[person.identity.hash for person in people],
        line=entry.line_id,
        active=True,
    ).exclude(**lapsed)
    hashes = {bytes(each) for each in booked.values_list("identity_hash", flat=True)}
    return [person.name for person in people if person.identity.hash in hashes]


def _refuse(
    entry: WaitingEntry, people: Sequence[Person], policy: BookingPolicy, now: dt.datetime
) -> None:
    services = find_services(code for person in people for code in person.services)
    if reasons := reasons_against_people(people, entry.first_day, policy, services):
        raise NotEligible(reasons)
    suspension = suspension_in_force([person.identity.hash for person in people], now)
    if suspension is not None:
        raise Suspended(suspension.ends_at, suspension.no_shows)
    if booked := names_booked(entry, people, now):
        positions = [index for index, person in enumerate(people) if person.name in booked]
        raise AlreadyBooked(positions, booked)
