"""What hours, counters and surges come to: the slots that should be, before looking at what is."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Exists, OuterRef, Subquery

from bookings.models import Slot
from offices.domain.hours import Window, minute_of, utc_bounds, windows
from offices.domain.policy import BookingPolicy, policy_for, split_capacity
from offices.domain.surge_plans import surges_between
from offices.domain.surges import (
    NOTHING,
    Surge,
    Uplift,
    lengthened,
    surges_on,
    uplift_of,
    with_counters,
    with_percent,
)
from offices.domain.timetable import Timetable, timetable
from offices.models import Office, SurgePeriod

# A slot of an office: line and start.
Key = tuple[int, dt.datetime]


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A slot as the hours have it. `places` maps each pool to its capacity."""

    line: int
    session: int | None
    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime
    places: Mapping[str, int]

    @property
    def key(self) -> Key:
        return self.line, self.starts_at


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the slots of some days of an office follow from, surges aside."""

    office: Office
    policy: BookingPolicy
    table: Timetable
    days: Sequence[dt.date]

    def slots(self, surges: Sequence[Surge], now: dt.datetime) -> dict[Key, PlannedSlot]:
        """The slots of these days that haven't begun, with these surges in force."""
        planned = (slot for day in self.days for slot in self._of_day(day, surges))
        return {slot.key: slot for slot in planned if slot.starts_at > now}

    def _of_day(self, day: dt.date, surges: Sequence[Surge]) -> Iterator[PlannedSlot]:
        opens_at = release_moment(self.office, self.policy, day)
        in_force = surges_on(surges, day)
        for window in self._windows(day, in_force):
            bounds = utc_bounds(window, self.office.zone)
            if bounds is not None:
                # Nearly all days of a year have none, and it has thousands of windows.
                uplift = uplift_of(in_force, window.line) if in_force else NOTHING
                places = _places(window, uplift, self.policy, self.table)
                yield PlannedSlot(window.line, window.session, day, *bounds, opens_at, places)

    def _windows(self, day: dt.date, surges: Sequence[Surge]) -> list[Window]:
        minutes = self.policy.slot_minutes
        plan = self.table.plan
        return windows(lengthened(plan, day, surges, minutes) if surges else plan, day, minutes)


def planned_slots(office: Office, now: dt.datetime) -> dict[Key, PlannedSlot]:
    """The slots of an office from now to the end of its horizon; none if it isn't active.

    Days that were published under a longer horizon are planned as well: they stay true.
    """
    if not office.is_active:
        return {}
    policy = policy_for(office)
    today = office.local_date(now)
    published_until, has_surges = _extent(office, today)
    horizon = today + dt.timedelta(days=policy.horizon_days)
    last = max(published_until or horizon, horizon)
    surges = surges_between(office, today, last) if has_surges else ()
    return outlook(office, policy, today, last).slots(surges, now)


def outlook(office: Office, policy: BookingPolicy, first: dt.date, last: dt.date) -> Outlook:
    """Of these days, both included."""
    table = timetable(office, first, last, open_on_holidays=policy.open_on_holidays)
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return Outlook(office, policy, table, days)


def _extent(office: Office, today: dt.date) -> tuple[dt.date | None, bool]:
    """The last day that is published, and whether any surge is to come, in one query."""
    latest = Slot.objects.filter(office=OuterRef("pk")).order_by("-date").values("date")[:1]
    surges = SurgePeriod.objects.in_force(today).filter(office=OuterRef("pk"))
    found = Office.objects.filter(pk=office.pk).values_list(Subquery(latest), Exists(surges))
    return found.get()


def _places(
    window: Window, uplift: Uplift, policy: BookingPolicy, table: Timetable
) -> Mapping[str, int]:
    if window.capacity is None:
        capacity = table.places_by_counters(
            window.line, window.day, window.opens, window.closes, policy, uplift.counters
        )
    else:
        minutes = minute_of(window.closes) - minute_of(window.opens)
        capacity = with_counters(window.capacity, uplift, minutes, policy.minutes_per_person)
    shares = window.shares or policy.pool_shares
    return _split(with_percent(capacity, uplift), tuple(shares.items()))


@lru_cache(1000)
def _split(capacity: int, shares: tuple[tuple[str, int], ...]) -> Mapping[str, int]:
    # A year of an office has thousands of windows, of a few sizes.
    return MappingProxyType(split_capacity(capacity, dict(shares)))


def release_moment(office: Office, policy: BookingPolicy, day: dt.date) -> dt.datetime:
    """When a day opens for booking (放号): `horizon_days` before, at the office's release time."""
    release_day = day - dt.timedelta(days=policy.horizon_days)
    local = dt.datetime.combine(release_day, policy.release_time, tzinfo=office.zone)
    return local.astimezone(dt.UTC)
