"""How full the days are and were, read from the counters; who came, from the figures of reports.

Places of missed bookings have been given back: a day that is over counts who used its places.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from bookings.domain.counting import BOOKED, FIGURES, uncounted
from bookings.models import Booking, ChannelDay, Quota, Slot
from bookings.wording import level_of
from offices.enums import Pool
from offices.models import Office, ServiceLine

LineDay = tuple[int, dt.date]
OfficeDay = tuple[int, dt.date]


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A day of one line or of all: windows, those closed among them, and their places."""

    date: dt.date
    windows: int
    closed: int
    capacity: int
    taken: int
    # Places of closed windows and frozen pools that nobody has: they are given to nobody.
    withheld: int = 0

    @property
    def left(self) -> int:
        return self.capacity - self.taken - self.withheld

    @property
    def level(self) -> str:
        if self.windows == self.closed:
            return "closed"
        return level_of("open" if self.left else "full", self.left, self.capacity)

    def __add__(self, other: "DayTotal") -> "DayTotal":
        return DayTotal(
            self.date,
            self.windows + other.windows,
            self.closed + other.closed,
            self.capacity + other.capacity,
            self.taken + other.taken,
            self.withheld + other.withheld,
        )


@dataclass(frozen=True, slots=True)
class Fill:
    """Places, and how many of them are taken."""

    capacity: int = 0
    taken: int = 0
    # Places of frozen pools that nobody has.
    withheld: int = 0

    @property
    def left(self) -> int:
        return self.capacity - self.taken - self.withheld

    @property
    def percent(self) -> int:
        """Rounded down: a hundred means full."""
        return self.taken * 100 // self.capacity if self.capacity else 0

    @property
    def level(self) -> str:
        return level_of("open" if self.left else "full", self.left, self.capacity)

    def __add__(self, other: "Fill") -> "Fill":
        return Fill(
            self.capacity + other.capacity,
            self.taken + other.taken,
            self.withheld + other.withheld,
        )


