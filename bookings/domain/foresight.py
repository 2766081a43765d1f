"""What a change would do to the windows of an office, found out by doing it and taking it back."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from bookings.domain.planning import PlannedSlot, planned_slots
from bookings.domain.published import published_slots
from bookings.domain.publishing import Conflict, PublishReport
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Foresight:
    """Windows within the horizon, in order of time; `changed` as they would be."""

    added: tuple[PlannedSlot, ...]
    removed: tuple[PlannedSlot, ...]
    changed: tuple[PlannedSlot, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.removed or self.changed or self.conflicts)


def foresee(office: Office, change: Callable[[], PublishReport], now: dt.datetime) -> Foresight:
    """What `change`, which publishes, would do. Nothing of it stays; what it raises is raised."""
    with transaction.atomic():
        before, was = planned_slots(office, now), published_slots(office, now)
        report = change()
        after, becomes = planned_slots(office, now), published_slots(office, now)
        transaction.set_rollback(True)
    return Foresight(
        added=_in_order(slot for key, slot in after.items() if key not in before),
        removed=_in_order(slot for key, slot in before.items() if key not in after),
        # What staff edited or closed stays as it is, whatever the hours say.
        changed=_in_order(
            slot
            for key, slot in after.items()
            if key in before and before[key] != slot and was.get(key) != becomes.get(key)
        ),
        conflicts=report.conflicts,
    )


def _in_order(slots: Iterable[PlannedSlot]) -> tuple[PlannedSlot, ...]:
    return tuple(sorted(slots, key=lambda slot: (slot.starts_at, slot.line)))
