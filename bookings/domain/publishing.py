"""Makes the published slots follow the hours: opening hours − closures + sessions.

What nobody touched follows silently. What people hold a booking for stays, and is reported as
a conflict for staff to settle. Running it twice changes nothing.

- A slot without any history that the hours no longer hold is deleted; one with a history
  (bookings of any status, changes of its quotas) is withdrawn: kept, but closed to new bookings,
  and opened again if the hours come back.
- Capacity follows the hours and the counters, but never below what is taken. Assisted places
  that were released stay online. A quota that staff have edited is left alone.
- A slot that is to become a session for some, but that people hold, is withdrawn likewise: it
  follows once they are gone or kept by staff, which `follow_sessions` looks for.
- A slot that staff closed stays closed.

Lock order: offices by id, then quotas by id, then slots.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bookings.domain import allocation
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.planning import PlannedSlot, planned_slots
from bookings.domain.published import Case, Differing, cases, published_slots, read_again
from bookings.domain.publishing_rows import (
    Occasion,
    change_capacities,
    change_slots,
    create_slots,
)
from bookings.domain.quotas import record
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, Slot
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


def publish(
    office: Office, now: dt.datetime, *, reason: str = "", actor: Actor = SYSTEM
) -> PublishReport:
    """Make the office's slots from now on follow its hours. Safe to run by two workers at once.

    `reason` and `actor`, of whoever has changed the hours, are kept with each changed capacity.
    """
    return publish_together([office], now, reason=reason, actor=actor)


def publish_together(
    offices: Iterable[Office], now: dt.datetime, *, reason: str = "", actor: Actor = SYSTEM
) -> PublishReport:
    """Likewise for several offices in one transaction, all of them or none.

    One after another would lock quotas out of the order of their ids, and meet somebody who moves
    a booking from one office to another.
    """
    created, differing = 0, list[Differing]()
    with transaction.atomic():
        for office in queue_together(offices):
            missing, others = _compare(office, now)
            create_slots(office, missing)
            created += len(missing)
            differing += others
        report = _settle(cases(differing, now), Occasion(now, reason.strip(), actor.person))
    return replace(report, created=created)


def queue_with_publishers(office_id: int) -> Office:
    """The office, of which nobody else publishes windows until the transaction ends.

    Bookings don't queue here: their foreign keys lock less than this conflicts with.
    """
    return Office.objects.select_for_update(no_key=True).get(pk=office_id)


def queue_together(offices: Iterable[Office]) -> list[Office]:
    """Likewise several, in the order of their ids: so no two transactions wait for each other."""
    chosen = [office.pk for office in offices]
    return list(Office.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk"))


def _compare(office: Office, now: dt.datetime) -> tuple[list[PlannedSlot], list[Differing]]:
    """What the hours have and isn't published, and what is published in another way."""
    planned = planned_slots(office, now)
    found = published_slots(office, now)
    missing = [plan for key, plan in planned.items() if key not in found]
    differing = [
        (slot, plan)
        for key, slot in found.items()
        if (plan := planned.get(key)) is None or not slot.is_as_planned(plan, now)
    ]
    return missing, differing


def _settle(differing: Sequence[Case], occasion: Occasion) -> PublishReport:
    # In one go, so that they are locked in the order of their ids (see allocation.py).
    now = occasion.now
    fresh = _locked([case for case in differing if case.needs_change(now)], now)
    leaving = [case for case in fresh if case.plan is None and case.slot.is_open]
    staying = [case for case in fresh if case.plan is not None]
    _remove(leaving, occasion)
    _follow(staying, occasion)
    changed = {case.slot.id for case in fresh}
    current = [*fresh, *(case for case in differing if case.slot.id not in changed)]
    conflicts = [conflict for case in current if (conflict := _conflict(case))]
    return PublishReport(changed=len(staying), removed=len(leaving), conflicts=_in_order(conflicts))


def _locked(changing: Sequence[Case], now: dt.datetime) -> list[Case]:
    """The same cases as they are once nobody can take or return a place of theirs."""
    if not changing:
        return []
    allocation.lock([quota.id for case in changing for quota in case.slot.quotas.values()])
    return read_again(changing, now)


def _remove(leaving: Sequence[Case], occasion: Occasion) -> None:
    """Delete or withdraw. A slot that staff reopened after that is theirs."""
    withdrawn = [case.slot.id for case in leaving if case.has_history or case.slot.is_edited]
    deleted = {case.slot.id for case in leaving} - set(withdrawn)
    if deleted:
        Slot.objects.filter(pk__in=deleted).delete()
    if withdrawn:
        _close(withdrawn, occasion)
        Slot.objects.filter(pk__in=withdrawn).update(closed_at=occasion.now, withdrawn=True)


def _follow(staying: Sequence[Case], occasion: Occasion) -> None:
    if not staying:
        return
    change_capacities([pair for case in staying for pair in case.new_capacities()], occasion)
    changes = [(case.slot, case.slot_changes(occasion.now)) for case in staying]
    if waiting := [slot.id for slot, values in changes if values.get("withdrawn")]:
        _close(waiting, occasion)
    reinstated = [slot.id for slot, values in changes if slot.closed_at and "closed_at" in values]
    if reinstated:
        opened = allocation.close_quotas(reinstated, closed=False)
        _record(opened, QuotaChangeKind.REOPENED, occasion)
    change_slots([slot._replace(**values) for slot, values in changes if values])


def _close(slot_ids: list[int], occasion: Occasion) -> None:
    quotas = allocation.close_quotas(slot_ids, closed=True)
    _record(quotas, QuotaChangeKind.CLOSED, occasion)


def _record(quotas: Iterable[Quota], kind: QuotaChangeKind, occasion: Occasion) -> None:
    record(quotas, kind, occasion.reason, Actor(operator=occasion.account), occasion.now)


# --- What staff have to settle -----------------------------------------------------------------


def _conflict(case: Case) -> Conflict | None:
    kind = kind_of_conflict(case)
    return Conflict(kind, case.slot.id, case.slot.starts_at, case.pending) if kind else None


def kind_of_conflict(case: Case) -> ConflictKind | None:
    """Why people stand in the way of what the hours have; None where nobody does."""
    slot, plan = case.slot, case.plan
    if plan is None:
        return ConflictKind.OUTSIDE_HOURS if case.pending else None
    if case.pending and (slot.ends_at, slot.session_id) != (plan.ends_at, plan.session):
        return ConflictKind.HOURS_DIFFER
    if any(quota.taken > places for quota, places in slot.targets(plan)):
        return ConflictKind.BELOW_TAKEN
    return None


def _in_order(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(conflicts, key=lambda conflict: (conflict.starts_at, conflict.slot_id)))
