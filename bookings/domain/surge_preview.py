"""What a surge would do, or its end: every window that it touches, before anything is written."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.domain.planning import PlannedSlot, outlook
from bookings.domain.published import Published, published_slots
from offices.domain.policy import policy_for
from offices.domain.surge_plans import surge_of, surges_between
from offices.domain.surges import Surge
from offices.models import Office, ServiceLine, SurgePeriod, SurgePlan


class Outcome(models.TextChoices):
    """What becomes of a window. The later ones are for staff to look at."""

    CHANGES = "changes", _("Its places change")
    NEW = "new", _("New window")
    GOES = "goes", _("Goes away")
    EDITED = "edited", _("Edited by staff: what they set stays")
    CLOSED = "closed", _("Closed by staff: stays closed")
    CONFLICT = "conflict", _("More people are booked than there would be places; all keep theirs")


@dataclass(frozen=True, slots=True)
class WindowPreview:
    """A window now and then: places of each pool, none at all where there is no window."""

    line: ServiceLine
    date: dt.date
    # Local times.
    opens: dt.time
    closes: dt.time
    before: Mapping[str, int]
    after: Mapping[str, int]
    booked: int
    outcome: Outcome

    @property
    def places_before(self) -> int:
        return sum(self.before.values())

    @property
    def places_after(self) -> int:
        return sum(self.after.values())


@dataclass(frozen=True, slots=True)
class SurgePreview:
    """Everything that changes at one office, in order of time."""

    office: Office
    windows: tuple[WindowPreview, ...]
    # The last day of the horizon; what lies behind it is published later, and follows then.
    horizon: dt.date | None = None
    # Other plans that are in force on some of the days; their percents and counters add up.
    others: tuple[SurgePeriod, ...] = ()

    @property
    def places_before(self) -> int:
        return sum(window.places_before for window in self.windows)

    @property
    def places_after(self) -> int:
        return sum(window.places_after for window in self.windows)

    @property
    def conflicts(self) -> list[WindowPreview]:
        return self._with(Outcome.CONFLICT)

    @property
    def new(self) -> list[WindowPreview]:
        return self._with(Outcome.NEW)

    @property
    def left_alone(self) -> list[WindowPreview]:
        return self._with(Outcome.EDITED, Outcome.CLOSED)

    def days(self) -> "list[tuple[dt.date, SurgePreview]]":
        by_day = groupby(self.windows, key=lambda window: window.date)
        return [(day, SurgePreview(self.office, tuple(windows))) for day, windows in by_day]

    def _with(self, *outcomes: Outcome) -> list[WindowPreview]:
        return [window for window in self.windows if window.outcome in outcomes]


def preview(
    plan: SurgePlan, office: Office, first: dt.date, last: dt.date, now: dt.datetime
) -> SurgePreview:
    """What applying the plan would do, on days beyond the horizon as well."""
    further = surge_of(plan, first, last)
    others = SurgePeriod.objects.in_force(first, last).filter(office=office)
    return _compare(
        office,
        (first, last),
        lambda surges: [*surges, further],
        now,
        tuple(others.select_related("plan").order_by("first_day", "pk")),
    )


def preview_end(period: SurgePeriod, now: dt.datetime) -> SurgePreview:
    """What ending it would bring back."""
    return _compare(
        period.office,
        (period.first_day, period.last_day),
        lambda surges: [surge for surge in surges if surge.period != period.pk],
        now,
    )


def _compare(
    office: Office,
    days: tuple[dt.date, dt.date],
    change: Callable[[Sequence[Surge]], Sequence[Surge]],
    now: dt.datetime,
    others: tuple[SurgePeriod, ...] = (),
) -> SurgePreview:
    policy = policy_for(office)
    today = office.local_date(now)
    first, last = max(days[0], today), days[1]
    horizon = today + dt.timedelta(days=policy.horizon_days)
    if last < first or not office.is_active:
        return SurgePreview(office, (), horizon, others)
    surges = surges_between(office, first, last)
    view = outlook(office, policy, first, last)
    before, after = view.slots(surges, now), view.slots(change(surges), now)
    touched = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    found = published_slots(office, now)
    lines = ServiceLine.objects.in_bulk({line for line, _start in touched})
    windows = [
        _window(
            lines[key[0]],
            before.get(key),
            after.get(key),
            found.get(key),
            _local_hours(after.get(key) or before[key], office.zone),
        )
        for key in sorted(touched, key=lambda key: (key[1], key[0]))
    ]
    return SurgePreview(office, tuple(windows), horizon, others)


def _window(
    line: ServiceLine,
    before: PlannedSlot | None,
    after: PlannedSlot | None,
    slot: Published | None,
    hours: tuple[dt.datetime, dt.datetime],
) -> WindowPreview:
    was = _places_now(before, slot)
    return WindowPreview(
        line=line,
        date=hours[0].date(),
        opens=hours[0].time(),
        closes=hours[1].time(),
        before=was,
        after=_places_then(after, slot),
        booked=sum(quota.taken for quota in slot.quotas.values()) if slot else 0,
        outcome=_outcome(after, slot, is_new=not was),
    )


def _local_hours(plan: PlannedSlot, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    return plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)


def _places_now(plan: PlannedSlot | None, slot: Published | None) -> Mapping[str, int]:
    if slot is None:
        return plan.places if plan else {}
    # One that staff have opened again after it was withdrawn has its places.
    if slot.withdrawn and slot.closed_at:
        return {}
    return {pool: quota.capacity for pool, quota in slot.quotas.items()}


def _places_then(plan: PlannedSlot | None, slot: Published | None) -> Mapping[str, int]:
    if plan is None or slot is None:
        return plan.places if plan else {}
    follow = {quota.id: max(quota.taken, places) for quota, places in slot.targets(plan)}
    return {pool: follow.get(quota.id, quota.capacity) for pool, quota in slot.quotas.items()}


def _outcome(plan: PlannedSlot | None, slot: Published | None, *, is_new: bool) -> Outcome:
    if slot and _is_too_full(plan, slot):
        return Outcome.CONFLICT
    if plan is None:
        return Outcome.GOES
    if slot and slot.close_reason:
        return Outcome.CLOSED
    if slot and slot.is_edited:
        return Outcome.EDITED
    return Outcome.NEW if is_new else Outcome.CHANGES


def _is_too_full(plan: PlannedSlot | None, slot: Published) -> bool:
    if plan is None:
        return any(quota.taken for quota in slot.quotas.values())
    return any(quota.taken > places for quota, places in slot.targets(plan))
