"""What an office's hours come to: the slots that should be there, before looking at what is."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bookings.models import Slot
from offices.domain.hours import Window, utc_bounds, windows
from offices.domain.policy import BookingPolicy, policy_for, split_capacity
from offices.domain.timetable import Timetable, timetable
from offices.models import Office

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


def planned_slots(office: Office, now: dt.datetime) -> dict[Key, PlannedSlot]:
    """The slots of an office from now to the end of its horizon; none if it isn't active.

    Days that were published under a longer horizon are planned as well: they stay true.
    """
    if not office.is_active:
        return {}
    policy = policy_for(office)
    today = office.local_date(now)
    last = _last_day(office, today + dt.timedelta(days=policy.horizon_days))
    table = timetable(office, today, last, open_on_holidays=policy.open_on_holidays)
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    planned = [slot for day in days for slot in _slots_of_day(office, day, policy, table)]
    return {slot.key: slot for slot in planned if slot.starts_at > now}


def _last_day(office: Office, horizon: dt.date) -> dt.date:
    latest = Slot.objects.filter(office=office).order_by("-date").values_list("date", flat=True)
    return max(latest.first() or horizon, horizon)


def _slots_of_day(
    office: Office, day: dt.date, policy: BookingPolicy, table: Timetable
) -> Iterator[PlannedSlot]:
    opens_at = release_moment(office, policy, day)
    for window in windows(table.plan, day, policy.slot_minutes):
        bounds = utc_bounds(window, office.zone)
        if bounds is not None:
            places = _places(window, policy, table)
            yield PlannedSlot(window.line, window.session, day, *bounds, opens_at, places)


def _places(window: Window, policy: BookingPolicy, table: Timetable) -> Mapping[str, int]:
    capacity = window.capacity
    if capacity is None:
        capacity = table.places_by_counters(
            window.line, window.day, window.opens, window.closes, policy
        )
    shares = window.shares or policy.pool_shares
    return _split(capacity, tuple(shares.items()))


@lru_cache(1000)
def _split(capacity: int, shares: tuple[tuple[str, int], ...]) -> Mapping[str, int]:
    # A year of an office has thousands of windows, of a few sizes.
    return MappingProxyType(split_capacity(capacity, dict(shares)))


def release_moment(office: Office, policy: BookingPolicy, day: dt.date) -> dt.datetime:
    """When a day opens for booking (放号): `horizon_days` before, at the office's release time."""
    release_day = day - dt.timedelta(days=policy.horizon_days)
    local = dt.datetime.combine(release_day, policy.release_time, tzinfo=office.zone)
    return local.astimezone(dt.UTC)
