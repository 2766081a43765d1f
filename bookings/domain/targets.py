"""A look at the slot that a party wants, without any lock: most losers of a rush leave here."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applicants.identity import Identity
from bookings.domain.availability import expired_places, slot_state
from bookings.domain.eligibility import (
    against_session,
    find_services,
    offered_codes,
    reasons_against,
)
from bookings.domain.errors import NotEligible, Reason, SlotFull, SlotNotOpen
from bookings.domain.parties import Party, Person, service_codes
from bookings.enums import SlotState
from bookings.models import Application, Attendee, Booking, Quota, Slot
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

    def refuse_ineligible(self, party: Party, services: dict[str, Service]) -> None:
        """Raises NotEligible with every reason."""
        reasons = reasons_against(
            party.people, self.slot, self.policy, services, offered_codes(self.slot)
        )
        if reasons:
            raise NotEligible(reasons)

    def refuse_strangers(self, booking: Booking) -> None:
        """Raises NotEligible unless this slot is for what the booking is about."""
        wanted = Application.objects.filter(attendee__booking=booking)
        services = find_services(wanted.values_list("service__code", flat=True))
        offered = offered_codes(self.slot)
        same_line = self.slot.line_id == booking.slot.line_id
        if not same_line or not services.keys() <= offered:
            raise NotEligible([_elsewhere(self.slot)])
        reasons = self._against_session(booking) if self.slot.session else []
        if reasons:
            raise NotEligible(reasons)

    def _against_session(self, booking: Booking) -> list[Reason]:
        people = [as_person(attendee) for attendee in booking.attendees.all()]
        return list(against_session(people, self.slot.session, self.slot.date))


def as_person(attendee: Attendee) -> Person:
    """Somebody who is booked already, without what they want."""
    born = attendee.birth_date_text
    return Person(
        name=attendee.name,
        identity=Identity(attendee.id_type, attendee.id_number),
        services=(),
        birth_date=dt.date.fromisoformat(born) if born else None,
    )


def _elsewhere(slot: Slot) -> Reason:
    text = _("%(office)s does not handle what was booked. Please choose another office.")
    return Reason("not_offered", text % {"office": slot.office.label})


def look(
    slot_id: int, channel: str, places: int, now: dt.datetime, *, reserved: bool = False
) -> Target:
    """Read slot, policy and counters. Raises Slot.DoesNotExist, SlotNotOpen, SlotFull.

    With `reserved` (staff), a slot counts as open before its release.
    """
    slot = Slot.objects.select_related("office__bureau__parent", "line", "session").get(pk=slot_id)
    policy = policy_for(slot.office)
    pools = policy.pools_for(channel)
    quotas = sorted(
        Quota.objects.filter(slot=slot, pool__in=pools), key=lambda q: pools.index(q.pool)
    )
    _refuse_not_open(slot, now, reserved)
    roomy = [quota.pk for quota in quotas if quota.left >= places]
    if roomy:
        return Target(slot, policy, tuple(roomy), crowded=False)
    expired = expired_places([slot], now)
    reclaimable = [q.pk for q in quotas if q.left + expired.get(q.pk, 0) >= places]
    if not reclaimable:
        raise SlotFull(slot_id, places)
    return Target(slot, policy, tuple(reclaimable), crowded=True)


def _refuse_not_open(slot: Slot, now: dt.datetime, reserved: bool) -> None:
    state = slot_state(slot, 1, now)
    if state == SlotState.NOT_YET_OPEN and reserved:
        return
    if state != SlotState.OPEN:
        raise SlotNotOpen(slot.pk, state)


def services_of(party: Party) -> dict[str, Service]:
    return find_services(service_codes(party.people))
