"""What a change would do to the windows, day by day, as a planner reads it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookings.domain.foresight import Foresight
from bookings.domain.planning import PlannedSlot
from bookings.domain.publishing import Conflict, ConflictKind
from bookings.wording import say_hours
from offices.domain import catalogue
from offices.models import Office
from offices.wording import say_list


@dataclass(frozen=True, slots=True)
class Cell:
    """So many windows. Those that follow upon one another are said as one stretch."""

    count: int
    hours: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of one line: what is added, what goes, what changes."""

    day: dt.date
    line: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    conflict: Conflict
    kind: str


def day_rows(seen: Foresight, office: Office) -> list[DayRow]:
    by_day = [_by_day(slots) for slots in (seen.added, seen.removed, seen.changed)]
    return [
        DayRow(
            day,
            catalogue.line(line).label,
            tuple(_cell(found.get((day, line), ()), office) for found in by_day),
        )
        for day, line in sorted({key for found in by_day for key in found})
    ]


def conflict_rows(seen: Foresight) -> list[ConflictRow]:
    return [ConflictRow(each, str(ConflictKind(each.kind).label)) for each in seen.conflicts]


def _by_day(slots: Iterable[PlannedSlot]) -> dict[tuple[dt.date, int], list[PlannedSlot]]:
    found: dict[tuple[dt.date, int], list[PlannedSlot]] = defaultdict(list)
    for slot in slots:
        found[slot.date, slot.line].append(slot)
    return found


def _cell(slots: Sequence[PlannedSlot], office: Office) -> Cell:
    stretches: list[tuple[dt.datetime, dt.datetime]] = []
    for slot in slots:
        if stretches and stretches[-1][1] == slot.starts_at:
            stretches[-1] = stretches[-1][0], slot.ends_at
        else:
            stretches.append((slot.starts_at, slot.ends_at))
    hours = say_list(say_hours(start, end, office.zone) for start, end in stretches)
    return Cell(len(slots), hours)
