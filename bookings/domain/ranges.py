"""One change over many windows: so many percent more, ten fewer, set to, stop giving out.

First a plan that says what becomes of every window, then all of it or nothing, if nothing has
changed since the plan was looked at.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bookings.domain.availability import expired_places
from bookings.domain.freezing import freeze, thaw
from bookings.domain.parties import Actor
from bookings.domain.quotas import QuotaEdit, QuotasRefused, changed_meanwhile, set_quotas
from bookings.enums import RangeOutcome, RangeVerb
from bookings.models import Quota, Slot
from offices.models import Office, ServiceLine

MAX_PLACES = 2000
MAX_DAYS = 62
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Range:
    """Pools of the windows of a line, from day to day. `weekdays` count from Monday, 0.

    A window is in it if it lies between the times, which are local; None: from the beginning, to
    the end of the day.
    """

    office: Office
    line: ServiceLine
    pools: frozenset[str]
    first: dt.date
    last: dt.date
    weekdays: frozenset[int] = EVERY_DAY
    opens: dt.time | None = None
    closes: dt.time | None = None

    def quotas(self) -> list[Quota]:
        """In order of time. One query."""
        slots = Slot.objects.of_line(self.office, self.line)
        found = Quota.objects.filter(
            slot__in=slots.filter(date__range=(self.first, self.last)), pool__in=self.pools
        ).select_related("slot")
        quotas = []
        for quota in found.order_by("slot__starts_at", "pk"):
            quota.slot.office = self.office
            if self._holds(quota.slot):
                quotas.append(quota)
        return quotas

    def _holds(self, slot: Slot) -> bool:
        begins = self.opens is None or slot.local_start.time() >= self.opens
        # A window until midnight ends the day after.
        last = slot.local_end.time() if slot.local_end.date() == slot.date else dt.time.max
        ends = self.closes is None or last <= self.closes
        return begins and ends and slot.date.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class RangeChange:
    """What to do with each window. `amount`: percent or places, either of which may be negative."""

    verb: RangeVerb
    amount: int = 0

    def of(self, capacity: int) -> int:
        """To the nearest whole place, half of one up, and never below none.

        >>> [RangeChange(RangeVerb.PERCENT, percent).of(15) for percent in (30, -30, -100)]
        [20, 11, 0]
        """
        if self.verb == RangeVerb.PERCENT:
            return max(0, (capacity * (100 + self.amount) * 2 + 100) // 200)
        if self.verb == RangeVerb.PLACES:
            return max(0, capacity + self.amount)
        return self.amount if self.verb == RangeVerb.SET else capacity

    @property
    def freezes(self) -> bool:
        return self.verb in (RangeVerb.FREEZE, RangeVerb.THAW)


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one quota: nothing, unless its outcome is that it changes."""

    quota: Quota
    # Expired holds don't count.
    taken: int
    capacity: int
    outcome: RangeOutcome

    @property
    def changes(self) -> bool:
        return self.outcome == RangeOutcome.CHANGES

    @property
    def refused(self) -> bool:
        return self.outcome not in (RangeOutcome.CHANGES, RangeOutcome.SAME)


def plan_range(which: Range, change: RangeChange, now: dt.datetime) -> list[Step]:
    """What the change makes of each quota of the range. Nothing is written; two queries."""
    quotas = which.quotas()
    expired = expired_places({quota.slot for quota in quotas}, now)
    return [_step(quota, expired.get(quota.pk, 0), change, now) for quota in quotas]


def change_range(
    which: Range,
    change: RangeChange,
    seen: Mapping[int, int],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Make every step of the plan that changes something, in one go; how many quotas changed.

    `seen` maps the quotas that were to change to their versions, as the plan that was looked at
    had them. Raises QuotasRefused where the plan has become another one; nothing is changed then.
    """
    steps = [step for step in plan_range(which, change, now) if step.changes]
    _refuse_another_plan(seen, steps)
    versions = {step.quota.pk: seen[step.quota.pk] for step in steps}
    if change.freezes:
        switch = freeze if change.verb == RangeVerb.FREEZE else thaw
        return len(switch(versions, reason=reason, actor=actor, now=now))
    edits = [QuotaEdit(step.quota.pk, step.capacity, versions[step.quota.pk]) for step in steps]
    return len(set_quotas(edits, reason=reason, actor=actor, now=now))


def _refuse_another_plan(seen: Mapping[int, int], steps: Iterable[Step]) -> None:
    if differing := seen.keys() ^ {step.quota.pk for step in steps}:
        raise QuotasRefused([changed_meanwhile(q) for q in Quota.objects.filter(pk__in=differing)])


def _step(quota: Quota, expired: int, change: RangeChange, now: dt.datetime) -> Step:
    taken = quota.taken - expired
    capacity = change.of(quota.capacity)
    return Step(quota, taken, capacity, _outcome(quota, taken, capacity, change, now))


def _outcome(
    quota: Quota, taken: int, capacity: int, change: RangeChange, now: dt.datetime
) -> RangeOutcome:
    if quota.slot.ends_at <= now:
        return RangeOutcome.OVER
    if quota.slot.closed_at is not None and change.verb != RangeVerb.THAW:
        return RangeOutcome.CLOSED
    if change.freezes:
        same = quota.frozen == (change.verb == RangeVerb.FREEZE)
    else:
        same = quota.capacity == capacity
    if same:
        return RangeOutcome.SAME
    if capacity < taken:
        return RangeOutcome.BELOW_TAKEN
    return RangeOutcome.TOO_MANY if capacity > MAX_PLACES else RangeOutcome.CHANGES
