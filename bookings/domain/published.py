"""The published slots of an office, and what becomes of those that aren't as the hours have them.

A year of an office is six thousand slots: they are read in one statement, as plain values, and
bookings are looked at only for those that differ.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from bookings.domain.planning import Key, PlannedSlot
from bookings.enums import PENDING, Settlement
from offices.enums import Pool
from offices.models import Office, Session


class PublishedQuota(NamedTuple):
    id: int
    capacity: int
    taken: int
    version: int
    edited: bool


class Published(NamedTuple):
    """A slot with its quotas by pool."""

    id: int
    line_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime
    session_id: int | None
    closed_at: dt.datetime | None
    close_reason: str
    withdrawn: bool
    reserve_released_at: dt.datetime | None
    quotas: Mapping[str, PublishedQuota]

    @property
    def key(self) -> Key:
        return self.line_id, self.starts_at

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and not self.withdrawn

    @property
    def is_edited(self) -> bool:
        return any(quota.edited for quota in self.quotas.values())

    def targets(self, plan: PlannedSlot) -> list[tuple[PublishedQuota, int]]:
        """The quotas that follow the hours, each with the places that it should have."""
        places = plan.places
        if self.reserve_released_at:
            # How much of an edited quota was released isn't known: staff's numbers stand.
            if self.is_edited:
                return []
            places = self._released(places)
        return [(quota, places[pool]) for pool, quota in self.quotas.items() if not quota.edited]

    def _released(self, places: Mapping[str, int]) -> Mapping[str, int]:
        assisted = self.quotas.get(Pool.ASSISTED)
        unclaimed = max(0, places[Pool.ASSISTED] - (assisted.taken if assisted else 0))
        return {
            **places,
            Pool.ASSISTED: places[Pool.ASSISTED] - unclaimed,
            Pool.ONLINE: places[Pool.ONLINE] + unclaimed,
        }

    def is_as_planned(self, plan: PlannedSlot, now: dt.datetime) -> bool:
        """Whether neither it nor anybody who holds a booking needs another look."""
        return (
            not self.withdrawn
            and self.ends_at == plan.ends_at
            and self.session_id == plan.session
            and (self.opens_at == plan.opens_at or self.opens_at <= now)
            and all(quota.capacity == places >= quota.taken for quota, places in self.targets(plan))
        )


# A slot and what the hours have in its place, if anything.
Differing = tuple[Published, PlannedSlot | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A slot that differs from its plan (None: the hours no longer hold it), and who holds it."""

    slot: Published
    plan: PlannedSlot | None
    pending: int
    # Of those, bookings that staff have said they keep here.
    kept: int
    has_history: bool
    # The session that it isn't yet and that the plan has here.
    coming: Session | None = None

    @property
    def is_held_up(self) -> bool:
        """Whether people stand in the way of its becoming a session.

        Whom staff keep stands in no way, as long as their time and place are those of the session
        as well.
        """
        plan, coming = self.plan, self.coming
        if not self.pending or plan is None or self.slot.session_id == plan.session:
            return False
        stays = self.slot.ends_at == plan.ends_at and not (coming and coming.site)
        return not (coming and stays and self.kept == self.pending)

    @property
    def waits(self) -> bool:
        """Whether its places are for nobody until it has become a session for some.

        Whom the session doesn't admit could take them, and whom it admits would keep it from ever
        following.
        """
        return self.is_held_up and self.coming is not None and not self.coming.is_for_everybody

    def needs_change(self, now: dt.datetime) -> bool:
        if self.plan is None:
            return self.slot.is_open
        return bool(self.slot_changes(now) or self.new_capacities())

    def slot_changes(self, now: dt.datetime) -> dict[str, Any]:
        """Columns of the slot to new values. What people were promised stays as it is."""
        slot, plan = self.slot, self.plan
        changes: dict[str, Any] = {}
        if plan is None:
            return changes
        if self.waits:
            # One that staff closed stays theirs, and so does one that they opened after that.
            return {"withdrawn": True, "closed_at": now} if slot.is_open else changes
        if slot.withdrawn:
            changes["withdrawn"] = False
            # Staff give a reason when they close; publishing doesn't.
            if not slot.close_reason:
                changes["closed_at"] = None
        if not self.pending:
            changes |= {"ends_at": plan.ends_at, "session_id": plan.session}
        elif self.coming and not self.is_held_up:
            changes |= {"session_id": plan.session}
        if slot.opens_at > now:
            changes |= {"opens_at": plan.opens_at}
        return {name: value for name, value in changes.items() if getattr(slot, name) != value}

    def new_capacities(self) -> list[tuple[PublishedQuota, int]]:
        if self.plan is None:
            return []
        wanted = [
            (quota, max(quota.taken, places)) for quota, places in self.slot.targets(self.plan)
        ]
        if self.is_held_up:
            # The places of a session are for those whom it is for, and this isn't it yet.
            wanted = [(quota, min(quota.capacity, places)) for quota, places in wanted]
        return [(quota, capacity) for quota, capacity in wanted if quota.capacity != capacity]


