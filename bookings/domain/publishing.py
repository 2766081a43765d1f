"""Makes the published slots follow the hours: opening hours − closures + sessions.

What nobody touched follows silently. What people hold a booking for stays, and is reported as
a conflict for staff to settle. Running it twice changes nothing.

- A slot without any history that the hours no longer hold is deleted; one with a history
  (bookings of any status, changes of its quotas) is withdrawn: kept, but closed to new bookings,
  and opened again if the hours come back.
- Capacity follows the hours and the counters, but never below what is taken. Assisted places
  that were released stay online. A quota that staff have edited is left alone.
- A slot that staff closed stays closed.

Lock order: the office, then quotas by id, then slots.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, starmap
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bookings.domain import allocation
from bookings.domain.planning import Key, PlannedSlot, planned_slots
from bookings.enums import PENDING, QuotaChangeKind
from bookings.models import Booking, Quota, QuotaChange, Slot
from offices.enums import Pool
from offices.models import Office


class ConflictKind(models.TextChoices):
    OUTSIDE_HOURS = "outside_hours", _("outside the opening hours")
    HOURS_DIFFER = "hours_differ", _("the hours of this time have changed")
    BELOW_TAKEN = "below_taken", _("more people are booked than there are places")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A slot that couldn't follow, with the number of bookings that stand in the way."""

    kind: ConflictKind
    slot_id: int
    starts_at: dt.datetime
    bookings: int


@dataclass(frozen=True, slots=True)
class PublishReport:
    """Numbers of slots, and what staff have to settle."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    conflicts: tuple[Conflict, ...] = ()

    def __add__(self, other: "PublishReport") -> "PublishReport":
        return PublishReport(
            self.created + other.created,
            self.changed + other.changed,
            self.removed + other.removed,
            self.conflicts + other.conflicts,
        )


def publish_all(now: dt.datetime) -> PublishReport:
    """Publish every office, each in a transaction of its own."""
    reports = (publish(office, now) for office in Office.objects.order_by("pk"))
    return reduce(PublishReport.__add__, reports, PublishReport())


def publish(office: Office, now: dt.datetime) -> PublishReport:
    """Make the office's slots from now on follow its hours. Safe to run by two workers at once."""
    with transaction.atomic():
        # Publishers queue here. Bookings don't: their foreign keys lock less than this conflicts
        # with.
        office = Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        planned = planned_slots(office, now)
        found = _found(Slot.objects.filter(office=office, starts_at__gt=now))
        missing = [slot for key, slot in planned.items() if key not in found]
        stale = [slot for key, slot in found.items() if key not in planned]
        kept = [(slot, planned[key]) for key, slot in found.items() if key in planned]
        # In one go, so that they are locked in the order of their ids (see allocation.py).
        fresh = _locked(
            [one for one in stale if one.is_open]
            + [one for one, plan in kept if _differs(one, plan, now)]
        )
        report = _create(office, missing) + _remove(stale, fresh, now) + _follow(kept, fresh, now)
    return replace(report, conflicts=_in_order(report.conflicts))


def _in_order(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(conflicts, key=lambda conflict: (conflict.starts_at, conflict.slot_id)))


# --- What is there -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A published slot with its quotas and what holds it in place."""

    slot: Slot
    quotas: Sequence[Quota]
    pending: int
    has_history: bool

    @property
    def key(self) -> Key:
        return self.slot.line_id, self.slot.starts_at

    @property
    def is_open(self) -> bool:
        return self.slot.closed_at is None and not self.slot.withdrawn

    @property
    def is_edited(self) -> bool:
        return any(quota.edited for quota in self.quotas)

    def targets(self, plan: PlannedSlot) -> list[tuple[Quota, int]]:
        """The quotas that follow the hours, each with the capacity that it should have."""
        places = dict(plan.places)
        if self.slot.reserve_released_at:
            # How much of an edited quota was released isn't known: staff's numbers stand.
            if self.is_edited:
                return []
            self._release(places)
        return [(quota, places[quota.pool]) for quota in self.quotas if not quota.edited]

    def _release(self, places: dict[str, int]) -> None:
        claimed = sum(quota.taken for quota in self.quotas if quota.pool == Pool.ASSISTED)
        unclaimed = max(0, places[Pool.ASSISTED] - claimed)
        places[Pool.ASSISTED] -= unclaimed
        places[Pool.ONLINE] += unclaimed


def _found(slots: "models.QuerySet[Slot]") -> dict[Key, _Found]:
    """Two queries, whatever the number of slots."""
    changes = QuotaChange.objects.filter(quota__slot=OuterRef("pk"))
    rows = slots.annotate(
        pending=Count("bookings", filter=Q(bookings__status__in=PENDING)),
        has_history=Exists(Booking.objects.filter(slot=OuterRef("pk"))) | Exists(changes),
    ).prefetch_related("quotas")
    found = (_Found(row, tuple(row.quotas.all()), row.pending, row.has_history) for row in rows)
    return {one.key: one for one in found}


def _locked(found: Sequence[_Found]) -> dict[Key, _Found]:
    """The same slots as they are once nobody can take or return a place of theirs."""
    if not found:
        return {}
    allocation.lock([quota.pk for one in found for quota in one.quotas])
    return _found(Slot.objects.filter(pk__in=[one.slot.pk for one in found]))


