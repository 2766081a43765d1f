"""One or several people leave a party; the others keep their places and the booking's number."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from django.db import transaction

from applicants.enums import MessageKind
from applicants.identity import age_on
from bookings.domain import allocation, messages
from bookings.domain.eligibility import GUARDIAN_AGE, against_lone_children, against_session
from bookings.domain.errors import NotEligible, Reason
from bookings.domain.lifecycle import (
    cancel,
    lock_booking,
    record,
    refuse_changing,
    shown_later,
)
from bookings.domain.parties import Actor, Person
from bookings.domain.targets import as_person
from bookings.enums import EventKind, Status
from bookings.models import Attendee, Booking


@transaction.atomic
def leave(
    booking_id: int,
    positions: Collection[int],
    actor: Actor,
    now: dt.datetime,
    *,
    accompanied: bool = False,
    by_staff: bool = False,
) -> Booking:
    """The people at these positions (from 0, as booked) won't come; their places go back.

    When the last one leaves, the booking is cancelled. Who has left already leaves no second
    time. `accompanied`: an adult who applies for nothing comes with the children that stay.
    Raises HoldExpired, TooLate, WrongStatus, and NotEligible where those who stay couldn't come
    alone: a child without its adult, an adult in a session for students.
    """
    booking = lock_booking(booking_id)
    party = list(booking.attendees.coming())
    leaving = [one for one in party if one.position in positions]
    if not leaving or booking.status in (Status.CANCELLED, Status.EXPIRED):
        return booking
    if len(leaving) == len(party):
        return cancel(booking_id, actor, now, by_staff=by_staff)
    refuse_changing(booking, now, by_staff, giving_back=True)
    staying = [one for one in party if one not in leaving]
    if accompanied:
        _accompany(staying, booking)
    _refuse_unfit(booking, party, staying)
    _part(booking, leaving, actor, now)
    return booking


def _part(booking: Booking, leaving: Sequence[Attendee], actor: Actor, now: dt.datetime) -> None:
    """The counter, which others wait for, comes last."""
    places = sum(one.places for one in leaving)
    Attendee.objects.filter(pk__in=[one.pk for one in leaving]).update(active=False, left_at=now)
    booking.places -= places
    booking.version += 1
    booking.save(update_fields=["places", "version"])
    positions = [one.position for one in leaving]
    record(booking, EventKind.REDUCED, actor, now, positions=positions)
    later = None
    if booking.status == Status.CONFIRMED:
        messages.withdraw_promises([booking.number])
        messages.announce(booking, MessageKind.PARTY_REDUCED, now, reminders=True)
        later = shown_later(booking, now)
    allocation.settle({booking.quota_id: -places}, later)


def _accompany(staying: Iterable[Attendee], booking: Booking) -> None:
    for one in staying:
        born = as_person(one).born
        if born and age_on(booking.slot.date, born) < GUARDIAN_AGE:
            one.accompanied = True
            one.save(update_fields=["accompanied"])


def _refuse_unfit(booking: Booking, party: Sequence[Attendee], staying: Sequence[Attendee]) -> None:
    """What spoke against the whole party already is nobody's leaving that brings it about."""
    before = {(reason.code, reason.position) for reason in _reasons(booking, party)}
    reasons = [
        reason
        for reason in _reasons(booking, staying)
        if (reason.code, reason.position) not in before
    ]
    if reasons:
        raise NotEligible(reasons)


def _reasons(booking: Booking, attendees: Sequence[Attendee]) -> Iterator[Reason]:
    """Against these people by themselves, by their positions in the whole party."""
    people: list[Person] = [as_person(one) for one in attendees]
    slot = booking.slot
    for reason in against_lone_children(people, slot.date):
        yield _placed(reason, attendees)
    for reason in against_session(people, slot.session, slot.date):
        yield _placed(reason, attendees)


def _placed(reason: Reason, attendees: Sequence[Attendee]) -> Reason:
    if reason.position is None:
        return reason
    return replace(reason, position=attendees[reason.position].position)
