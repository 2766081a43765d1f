"""A day of one line as rows of windows and cells of pools, as the day page shows it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.forms import BoundField

from bookings.domain.availability import expired_places, slot_state
from bookings.forms.desk import CapacitiesForm, capacity_name, seen_name, seen_value
from bookings.models import Quota, QuotaChange, Slot
from bookings.wording import level_of
from offices.enums import Pool
from offices.models import Office, ServiceLine


@dataclass
class Cell:
    """The places of one pool of a window. Holds that have expired don't count as taken."""

    quota: Quota
    taken: int
    # None where it can't be changed: the window is over, or the reader may not.
    field: BoundField | None = None
    # Version and capacity that the number is an answer to.
    seen: str = ""
    # What somebody else changed since the reader last looked.
    news: QuotaChange | None = None
    # Why the number that was typed could not be saved; whether bookings are in its way.
    refusal: str = ""
    blocked: bool = False

    @property
    def capacity(self) -> int:
        return self.quota.capacity

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    @property
    def offered(self) -> int:
        """What of it can be had now."""
        return 0 if self.quota.frozen else self.left


@dataclass
class Row:
    slot: Slot
    cells: list[Cell] = field(default_factory=list)
    level: str = ""

    @property
    def capacity(self) -> int:
        return sum(cell.capacity for cell in self.cells)

    @property
    def taken(self) -> int:
        return sum(cell.taken for cell in self.cells)

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    @property
    def offered(self) -> int:
        return sum(cell.offered for cell in self.cells)


def rows_of(slots: Iterable[Slot], now: dt.datetime) -> list[Row]:
    """Windows with their pools, in order of time. Two queries beside that of the windows."""
    slots = list(slots)
    expired = expired_places(slots, now)
    by_slot: dict[int, dict[str, Quota]] = {slot.pk: {} for slot in slots}
    for quota in Quota.objects.filter(slot__in=slots):
        by_slot[quota.slot_id][quota.pool] = quota
    return [_row(slot, by_slot[slot.pk], expired, now) for slot in slots]


def windows_of(office: Office, line: ServiceLine, day: dt.date) -> list[Slot]:
    slots = Slot.objects.of_line(office, line).filter(date=day).order_by("starts_at")
    return list(slots.select_related("office", "session"))


def totals(rows: Sequence[Row]) -> list[dict[str, int]]:
    """Capacity, taken and left of each pool over all windows, then of all pools together."""
    pools = [[row.cells[position] for row in rows] for position in range(len(Pool.values))]
    return [_sum(cells) for cells in pools] + [_sum([cell for row in rows for cell in row.cells])]


def add_fields(rows: Iterable[Row], form: CapacitiesForm) -> None:
    for cell in (cell for row in rows for cell in row.cells):
        if capacity_name(cell.quota.pk) in form.fields:
            cell.field = form[capacity_name(cell.quota.pk)]
            cell.seen = form.data.get(seen_name(cell.quota.pk)) or seen_value(cell.quota)


def add_news(rows: Iterable[Row], news: Mapping[int, QuotaChange]) -> None:
    for cell in (cell for row in rows for cell in row.cells):
        cell.news = news.get(cell.quota.pk)


def _row(
    slot: Slot, quotas: Mapping[str, Quota], expired: Mapping[int, int], now: dt.datetime
) -> Row:
    row = Row(slot)
    for pool in Pool.values:
        quota = quotas.get(pool) or Quota(slot=slot, pool=pool, capacity=0)
        quota.slot = slot
        row.cells.append(Cell(quota, quota.taken - expired.get(quota.pk, 0)))
    row.level = level_of(slot_state(slot, row.offered, now), row.offered, row.capacity)
    return row


def _sum(cells: Sequence[Cell]) -> dict[str, int]:
    return {
        "capacity": sum(cell.capacity for cell in cells),
        "taken": sum(cell.taken for cell in cells),
        "left": sum(cell.left for cell in cells),
    }
