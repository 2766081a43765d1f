"""The log of a quota, played again from its publication: it must lead to what is there now."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot

_FREEZING = {QuotaChangeKind.FROZEN: True, QuotaChangeKind.THAWED: False}


class LogBroken(Exception):
    """A change that doesn't follow from the one before it: another was lost."""


@dataclass(frozen=True, slots=True)
class QuotaState:
    capacity: int
    version: int = 1
    frozen: bool = False

    def after(self, change: QuotaChange) -> "QuotaState":
        """Raises LogBroken unless the change was made to this very state."""
        if (change.from_capacity, change.version) != (self.capacity, self.version + 1):
            raise LogBroken(f"{change} (version {change.version}) does not follow {self}")
        frozen = _FREEZING.get(QuotaChangeKind(change.kind), self.frozen)
        return QuotaState(change.to_capacity, change.version, frozen)


def replay(quota: Quota) -> QuotaState:
    """The state that the log leads to. Raises LogBroken."""
    changes = sorted(quota.changes.all(), key=lambda change: change.version)
    state = QuotaState(changes[0].from_capacity if changes else quota.capacity)
    for change in changes:
        state = state.after(change)
    return state


def untrue_logs(slots: Collection[int] | QuerySet[Slot]) -> Iterator[str]:
    """A sentence for each quota of these slots whose log doesn't lead to its present state."""
    quotas = Quota.objects.filter(slot__in=slots).order_by("pk")
    for quota in quotas.prefetch_related(Prefetch("changes", QuotaChange.objects.order_by())):
        present = QuotaState(quota.capacity, quota.version, quota.frozen)
        try:
            replayed = replay(quota)
        except LogBroken as broken:
            yield f"quota {quota.pk}: {broken}"
            continue
        if replayed != present:
            yield f"quota {quota.pk} is {present}, its log leads to {replayed}"
