"""Making a booking: hold places, or hold and confirm in one go.

The order of the statements is the point: look without a lock, write the rows that nobody
contends for, take the places as the last statement before COMMIT. People are inserted in the
order of their hashes, so that two parties with the same people can't wait for each other.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from applicants.domain.suspensions import suspension_in_force
from applicants.enums import Medium
from applicants.inserts import Insert
from applicants.models.account import contact_hash
from bookings.domain import allocation, messages
from bookings.domain.errors import AlreadyBooked, SlotFull, Suspended
from bookings.domain.lifecycle import lapse
from bookings.domain.materials import materials_for
from bookings.domain.numbers import new_number
from bookings.domain.parties import Actor, Party, Person
from bookings.domain.targets import Target, look, services_of
from bookings.enums import Channel, EventKind, Status
from bookings.models import Application, Attendee, Booking, BookingEvent
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy
from offices.models import Service, ServiceGuide
from offices.models.catalogue import Material

# A suspension limits online choice only (rule 9).
ASSISTED_CHANNELS = (Channel.PHONE, Channel.COUNTER)
ATTEMPTS = 3

_insert_booking = Insert(Booking)
_insert_attendees = Insert(Attendee)
_insert_applications = Insert(Application)
_insert_events = Insert(BookingEvent)


# Called with the booking before anything of it is written, in its transaction.
Receipt = Callable[[Booking], None]


def hold_places(
    party: Party,
    actor: Actor,
    now: dt.datetime,
    receipt: Receipt | None = None,
    *,
    offered_until: dt.datetime | None = None,
) -> Booking:
    """Keep places for the party for `policy.hold_minutes`.

    What is offered to somebody who waited is kept until then instead, and may be a place that is
    still coming back. Raises SlotFull, SlotNotOpen, NotEligible, Suspended, AlreadyBooked,
    Slot.DoesNotExist.
    """
    return _promise(party, actor, now, receipt, confirmed=False, offered_until=offered_until)


def book(party: Party, actor: Actor, now: dt.datetime, receipt: Receipt | None = None) -> Booking:
    """Hold and confirm in one transaction. Raises as `hold_places` does."""
    return _promise(party, actor, now, receipt, confirmed=True)


@dataclass(frozen=True)
class _Order:
    """A party that may book, and all that its rows need."""

    party: Party
    target: Target
    services: Mapping[str, Service]
    guides: Mapping[int, ServiceGuide]
    actor: Actor
    now: dt.datetime
    receipt: Receipt | None
    confirmed: bool
    offered_until: dt.datetime | None

    @property
    def places(self) -> int:
        return party_places(self.party, self.target.policy)

    @property
    def hashes(self) -> list[bytes]:
        return [person.identity.hash for person in self.party.people]

    def guide(self, code: str) -> ServiceGuide | None:
        return self.guides.get(self.services[code].pk)


def party_places(party: Party, policy: BookingPolicy) -> int:
    return sum(person_places(person, policy) for person in party.people)


def person_places(person: Person, policy: BookingPolicy) -> int:
    """One place a person, or one a document where the policy says so (一号一证)."""
    return len(set(person.services)) if policy.place_per_document else 1


def _promise(
    party: Party,
    actor: Actor,
    now: dt.datetime,
    receipt: Receipt | None,
    *,
    confirmed: bool,
    offered_until: dt.datetime | None = None,
) -> Booking:
    services = services_of(party, actor, now)
    for _attempt in range(ATTEMPTS):
        target = _look(party, services, actor, now, offered=offered_until is not None)
        _refuse_suspended(party, now)
        guides = catalogue.guides(target.slot.office.local_date(now))
        order = _Order(
            party, target, services, guides, actor, now, receipt, confirmed, offered_until
        )
        for quota_id in target.candidates:
            if booking := _try(order, quota_id):
                return booking
    raise SlotFull(party.slot_id, len(party.people))


def _look(
    party: Party,
    services: Mapping[str, Service],
    actor: Actor,
    now: dt.datetime,
    *,
    offered: bool,
) -> Target:
    """Again where the slot's policy turns out to take more places than people."""
    people = max(1, len(party.people))
    target = look(party.slot_id, party.channel, people, now, actor, offered=offered)
    target.refuse_ineligible(party, services)
    places = party_places(party, target.policy)
    if places <= people:
        return target
    return look(party.slot_id, party.channel, places, now, actor, offered=offered)


def _try(order: _Order, quota_id: int) -> Booking | None:
    """The booking; None where somebody else was quicker. Raises AlreadyBooked.

    Expired holds of the same people are rare, so they are ended only once they turn out to be in
    the way.
    """
    for clearing in (order.target.crowded, True):
        try:
            with transaction.atomic():
                return _write(order, quota_id, clearing)
        except allocation.NoPlaces:
            return None
        except IntegrityError as error:
            if "attendee_once_per_line" not in str(error):
                return None
            blocked = error
    raise _already_booked(order) from blocked