@dataclass(frozen=True, slots=True)
class Comers:
    """Who comes on a day with a booking: people (人次), what they want (件次), and the missed."""

    people: int = 0
    items: int = 0
    bookings: int = 0
    missed: int = 0

    def __add__(self, other: "Comers") -> "Comers":
        return Comers(
            self.people + other.people,
            self.items + other.items,
            self.bookings + other.bookings,
            self.missed + other.missed,
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """A day's people with a booking and without one, against its places."""

    date: dt.date
    booked: int
    walk_ins: int
    places: int

    @property
    def people(self) -> int:
        return self.booked + self.walk_ins


def day_totals(
    office: Office, first: dt.date, last: dt.date, now: dt.datetime
) -> dict[LineDay, DayTotal]:
    """By line and day, both ends included. Three queries, whatever the number of windows.

    Holds that have expired don't count as taken.
    """
    slots = Slot.objects.filter(office=office, date__range=(first, last)).order_by()
    windows = slots.values_list("line", "date").annotate(Count("pk"), Count("closed_at"))
    places = {
        (line, date): Fill(*figures)
        for line, date, *figures in Quota.objects.filter(slot__in=slots)
        .order_by()
        .values_list("slot__line", "slot__date")
        .annotate(Sum("capacity"), Sum("taken"), withheld=_withheld(Q(closed=True)))
    }
    expired = Booking.objects.held_past(now).filter(slot__in=slots).order_by()
    free = expired.values_list("slot__line", "slot__date").annotate(
        Sum("places"), withheld=Coalesce(Sum("places", filter=Q(quota__closed=True)), 0)
    )
    for line, date, freed, withheld in free:
        places[line, date] += Fill(0, -freed, withheld)
    return {
        (line, date): _total(date, count, closed, places.get((line, date), Fill()))
        for line, date, count, closed in windows
    }


def _total(date: dt.date, windows: int, closed: int, places: Fill) -> DayTotal:
    return DayTotal(date, windows, closed, places.capacity, places.taken, places.withheld)


def of_line(totals: Mapping[LineDay, DayTotal], line: int | None) -> dict[dt.date, DayTotal]:
    """By day: those of one line, or (None) the sums of all."""
    found: dict[dt.date, DayTotal] = {}
    for (its_line, date), total in totals.items():
        if line in (None, its_line):
            found[date] = found[date] + total if date in found else total
    return found


def fill_by_hour(
    office: Office, first: dt.date, last: dt.date, line: ServiceLine | None = None
) -> dict[tuple[int, int], Fill]:
    """By weekday (0 = Monday) and hour of the office's clock, without closed windows. One query."""
    quotas = Quota.objects.filter(
        slot__office=office, slot__date__range=(first, last), slot__closed_at__isnull=True
    )
    if line is not None:
        quotas = quotas.filter(slot__line=line)
    rows = (
        quotas.order_by()
        .values_list(
            ExtractIsoWeekDay("slot__date"), ExtractHour("slot__starts_at", tzinfo=office.zone)
        )
        .annotate(Sum("capacity"), Sum("taken"), withheld=_withheld(Q(frozen=True)))
    )
    return {(weekday - 1, hour): Fill(*places) for weekday, hour, *places in rows if places[0]}


def fills(offices: Iterable[Office], first: dt.date, last: dt.date) -> dict[OfficeDay, Fill]:
    """By office and day, over all lines, without closed windows. One query."""
    rows = _quotas(offices, first, last).annotate(
        Sum("capacity"), Sum("taken"), withheld=_withheld(Q(frozen=True))
    )
    return {(office, date): Fill(*places) for office, date, *places in rows if places[0]}


def comers(offices: Iterable[Office], first: dt.date, last: dt.date) -> dict[OfficeDay, Comers]:
    """By office and day, both ends included. Four queries at most: see reports.py."""
    ids = [office.pk for office in offices]
    live = uncounted(first, last)
    found: dict[OfficeDay, Comers] = defaultdict(Comers)
    for office, date, *figures in [*_counted(ids, first, last, live), *_counted_now(ids, live)]:
        found[office, date] += Comers(*figures)
    return dict(found)


def demand_by_day(offices: Collection[Office], first: dt.date, last: dt.date) -> list[Demand]:
    """Every day that has places or people, summed over the offices. Five queries at most."""
    booked: dict[dt.date, int] = defaultdict(int)
    for (_office, date), figures in comers(offices, first, last).items():
        booked[date] += figures.people
    walked = Sum("taken", filter=Q(pool=Pool.WALK_IN))
    places: dict[dt.date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = _quotas(offices, first, last).annotate(Sum("capacity"), walk_ins=walked)
    for _office, date, capacity, walk_ins in rows:
        so_far = places[date]
        places[date] = so_far[0] + capacity, so_far[1] + (walk_ins or 0)
    return [
        Demand(date, booked.get(date, 0), places[date][1], places[date][0])
        for date in sorted({*booked, *places})
    ]


def _withheld(which: Q) -> Coalesce:
    return Coalesce(Sum(F("capacity") - F("taken"), filter=which), 0)


def _quotas(
    offices: Iterable[Office], first: dt.date, last: dt.date
) -> QuerySet[Quota, tuple[int, dt.date]]:
    quotas = Quota.objects.filter(
        slot__office__in=[office.pk for office in offices],
        slot__date__range=(first, last),
        slot__closed_at__isnull=True,
    )
    return quotas.order_by().values_list("slot__office", "slot__date")


_COUNT = f"""
    SELECT office_id, date, sum(people)::bigint, sum(items)::bigint, sum(bookings)::bigint,
           sum(missed)::bigint
      FROM ({
    FIGURES.format(condition="slot.office_id = ANY(%(offices)s) AND slot.date = ANY(%(days)s)")
}) figures
     GROUP BY office_id, date
"""  # noqa: S608
_Row = tuple[int, dt.date, int, int, int, int]


def _counted(
    offices: list[int], first: dt.date, last: dt.date, live: list[dt.date]
) -> Iterable[_Row]:
    days = ChannelDay.objects.filter(office__in=offices, date__range=(first, last))
    return (
        days.exclude(date__in=live)
        .order_by()
        .values_list("office", "date")
        .annotate(Sum("people"), Sum("items"), Sum("bookings"), Sum("missed"))
    )


def _counted_now(offices: list[int], days: list[dt.date]) -> list[_Row]:
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"offices": offices, "days": days, "booked": list(BOOKED)})
        return cursor.fetchall()
