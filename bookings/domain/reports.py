"""What was booked: figures for the offices' staff. The page repeats the definitions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db import connection
from django.db.models import Sum

from bookings.domain.counting import BOOKED, FIGURES, uncounted
from bookings.enums import Channel
from bookings.models import ChannelDay
from offices.models import Office


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel's bookings, by the day of the appointment.

    `bookings` were confirmed and not cancelled, those missed among them; `people` (人次) come
    with them and want `items` (件次), one for each service. `cancelled` are counted beside.
    """

    channel: str
    bookings: int = 0
    people: int = 0
    items: int = 0
    missed: int = 0
    cancelled: int = 0

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label)

    def __add__(self, other: "ChannelRow") -> "ChannelRow":
        sums = {name: getattr(self, name) + getattr(other, name) for name in FIGURE_NAMES}
        return ChannelRow(self.channel, **sums)


FIGURE_NAMES = tuple(field.name for field in fields(ChannelRow) if field.name != "channel")

_SUMS = ", ".join(f"sum({name})::bigint" for name in FIGURE_NAMES)
_OF_DAYS = "slot.office_id = ANY(%(offices)s) AND slot.date = ANY(%(days)s)"
_COUNT = f"""
    SELECT channel, {_SUMS} FROM ({FIGURES.format(condition=_OF_DAYS)}) figures GROUP BY channel
"""  # noqa: S608


def bookings_by_channel(
    offices: Iterable[Office], first: dt.date, last: dt.date
) -> list[ChannelRow]:
    """A row for every channel, from first to last, both included (JJ-16).

    Four queries at most: days that are over were counted already, the others are counted now.
    """
    office_ids = [office.pk for office in offices]
    rows = {channel: ChannelRow(channel) for channel in Channel.values}
    live = uncounted(first, last)
    for row in [*_counted(office_ids, first, last, live), *_counted_now(office_ids, live)]:
        rows[row.channel] += row
    return list(rows.values())


def total(rows: Iterable[ChannelRow]) -> dict[str, int]:
    """The sum of every figure, by its name."""
    rows = list(rows)
    return {name: sum(getattr(row, name) for row in rows) for name in FIGURE_NAMES}


def _counted(
    office_ids: list[int], first: dt.date, last: dt.date, live: list[dt.date]
) -> list[ChannelRow]:
    days = ChannelDay.objects.filter(office__in=office_ids, date__range=(first, last))
    # A day that has been counted since is not taken twice.
    sums = days.exclude(date__in=live).order_by().values_list("channel")
    return [ChannelRow(*row) for row in sums.annotate(*(Sum(name) for name in FIGURE_NAMES))]


def _counted_now(office_ids: list[int], days: list[dt.date]) -> list[ChannelRow]:
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"offices": office_ids, "days": days, "booked": list(BOOKED)})
        return [ChannelRow(*row) for row in cursor.fetchall()]