def _write(order: _Order, quota_id: int, clearing: bool) -> Booking:
    booking = Booking(**_booking_fields(order, quota_id))
    if order.receipt:
        order.receipt(booking)
    lapsed = lapse(_in_the_way(order), order.now) if clearing else Counter()
    _insert_booking([booking])
    attendees = _create_attendees(order, booking)
    _insert_applications(list(_applications(order, attendees)))
    _insert_events(list(_events(order, booking)))
    if order.confirmed:
        things = messages.things_to_bring(_materials(order))
        messages.announce_made(booking, order.now, things)
    net = allocation.net({quota_id: booking.places}, lapsed)
    allocation.settle(net, taking=[quota_id])
    return booking


def _in_the_way(order: _Order) -> Q:
    """Expired holds of the same people, and of the slot where it has no other room."""
    which = Q(pk__in=_active(order).values("booking_id"))
    return which | Q(slot=order.target.slot) if order.target.crowded else which


def _booking_fields(order: _Order, quota_id: int) -> dict[str, object]:
    party, now = order.party, order.now
    usual = now + dt.timedelta(minutes=order.target.policy.hold_minutes)
    held_until = order.offered_until or usual
    phone = party.contact.phone
    return {
        "number": new_number(),
        "status": Status.CONFIRMED if order.confirmed else Status.HELD,
        "slot": order.target.slot,
        "quota_id": quota_id,
        "places": order.places,
        "channel": party.channel,
        "account": order.actor.account,
        "operator": order.actor.operator,
        "partner": order.actor.partner,
        "contact_phone": phone,
        "contact_phone_hash": contact_hash(Medium.SMS, phone) if phone else None,
        "contact_email": party.contact.email,
        "language": party.contact.language,
        "delivery": party.delivery,
        "delivery_address": party.delivery_address,
        "purpose": party.purpose,
        "group": party.group,
        "created_at": now,
        "expires_at": None if order.confirmed else held_until,
        "confirmed_at": now if order.confirmed else None,
    }


def _create_attendees(order: _Order, booking: Booking) -> list[Attendee]:
    """In the order of the party; inserted in the order of their hashes."""
    attendees = [
        Attendee(
            booking=booking,
            position=position,
            line=order.target.slot.line,
            name=person.name,
            id_type=person.identity.id_type,
            id_number=person.identity.number,
            identity_hash=person.identity.hash,
            birth_date_text=person.born.isoformat() if person.born else "",
            nationality=person.nationality,
            priority=person.priority,
            accompanied=person.accompanied,
            is_student=person.is_student,
            home_city=person.home_city,
            places=person_places(person, order.target.policy),
        )
        for position, person in enumerate(order.party.people)
    ]
    _insert_attendees(sorted(attendees, key=lambda each: bytes(each.identity_hash)))
    return attendees


def _applications(order: _Order, attendees: list[Attendee]) -> Iterator[Application]:
    for attendee, person in zip(attendees, order.party.people, strict=True):
        for code in dict.fromkeys(person.services):
            yield Application(
                attendee=attendee, service=order.services[code], guide=order.guide(code)
            )


def _materials(order: _Order) -> Iterator[list[Material]]:
    """Of each person."""
    day, purpose = order.target.slot.date, order.party.purpose
    for person in order.party.people:
        guides = (order.guide(code) for code in person.services)
        yield materials_for(guides, person.born, day, purpose)


def _events(order: _Order, booking: Booking) -> Iterator[BookingEvent]:
    kinds = [EventKind.HELD, EventKind.CONFIRMED] if order.confirmed else [EventKind.HELD]
    for kind in kinds:
        yield BookingEvent(
            booking=booking,
            kind=kind,
            at=order.now,
            account=order.actor.person,
            partner=order.actor.partner,
            data={"site": order.party.site} if order.party.site else {},
        )


def _refuse_suspended(party: Party, now: dt.datetime) -> None:
    if party.channel in ASSISTED_CHANNELS:
        return
    hashes = [person.identity.hash for person in party.people]
    suspension = suspension_in_force(hashes, now)
    if suspension is not None:
        raise Suspended(suspension.ends_at, suspension.no_shows)


def _already_booked(order: _Order) -> AlreadyBooked:
    people = order.party.people
    found = list(_active(order).select_related("booking"))
    taken = {bytes(attendee.identity_hash) for attendee in found}
    positions = [i for i, person in enumerate(people) if person.identity.hash in taken]
    own = {each.booking.number for each in found if order.actor.made(each.booking)}
    return AlreadyBooked(positions, [people[i].name for i in positions], sorted(own))


def _active(order: _Order) -> models.QuerySet[Attendee]:
    """The same people where they hold places of this line, in whatever booking."""
    return Attendee.objects.filter(
        identity_hash__in=order.hashes, line=order.target.slot.line, active=True
    )
