"""What the kinds of tables have in common: who takes them over, what came of it, shared cells."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.domain.parties import Actor
from bookings.domain.sheet import Cells, Problem
from offices.enums import Pool
from offices.models import Office, OpeningHours, ServiceLine, Session

MOST_PLACES = 2000
SHARES = tuple(Pool.values)


@dataclass(frozen=True, slots=True)
class Change:
    """Who takes a table over, when and why."""

    office: Office
    reason: str
    actor: Actor
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.office.local_date(self.now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows that changed something, rows that are so already, and what is wrong."""

    changed: int = 0
    same: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table."""

    columns: Sequence[str]
    needed: frozenset[str]
    rows: Callable[[Office, dt.date], Iterable[Sequence[Any]]]
    take_over: Callable[[list[Cells], Change], Outcome]


def problems_of(rows: Iterable[Cells]) -> list[Problem]:
    return [problem for row in rows for problem in row.problems]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines by their codes. What stands already may be of one that is handled no longer."""

    known: dict[str, ServiceLine]
    handled: frozenset[str]

    @classmethod
    def of(cls, office: Office) -> "Lines":
        known = {line.code: line for line in ServiceLine.objects.all()}
        handled = ServiceLine.objects.handled_at(office).values_list("code", flat=True)
        return cls(known, frozenset(handled))

    def read(self, row: Cells) -> ServiceLine | None:
        line = self.known.get(row.values.get("line", ""))
        if line is None:
            row.choice("line", self.handled)
        return line

    def refuse_unhandled(self, row: Cells, line: ServiceLine) -> None:
        if line.code not in self.handled:
            text = _("This office doesn't handle this line. Choose one of: %(lines)s.")
            row.refuse("line", text % {"lines": ", ".join(sorted(self.handled))})


def refuse_past(row: Cells, column: str, day: dt.date, first: dt.date) -> None:
    if day < first:
        row.refuse(column, _("This day is over. Choose another."))


def times_of(row: OpeningHours | Session) -> list[str]:
    return [f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"]


def shares_of(row: OpeningHours | Session) -> list[Any]:
    return [row.shares.get(pool, 0) if row.shares else None for pool in SHARES]


def read_shares(row: Cells) -> dict[str, int] | None:
    shares = {pool: row.number(pool, 100) for pool in SHARES}
    if all(share is None for share in shares.values()):
        return None
    found = {pool: share or 0 for pool, share in shares.items()}
    if sum(found.values()) != 100:
        row.refuse("online", _("The shares of the pools must add up to 100 percent."))
    return found


def check_order(row: Cells, times: OpeningHours | Session) -> None:
    if not row.problems and times.closes <= times.opens:
        row.refuse("closes", _("It closes after it opens."))


def say_yes(value: bool) -> str:
    return "yes" if value else "no"


def as_text(cells: Iterable[Any]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in cells)
