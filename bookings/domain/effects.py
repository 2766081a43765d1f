"""What a change of the counters would do to the places of the windows, before it is made."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from bookings.domain.planning import planned_slots
from bookings.domain.published import Case, cases, published_slots
from bookings.domain.publishing import ConflictKind, kind_of_conflict
from offices.models import Office


@dataclass(frozen=True, slots=True)
class PlacesEffect:
    """A published window that is to have other places. Numbers are of all its pools together."""

    slot_id: int
    line_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    before: int
    after: int
    # Staff have set numbers of it, and those stay.
    edited: bool
    # How many keep it above its new places; 0 where nobody stands in the way.
    bookings: int

    @property
    def changes(self) -> bool:
        return self.before != self.after


def effects_of(
    office: Office, change: Callable[[], object], now: dt.datetime
) -> list[PlacesEffect]:
    """The published windows whose planned places the change alters, in order. Leaves no trace.

    `change` writes what the plan is made of and publishes nothing, so that no place is locked
    while somebody only looks.
    """
    with transaction.atomic():
        before = planned_slots(office, now)
        change()
        after = planned_slots(office, now)
        transaction.set_rollback(True)
    differing = [
        (slot, after[key])
        for key, slot in published_slots(office, now).items()
        if key in before and key in after and before[key].places != after[key].places
    ]
    effects = map(_effect, cases(differing, now))
    return sorted(effects, key=lambda effect: (effect.starts_at, effect.line_id))


def _effect(case: Case) -> PlacesEffect:
    slot = case.slot
    follow = {quota.id: capacity for quota, capacity in case.new_capacities()}
    too_many = kind_of_conflict(case) == ConflictKind.BELOW_TAKEN
    return PlacesEffect(
        slot_id=slot.id,
        line_id=slot.line_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        before=sum(quota.capacity for quota in slot.quotas.values()),
        after=sum(follow.get(quota.id, quota.capacity) for quota in slot.quotas.values()),
        edited=slot.is_edited,
        bookings=case.pending if too_many else 0,
    )
