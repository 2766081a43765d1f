"""What may still be booked, read from the counters and never from the bookings.

Holds that have expired and were not swept yet count as free: a partial index finds them, and
there are never more of them than people who gave up in the last minutes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Sum

from bookings.domain.parties import Alternative
from bookings.enums import SlotState
from bookings.models import Booking, Quota, Slot
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine

ALTERNATIVE_DAYS = 7


@dataclass(frozen=True, slots=True)
class SlotView:
    """One window as a caller of one channel sees it."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime
    state: str
    # Places that a party of this channel may take now: those of the fullest suitable pool.
    places_left: int
    # Places of the channel's pools, taken or not.
    capacity: int
    session_id: int | None = None

    @property
    def load(self) -> float:
        """0 when empty, 1 when full."""
        return 1 - self.places_left / self.capacity if self.capacity else 1.0

    def fits(self, party_size: int) -> bool:
        return self.state == SlotState.OPEN and self.places_left >= party_size


@dataclass(frozen=True, slots=True)
class DayView:
    """One day: places left over all its windows that have room for the whole party."""

    date: dt.date
    places_left: int
    capacity: int
    state: str
    slots: list[SlotView] = field(default_factory=list)


def days(
    office: Office,
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    channel: str,
    party_size: int,
    now: dt.datetime,
) -> list[DayView]:
    """Every day from first to last, both included, days without windows as closed."""
    slots = Slot.objects.of_line(office, line).filter(date__range=(first, last))
    by_day: dict[dt.date, list[SlotView]] = defaultdict(list)
    dates = dict(slots.values_list("pk", "date"))
    for view in view_slots(slots, office, channel, now):
        by_day[dates[view.id]].append(view)
    count = (last - first).days + 1
    return [_day(day, by_day[day], party_size) for day in _dates(first, count)]


def slots(
    office: Office,
    line: ServiceLine,
    day: dt.date,
    channel: str,
    now: dt.datetime,
) -> list[SlotView]:
    """The windows of one day, in order of time."""
    return view_slots(Slot.objects.of_line(office, line).filter(date=day), office, channel, now)


def view_slots(
    slots: Iterable[Slot], office: Office, channel: str, now: dt.datetime
) -> list[SlotView]:
    """Views of these slots of one office, in order of time. Two queries beside their own."""
    slots = list(slots)
    pools = policy_for(office).pools_for(channel)
    quotas: dict[int, list[Quota]] = defaultdict(list)
    for quota in Quota.objects.filter(slot__in=slots, pool__in=pools):
        quotas[quota.slot_id].append(quota)
    expired = expired_places(slots, now)
    return [_view(slot, quotas[slot.pk], expired, now) for slot in slots]


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


def alternatives(
    slot: Slot, places: int, channel: str, now: dt.datetime, count: int = 3
) -> list[Alternative]:
    """Other windows with room for the party, least loaded first (JJ-10).

    Those of the same day come before those of the days after it.
    """
    last = slot.date + dt.timedelta(days=ALTERNATIVE_DAYS)
    others = (
        Slot.objects.of_line(slot.office, slot.line)
        .bookable(now)
        .filter(date__range=(slot.date, last))
        .exclude(pk=slot.pk)
    )
    views = view_slots(others, slot.office, channel, now)
    zone = slot.office.zone

    def nearness(view: SlotView) -> tuple[bool, float, dt.datetime]:
        other_day = view.starts_at.astimezone(zone).date() != slot.date
        return other_day, view.load, view.starts_at

    fitting = sorted((view for view in views if view.fits(places)), key=nearness)
    return [
        Alternative(v.id, v.starts_at, v.ends_at, v.places_left, v.capacity, slot.office.code)
        for v in fitting[:count]
    ]


def _view(slot: Slot, quotas: list[Quota], expired: dict[int, int], now: dt.datetime) -> SlotView:
    left = max((q.left + expired.get(q.pk, 0) for q in quotas), default=0)
    return SlotView(
        id=slot.pk,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        opens_at=slot.opens_at,
        state=slot_state(slot, left, now),
        places_left=left if _is_offered(slot, now) else 0,
        capacity=sum(q.capacity for q in quotas),
        session_id=slot.session_id,
    )


def slot_state(slot: Slot, left: int, now: dt.datetime) -> str:
    if slot.closed_at is not None or slot.starts_at <= now:
        return SlotState.CLOSED
    if slot.opens_at > now:
        return SlotState.NOT_YET_OPEN
    return SlotState.OPEN if left > 0 else SlotState.FULL


def _is_offered(slot: Slot, now: dt.datetime) -> bool:
    return slot.closed_at is None and slot.opens_at <= now < slot.starts_at


def _dates(first: dt.date, count: int) -> list[dt.date]:
    return [first + dt.timedelta(days=offset) for offset in range(count)]


def _day(day: dt.date, views: list[SlotView], party_size: int) -> DayView:
    fitting = [view for view in views if view.fits(party_size)]
    return DayView(
        date=day,
        places_left=sum(view.places_left for view in fitting),
        capacity=sum(view.capacity for view in views),
        state=_day_state(views, bool(fitting)),
        slots=views,
    )


def _day_state(views: list[SlotView], has_room: bool) -> str:
    if has_room:
        return SlotState.OPEN
    states = {view.state for view in views}
    for state in (SlotState.OPEN, SlotState.FULL, SlotState.NOT_YET_OPEN):
        if state in states:
            return SlotState.FULL if state == SlotState.OPEN else state
    return SlotState.CLOSED
