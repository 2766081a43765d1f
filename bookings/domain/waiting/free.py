"""The windows that have places for somebody who waits, also those that are still coming back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Max, Min

from bookings.domain.waiting.nights import awake, before_night
from bookings.enums import Channel
from bookings.models import Quota, WaitingEntry
from bookings.models.waiting import WaitingEntryQuerySet
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office

# Less time than that to answer is no offer.
LEAST_TO_ANSWER = dt.timedelta(minutes=30)
# Those who wait may be many more than there are places.
READ_AT_ONCE = 1000


@dataclass
class Window:
    """A bookable window; `left` is what its fullest suitable pool has."""

    slot_id: int
    office: Office
    date: dt.date
    starts_at: dt.datetime
    session_id: int | None
    left: int

    @property
    def policy(self) -> BookingPolicy:
        return policy_for(self.office)

    def answer_until(self, now: dt.datetime) -> dt.datetime | None:
        """Until when somebody may answer who is offered a place now; None where it is too late.

        It begins when they are told, and never ends at night.
        """
        told = self.awake(now)
        time = dt.timedelta(minutes=self.policy.waiting_offer_minutes)
        last = self.starts_at - dt.timedelta(minutes=self.policy.waiting_last_minutes)
        until = min(self.awake(told + time), before_night(last, self.office.zone))
        return until if until - told >= min(time, LEAST_TO_ANSWER) else None

    def is_wanted_by(self, entry: WaitingEntry) -> bool:
        """Place, day and time of day; whether the places suffice is another question."""
        if entry.office_id not in (None, self.office.pk) or entry.city != self.office.city:
            return False
        local = self.starts_at.astimezone(self.office.zone).time()
        return entry.first_day <= self.date <= entry.last_day and (
            entry.from_time or dt.time.min
        ) <= local <= (entry.until_time or dt.time.max)

    def awake(self, moment: dt.datetime) -> dt.datetime:
        """The next morning, for a moment of the night."""
        return awake(moment, self.office.zone)


Windows = dict[int, list[Window]]


class Sought(NamedTuple):
    """Where and when some of those who wait would come."""

    line_id: int
    city: str
    first_day: dt.date
    last_day: dt.date


def sought_by(entries: WaitingEntryQuerySet) -> list[Sought]:
    """One of each line and city, however many wait. One query."""
    rows = entries.order_by().values_list("line_id", "city")
    return [Sought(*row) for row in rows.annotate(Min("first_day"), Max("last_day"))]


def free_windows(sought: Collection[Sought], now: dt.datetime, *, hidden: bool = True) -> Windows:
    """By line, in order of time: those of the cities and days that they wait for. One query.

    With `hidden` also places that nobody else is shown yet.
    """
    if not sought:
        return {}
    free = Quota.objects.filter(
        closed=False,
        slot__closed_at__isnull=True,
        slot__opens_at__lte=now,
        slot__starts_at__gt=now,
        slot__line__in={one.line_id for one in sought},
        slot__date__range=(
            min(one.first_day for one in sought),
            max(one.last_day for one in sought),
        ),
        slot__office__city__in={one.city for one in sought},
        slot__office__is_active=True,
        slot__office__is_training=False,
    ).select_related("slot")
    found: dict[int, Window] = {}
    lines: dict[int, int] = {}
    for quota in free.order_by("slot__starts_at", "slot_id"):
        office = catalogue.office(quota.slot.office_id)
        left = quota.left if hidden else quota.shown_left(now)
        if left > 0 and quota.pool in policy_for(office).pools_for(Channel.WEB):
            window = found.setdefault(quota.slot_id, _window(quota, office))
            window.left = max(window.left, left)
            lines[quota.slot_id] = quota.slot.line_id
    by_line: Windows = defaultdict(list)
    for slot_id, window in found.items():
        by_line[lines[slot_id]].append(window)
    return by_line


def _window(quota: Quota, office: Office) -> Window:
    slot = quota.slot
    return Window(slot.pk, office, slot.date, slot.starts_at, slot.session_id, 0)
