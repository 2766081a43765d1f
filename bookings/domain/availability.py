"""What may still be booked, read from the counters and never from the bookings.

Holds that have expired and were not swept yet count as free, places that are still coming back
(decision 14) don't. What a crowd asks for comes from
board.py, which asks here once a second.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum

from bookings.enums import SlotState
from bookings.models import Booking, Slot
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine


class SlotView(NamedTuple):
    """One window as a caller of one channel sees it."""

    id: int
    # As the office's clock has it.
    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime
    state: str
    # Places that a party of this channel may take now: those of the fullest suitable pool.
    places_left: int
    # Places of the channel's pools, taken or not.
    capacity: int
    session_id: int | None

    @property
    def load(self) -> float:
        """0 when empty, 1 when full."""
        return 1 - self.places_left / self.capacity if self.capacity else 1.0

    def fits(self, party_size: int) -> bool:
        # What can't be booked now has no places left.
        return self.places_left >= max(party_size, 1)


# Written out, for it is what a crowd waits for. Behind OFFSET 0 the planner can only look into the
# holds of one slot: it would rather read all that have expired, which may be many thousands.
_QUERY = """/*prepared*/
    SELECT slot.id, slot.date, slot.starts_at, slot.ends_at, slot.opens_at, slot.closed_at,
           slot.session_id, coalesce(sum(quota.capacity), 0),
           coalesce(max(CASE WHEN NOT quota.frozen THEN greatest(0, quota.capacity - quota.taken
               - CASE WHEN quota.back_at > %s THEN quota.coming_back ELSE 0 END) + (
               SELECT coalesce(sum(hold.places), 0)
                 FROM (SELECT quota_id, expires_at, places FROM bookings_booking
                        WHERE slot_id = slot.id AND status = 'held' OFFSET 0) AS hold
                WHERE hold.quota_id = quota.id AND hold.expires_at <= %s
           ) END), 0), slot.office_id
      FROM bookings_slot AS slot
      LEFT JOIN bookings_quota AS quota ON quota.slot_id = slot.id AND quota.pool = ANY(%s::text[])
     WHERE slot.office_id {which} AND slot.line_id = %s
       AND slot.date BETWEEN %s AND %s
     GROUP BY slot.id
     ORDER BY slot.starts_at, slot.id
"""
_WINDOWS = _QUERY.format(which="= %s")
_WINDOWS_OF_MANY = _QUERY.format(which="= ANY(%s::bigint[])")


def windows(
    office: Office,
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    pools: tuple[str, ...],
    now: dt.datetime,
) -> list[SlotView]:
    """Those from the first day to the last, both included, in order of time. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WINDOWS, [now, now, list(pools), office.pk, line.pk, first, last])
        return [_view(row, now) for row in cursor.fetchall()]


def windows_of_many(
    offices: Sequence[Office],
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    pools: tuple[str, ...],
    now: dt.datetime,
) -> dict[int, list[SlotView]]:
    """The same by the id of the office. One statement, whatever their number."""
    found: dict[int, list[SlotView]] = {office.pk: [] for office in offices}
    values: list[Any] = [now, now, list(pools), list(found), line.pk, first, last]
    with connection.cursor() as cursor:
        cursor.execute(_WINDOWS_OF_MANY, values)
        for row in cursor.fetchall():
            found[row[-1]].append(_view(row, now))
    return found


def slots(
    office: Office, line: ServiceLine, day: dt.date, channel: str, now: dt.datetime
) -> list[SlotView]:
    """The windows of one day, in order of time, as they are at this moment."""
    return windows(office, line, day, day, policy_for(office).pools_for(channel), now)


def expired_places(slots: Iterable[Slot], now: dt.datetime) -> dict[int, int]:
    """Places by quota id that holds past their time still count as taken."""
    rows = (
        Booking.objects.held_past(now)
        .filter(slot__in=slots)
        .order_by()
        .values_list("quota_id")
        .annotate(places=Sum("places"))
    )
    return dict(rows)


_Row = tuple[
    int,
    dt.date,
    dt.datetime,
    dt.datetime,
    dt.datetime,
    dt.datetime | None,
    int | None,
    int,
    int,
    int,
]


def _view(row: _Row, now: dt.datetime) -> SlotView:
    id_, date, starts_at, ends_at, opens_at, closed_at, session_id, capacity, left, _office = row
    state = _state(starts_at, opens_at, closed_at, left, now)
    offered = left if state == SlotState.OPEN else 0
    return SlotView(id_, date, starts_at, ends_at, opens_at, state, offered, capacity, session_id)


def slot_state(slot: Slot, left: int, now: dt.datetime) -> str:
    return _state(slot.starts_at, slot.opens_at, slot.closed_at, left, now)


def _state(
    starts_at: dt.datetime,
    opens_at: dt.datetime,
    closed_at: dt.datetime | None,
    left: int,
    now: dt.datetime,
) -> str:
    if closed_at is not None or starts_at <= now:
        return SlotState.CLOSED
    if opens_at > now:
        return SlotState.NOT_YET_OPEN
    return SlotState.OPEN if left > 0 else SlotState.FULL