_SLOTS = """
    SELECT slot.id, slot.line_id, slot.starts_at, slot.ends_at, slot.opens_at, slot.session_id,
        slot.closed_at, slot.close_reason, slot.withdrawn, slot.reserve_released_at,
        array_agg(quota.pool::text ORDER BY quota.id),
        array_agg(
            ARRAY[quota.id, quota.capacity, quota.taken, quota.version, quota.edited::int]
            ORDER BY quota.id
        )
    FROM bookings_slot slot LEFT JOIN bookings_quota quota ON quota.slot_id = slot.id
    WHERE {}
    GROUP BY slot.id
"""
_AHEAD = _SLOTS.format("slot.office_id = %s AND slot.date >= %s AND slot.starts_at > %s")
_BY_ID = _SLOTS.format("slot.id = ANY(%s)")
# A hold past its time is in nobody's way, swept or not. That staff keep somebody lasts until the
# window is closed anew.
_HELD = """
    SELECT slot.id,
        (SELECT count(*) FROM bookings_booking
          WHERE slot_id = slot.id AND status = ANY(%(pending)s)
            AND NOT (status = 'held' AND expires_at <= %(now)s)),
        (SELECT count(*) FROM bookings_booking booking
          WHERE slot_id = slot.id AND status = ANY(%(pending)s)
            AND EXISTS (SELECT FROM bookings_conflictnote note
                         WHERE note.slot_id = slot.id AND note.booking_id = booking.id
                           AND note.kind = %(kept)s
                           AND (slot.closed_at IS NULL OR note.at >= slot.closed_at))),
        EXISTS (SELECT FROM bookings_booking WHERE slot_id = slot.id)
            OR EXISTS (SELECT FROM bookings_quotachange change
                       JOIN bookings_quota quota ON quota.id = change.quota_id
                       WHERE quota.slot_id = slot.id)
    FROM bookings_slot slot WHERE slot.id = ANY(%(ids)s)
"""


def published_slots(office: Office, now: dt.datetime) -> dict[Key, Published]:
    """Those that haven't begun. One query, whatever their number."""
    found = _read(_AHEAD, [office.pk, office.local_date(now), now])
    return {slot.key: slot for slot in found}


def cases(differing: Sequence[Differing], now: dt.datetime) -> list[Case]:
    """What stands in the way of each. One query, or none where all are as planned; and one more
    where sessions take the place of other windows.
    """
    if not differing:
        return []
    held = _held([slot.id for slot, _plan in differing], now)
    coming = _coming_sessions(differing)
    return [
        Case(slot, plan, *held[slot.id], coming=coming.get(plan.session or 0) if plan else None)
        for slot, plan in differing
    ]


def read_again(stale: Iterable[Case], now: dt.datetime) -> list[Case]:
    """The same cases as they are now. Two queries, or three."""
    stale = list(stale)
    slots = {slot.id: slot for slot in _read(_BY_ID, [[case.slot.id for case in stale]])}
    there = [(slots[case.slot.id], case.plan) for case in stale if case.slot.id in slots]
    return cases(there, now)


def _coming_sessions(differing: Iterable[Differing]) -> dict[int, Session]:
    """The sessions that windows are yet to become, by id."""
    coming = {
        plan.session
        for slot, plan in differing
        if plan and plan.session is not None and plan.session != slot.session_id
    }
    return Session.objects.in_bulk(coming) if coming else {}


def _read(sql: str, parameters: list[Any]) -> list[Published]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_published(row) for row in cursor.fetchall()]


def _published(row: tuple[Any, ...]) -> Published:
    *columns, pools, quotas = row
    by_pool = {
        pool: PublishedQuota(id_, capacity, taken, version, bool(edited))
        for pool, (id_, capacity, taken, version, edited) in zip(pools, quotas, strict=True)
        if id_ is not None
    }
    return Published._make([*columns, by_pool])


def _held(slot_ids: list[int], now: dt.datetime) -> dict[int, tuple[int, int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD,
            {
                "ids": slot_ids,
                "pending": list(PENDING),
                "kept": Settlement.KEPT,
                "now": now,
            },
        )
        return {slot_id: tuple(held) for slot_id, *held in cursor.fetchall()}
