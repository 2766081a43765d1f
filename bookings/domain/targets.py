"""A look at the slot that a party wants, without any lock: most losers of a rush leave here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.identity import Identity
from bookings.domain.availability import slot_state
from bookings.domain.eligibility import against_session, find_services, reasons_against
from bookings.domain.errors import NotEligible, Reason, SlotFull, SlotNotOpen
from bookings.domain.parties import Actor, Party, Person, service_codes
from bookings.enums import SlotState
from bookings.models import Application, Attendee, Booking, Slot
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Service


@dataclass(frozen=True)
class Target:
    """A slot that is open, with the quotas that seemed to have room, in the policy's order."""

    slot: Slot
    policy: BookingPolicy
    candidates: tuple[int, ...]
    # Room only if holds that have expired are ended first.
    crowded: bool

    @property
    def offered(self) -> frozenset[str]:
        """Codes of the services that its office handles that day."""
        return catalogue.offered(self.slot.office_id, self.slot.date)

    def refuse_ineligible(self, party: Party, services: Mapping[str, Service]) -> None:
        """Raises NotEligible with every reason."""
        policy = self.policy.for_groups if party.group else self.policy
        reasons = reasons_against(party.people, self.slot, policy, services, self.offered)
        if reasons:
            raise NotEligible(reasons)

    def refuse_strangers(self, booking: Booking) -> None:
        """Raises NotEligible unless this slot is for what the booking is about."""
        wanted = Application.objects.filter(attendee__booking=booking, attendee__left_at=None)
        services = find_services(wanted.values_list("service__code", flat=True))
        same_line = self.slot.line_id == booking.slot.line_id
        if not same_line or not services.keys() <= self.offered:
            raise NotEligible([_elsewhere(self.slot)])
        reasons = self._against_session(booking) if self.slot.session else []
        if reasons:
            raise NotEligible(reasons)

    def _against_session(self, booking: Booking) -> list[Reason]:
        people = [as_person(attendee) for attendee in booking.attendees.coming()]
        return list(against_session(people, self.slot.session, self.slot.date))


def as_person(attendee: Attendee) -> Person:
    """Somebody who is booked already, without what they want."""
    born = attendee.birth_date_text
    return Person(
        name=attendee.name,
        identity=Identity(attendee.id_type, attendee.id_number),
        services=(),
        birth_date=dt.date.fromisoformat(born) if born else None,
        accompanied=attendee.accompanied,
        is_student=attendee.is_student,
        home_city=attendee.home_city,
    )


def _elsewhere(slot: Slot) -> Reason:
    text = _("%(office)s does not handle what was booked. Please choose another office.")
    return Reason("not_offered", text % {"office": slot.office.label})


_SLOT_FIELDS = [field.attname for field in Slot._meta.concrete_fields]
# Holds past their time are counted only where the counter alone has too little room.
# Places that are still coming back are left out as long as `back_at` is after the first parameter.
_LEFT = """
    greatest(0, quota.capacity - quota.taken
                - CASE WHEN quota.back_at > %s THEN quota.coming_back ELSE 0 END)
"""
_LOOK = f"""/*prepared*/
    SELECT {", ".join(f"slot.{field.column}" for field in Slot._meta.concrete_fields)},
           quota.pool, quota.id, {_LEFT},
           CASE WHEN {_LEFT} < %s THEN (
               SELECT sum(hold.places) FROM bookings_booking AS hold
                WHERE hold.slot_id = slot.id AND hold.quota_id = quota.id
                  AND hold.status = 'held' AND hold.expires_at <= %s
           ) END
      FROM bookings_slot AS slot
      LEFT JOIN bookings_quota AS quota ON quota.slot_id = slot.id AND NOT quota.frozen
     WHERE slot.id = %s
"""  # noqa: S608 (the columns are the model's)


@dataclass(frozen=True, slots=True)
class _Room:
    """What one quota has left, and what it gets back once expired holds are ended."""

    quota_id: int
    left: int
    expired: int


def look(
    slot_id: int,
    channel: str,
    places: int,
    now: dt.datetime,
    actor: Actor,
    *,
    reserved: bool = False,
    offered: bool = False,
) -> Target:
    """Read slot, policy and counters in one statement.

    Raises Slot.DoesNotExist, SlotNotOpen, SlotFull. With `reserved` (staff), a slot counts as
    open before its release. With either, places count that nobody else is shown yet: whoever waits
    is `offered` them. A slot of an office that the actor doesn't reach isn't there.
    """
    slot, pools = _read(slot_id, places, now, everything=reserved or offered)
    if not actor.reaches(slot.office):
        raise Slot.DoesNotExist
    policy = policy_for(slot.office)
    _refuse_not_open(slot, now, reserved)
    rooms = [pools[pool] for pool in policy.pools_for(channel) if pool in pools]
    roomy = tuple(room.quota_id for room in rooms if room.left >= places)
    if roomy:
        return Target(slot, policy, roomy, crowded=False)
    reclaimable = tuple(room.quota_id for room in rooms if room.left + room.expired >= places)
    if not reclaimable:
        raise SlotFull(slot_id, places)
    return Target(slot, policy, reclaimable, crowded=True)


def _read(
    slot_id: int, places: int, now: dt.datetime, *, everything: bool
) -> tuple[Slot, dict[str, _Room]]:
    hidden_at = None if everything else now
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [hidden_at, hidden_at, places, now, slot_id])
        rows = cursor.fetchall()
    if not rows:
        raise Slot.DoesNotExist
    quotas = (row[len(_SLOT_FIELDS) :] for row in rows)
    return _slot(rows[0]), {
        pool: _Room(quota_id, left, expired or 0)
        for pool, quota_id, left, expired in quotas
        if quota_id is not None
    }


def _slot(row: tuple[Any, ...]) -> Slot:
    slot = Slot.from_db(connection.alias, _SLOT_FIELDS, row[: len(_SLOT_FIELDS)])
    slot.office, slot.line = catalogue.office(slot.office_id), catalogue.line(slot.line_id)
    if slot.session_id is not None:
        slot.session = catalogue.session(slot.session_id)
    return slot


def _refuse_not_open(slot: Slot, now: dt.datetime, reserved: bool) -> None:
    state = slot_state(slot, 1, now)
    if state == SlotState.NOT_YET_OPEN and reserved:
        return
    if state != SlotState.OPEN:
        raise SlotNotOpen(slot.pk, state, slot.opens_at, slot.office.zone)


def services_of(party: Party, actor: Actor, now: dt.datetime) -> Mapping[str, Service]:
    """By code; staff book what is to come in drill (HB-32)."""
    found = find_services(service_codes(party.people))
    if not actor.is_public:
        return found
    today = timezone.localdate(now)
    return {code: service for code, service in found.items() if service.is_live(today)}
