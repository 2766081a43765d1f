"""Holding places while somebody fills in the pages: one hold at a time, changed in place."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from applicants.enums import Medium
from applicants.models import Account
from applicants.models.account import contact_hash
from bookings.domain.errors import AlreadyBooked, HoldExpired
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.parties import Actor, Contact, Party
from bookings.domain.promise import hold_places
from bookings.enums import Status
from bookings.models import Booking, Slot
from bookings.models.booking import BookingQuerySet


def live_holds(account: Account, now: dt.datetime) -> BookingQuerySet:
    """What this account holds and may still confirm."""
    return Booking.objects.filter(account=account, status=Status.HELD, expires_at__gt=now)


def hold_instead(account: Account, party: Party, now: dt.datetime, earlier: str = "") -> Booking:
    """Hold places for the party in place of what the account already holds for these people.

    `earlier` is the number of the hold that this party replaces, whoever its people were. The
    same people move to the slot and keep their time; a second click changes nothing. Another
    party takes its places before the old ones are lost, as long as it is the same slot.
    Raises as `hold_places` and `reschedule` do.
    """
    holds = _holds_of(account, party, now, earlier)
    if len(holds) == 1 and _wanted(holds[0]) == _wanted_by(party):
        moved = reschedule(holds[0].pk, party.slot_id, Actor(account=account), now)
        return _with_purpose(moved, party.purpose)
    try:
        return _replace(account, party, now, holds)
    except AlreadyBooked:
        for hold in _holds_of(account, party, now, earlier):
            # A second click at the same moment was quicker.
            if hold.slot_id == party.slot_id and _wanted(hold) == _wanted_by(party):
                return hold
        raise


def _with_purpose(hold: Booking, purpose: str) -> Booking:
    if hold.purpose != purpose:
        hold.purpose = purpose
        hold.save(update_fields=["purpose"])
    return hold


def _replace(account: Account, party: Party, now: dt.datetime, holds: list[Booking]) -> Booking:
    actor = Actor(account=account)
    # Two slots in one transaction would be locked in an order that allocation doesn't decide.
    elsewhere = [hold for hold in holds if hold.slot_id != party.slot_id]
    for hold in elsewhere:
        cancel(hold.pk, actor, now)
    same_slot = [hold.pk for hold in holds if hold not in elsewhere]
    with transaction.atomic() if same_slot else nullcontext():
        # As if its time were over: the counter, which others wait for, is settled once, at the end.
        Booking.objects.filter(pk__in=same_slot, status=Status.HELD).update(expires_at=now)
        return hold_places(_as_before(party, holds), actor, now)


def change_contact(
    hold: Booking, contact: Contact, delivery: str, delivery_address: str, now: dt.datetime
) -> None:
    """Change how the party of a hold is reached and gets its documents. Raises HoldExpired."""
    phone = contact.phone
    changed = Booking.objects.filter(pk=hold.pk, status=Status.HELD, expires_at__gt=now).update(
        contact_phone=phone,
        contact_phone_hash=contact_hash(Medium.SMS, phone) if phone else None,
        contact_email=contact.email,
        delivery=delivery,
        delivery_address=delivery_address,
    )
    if not changed:
        raise HoldExpired


def _holds_of(account: Account, party: Party, now: dt.datetime, earlier: str) -> list[Booking]:
    hashes = [person.identity.hash for person in party.people]
    line = Slot.objects.filter(pk=party.slot_id).values("line")
    same_people = Q(attendees__identity_hash__in=hashes, slot__line__in=line)
    # What is offered to people who waited is answered by them, and never given up on the way.
    own = live_holds(account, now).filter(offer__isnull=True)
    holds = own.filter(same_people | Q(number=earlier)).distinct()
    return list(holds.with_party().prefetch_related("attendees__applications__service"))


Wanted = dict[bytes, tuple[set[str], bool]]


def _wanted(hold: Booking) -> Wanted:
    """Who wants what, and comes with a guardian."""
    return {
        bytes(attendee.identity_hash): (
            {application.service.code for application in attendee.applications.all()},
            attendee.accompanied,
        )
        for attendee in hold.attendees.all()
    }


def _wanted_by(party: Party) -> Wanted:
    return {
        person.identity.hash: (set(person.services), person.accompanied) for person in party.people
    }


def _as_before(party: Party, holds: list[Booking]) -> Party:
    """What was said about contact and delivery stays said."""
    if not holds:
        return party
    hold = holds[0]
    return replace(
        party,
        contact=replace(party.contact, phone=hold.contact_phone, email=hold.contact_email),
        delivery=hold.delivery,
        delivery_address=hold.delivery_address,
    )