# --- What becomes of it ------------------------------------------------------------------------


def _create(office: Office, planned: Sequence[PlannedSlot]) -> PublishReport:
    slots = Slot.objects.bulk_create(
        Slot(
            office=office,
            line_id=plan.line,
            session_id=plan.session,
            date=plan.date,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            opens_at=plan.opens_at,
        )
        for plan in planned
    )
    Quota.objects.bulk_create(
        Quota(slot=slot, pool=pool, capacity=places)
        for slot, plan in zip(slots, planned, strict=True)
        for pool, places in plan.places.items()
    )
    return PublishReport(created=len(slots))


def _remove(
    stale: Sequence[_Found], fresh: Mapping[Key, _Found], now: dt.datetime
) -> PublishReport:
    """Delete or withdraw. A slot that staff reopened after that is theirs."""
    current = [fresh.get(one.key, one) for one in stale]
    leaving = [one for one in current if one.key in fresh and one.is_open]
    deleted = {one.slot.pk for one in leaving if not (one.has_history or one.is_edited)}
    withdrawn = [one.slot.pk for one in leaving if one.slot.pk not in deleted]
    if deleted:
        Slot.objects.filter(pk__in=deleted).delete()
    if withdrawn:
        allocation.close_quotas(withdrawn, closed=True)
        Slot.objects.filter(pk__in=withdrawn).update(closed_at=now, withdrawn=True)
    return PublishReport(
        removed=len(leaving),
        conflicts=tuple(
            _conflict(ConflictKind.OUTSIDE_HOURS, one) for one in current if one.pending
        ),
    )


def _follow(
    kept: Sequence[tuple[_Found, PlannedSlot]], fresh: Mapping[Key, _Found], now: dt.datetime
) -> PublishReport:
    pairs = [(fresh.get(plan.key, one), plan) for one, plan in kept]
    changing = [(one, plan) for one, plan in pairs if plan.key in fresh]
    if changing:
        _change_quotas(changing, now)
        _change_slots(changing, now)
    conflicts = [conflict for one, plan in pairs if (conflict := _conflict_of(one, plan))]
    return PublishReport(changed=len(changing), conflicts=tuple(conflicts))


def _differs(one: _Found, plan: PlannedSlot, now: dt.datetime) -> bool:
    return bool(_slot_changes(one, plan, now) or _new_capacities(one, plan))


def _slot_changes(one: _Found, plan: PlannedSlot, now: dt.datetime) -> dict[str, Any]:
    """Fields of the slot to new values. What people were promised stays as it is."""
    slot = one.slot
    changes: dict[str, Any] = {}
    if slot.withdrawn:
        changes["withdrawn"] = False
        # Staff give a reason when they close; publishing doesn't.
        if not slot.close_reason:
            changes["closed_at"] = None
    if not one.pending:
        changes |= {"ends_at": plan.ends_at, "session_id": plan.session}
    if slot.opens_at > now:
        changes |= {"opens_at": plan.opens_at}
    return {name: value for name, value in changes.items() if getattr(slot, name) != value}


def _new_capacities(one: _Found, plan: PlannedSlot) -> list[tuple[Quota, int]]:
    wanted = [(quota, max(quota.taken, places)) for quota, places in one.targets(plan)]
    return [(quota, capacity) for quota, capacity in wanted if quota.capacity != capacity]


def _change_quotas(changing: Iterable[tuple[_Found, PlannedSlot]], now: dt.datetime) -> None:
    changes = []
    for quota, capacity in chain.from_iterable(starmap(_new_capacities, changing)):
        changes.append(
            QuotaChange(
                quota=quota,
                kind=QuotaChangeKind.PUBLISHED,
                at=now,
                from_capacity=quota.capacity,
                to_capacity=capacity,
                version=quota.version + 1,
            )
        )
        quota.capacity, quota.version = capacity, quota.version + 1
    Quota.objects.bulk_update([change.quota for change in changes], ["capacity", "version"])
    QuotaChange.objects.bulk_create(changes)
    reinstated = [
        one.slot.pk
        for one, plan in changing
        if one.slot.closed_at and "closed_at" in _slot_changes(one, plan, now)
    ]
    if reinstated:
        allocation.close_quotas(reinstated, closed=False)


def _change_slots(changing: Iterable[tuple[_Found, PlannedSlot]], now: dt.datetime) -> None:
    for one, plan in changing:
        for name, value in _slot_changes(one, plan, now).items():
            setattr(one.slot, name, value)
    Slot.objects.bulk_update(
        [one.slot for one, _ in changing],
        ["ends_at", "session", "opens_at", "closed_at", "withdrawn"],
    )


# --- What staff have to settle -----------------------------------------------------------------


def _conflict_of(one: _Found, plan: PlannedSlot) -> Conflict | None:
    if one.pending and (one.slot.ends_at, one.slot.session_id) != (plan.ends_at, plan.session):
        return _conflict(ConflictKind.HOURS_DIFFER, one)
    if any(quota.taken > places for quota, places in one.targets(plan)):
        return _conflict(ConflictKind.BELOW_TAKEN, one)
    return None


def _conflict(kind: ConflictKind, one: _Found) -> Conflict:
    return Conflict(kind, one.slot.pk, one.slot.starts_at, one.pending)
