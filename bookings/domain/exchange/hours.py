"""The weekly hours of an office as a table."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.exchange.common import (
    MOST_PLACES,
    Change,
    Kind,
    Lines,
    Outcome,
    as_text,
    check_order,
    problems_of,
    read_shares,
    refuse_past,
    shares_of,
    times_of,
)
from bookings.domain.hours import add_hours, end_hours, ending_at_once
from bookings.domain.sheet import Cells
from offices.enums import CounterKind
from offices.models import Office, OpeningHours

_COLUMNS = [
    "line",
    "kind",
    "weekday",
    "opens",
    "closes",
    "capacity",
    "online",
    "assisted",
    "walk_in",
    "valid_from",
    "valid_until",
    "season",
    "season_en",
]
_UNTIL = _COLUMNS.index("valid_until")


def _hours_rows(office: Office, today: dt.date) -> Iterable[Sequence[Any]]:
    hours = OpeningHours.objects.filter(office=office).select_related("line")
    for row in hours:
        if row.valid_until is None or row.valid_until >= today:
            yield _hours_cells(row)


def _hours_cells(row: OpeningHours) -> list[Any]:
    return [
        row.line.code,
        row.kind,
        row.weekday + 1,
        *times_of(row),
        row.capacity,
        *shares_of(row),
        row.valid_from,
        row.valid_until,
        row.season,
        row.season_en,
    ]


def _take_hours(rows: list[Cells], change: Change) -> Outcome:
    """New rows are added. A row that differs in its last day alone ends what it stands for."""
    lines = Lines.of(change.office)
    rules = [(row, _rule(row, change.office, lines)) for row in rows]
    known = {_sameness(rule): rule for rule in OpeningHours.objects.filter(office=change.office)}
    ending, new = [], []
    for row, rule in rules:
        if row.problems:
            continue
        there = known.get(_sameness(rule))
        if there is None:
            lines.refuse_unhandled(row, rule.line)
            refuse_past(row, "valid_from", rule.valid_from, change.today)
            new.append((row, rule))
        elif there.valid_until != rule.valid_until:
            ending.append((there, _new_end(row, there, rule.valid_until, change)))
    if problems_of(rows):
        return Outcome()
    for there, last in ending:
        end_hours([there], last, reason=change.reason, actor=change.actor, now=change.now)
    for group in _together(new):
        _add(group, change)
    changed = len(new) + len(ending)
    return Outcome(changed, len(rules) - changed)


def _sameness(rule: OpeningHours) -> tuple[str, ...]:
    """All but the last day."""
    return as_text(cell for n, cell in enumerate(_hours_cells(rule)) if n != _UNTIL)


def _new_end(row: Cells, there: OpeningHours, last: dt.date | None, change: Change) -> dt.date:
    if last is None or (there.valid_until and last > there.valid_until):
        row.refuse("valid_until", _("These hours end earlier. Add a row for the days after."))
        return dt.date.max
    refuse_past(row, "valid_until", last, ending_at_once(change.today))
    return last


def _together(
    new: list[tuple[Cells, OpeningHours]],
) -> Iterable[list[tuple[Cells, OpeningHours]]]:
    """Hours that hold on the same days are added, and logged, in one go."""
    groups: dict[object, list[tuple[Cells, OpeningHours]]] = defaultdict(list)
    for row, rule in new:
        groups[rule.kind, rule.valid_from, rule.valid_until, rule.season].append((row, rule))
    return groups.values()


def _add(group: list[tuple[Cells, OpeningHours]], change: Change) -> None:
    rules = [rule for _row, rule in group]
    try:
        add_hours(
            change.office,
            rules,
            instead=False,
            reason=change.reason,
            actor=change.actor,
            now=change.now,
        )
    except BookingError as error:
        group[0][0].refuse("", error.message)


def _rule(row: Cells, office: Office, lines: Lines) -> OpeningHours:
    rule = OpeningHours(
        office=office,
        line=lines.read(row),
        kind=row.choice("kind", CounterKind.values),
        weekday=row.needed("weekday", 7, 1) - 1,
        opens=row.time("opens"),
        closes=row.time("closes"),
        capacity=row.number("capacity", MOST_PLACES, 1),
        shares=read_shares(row),
        valid_from=row.needed_day("valid_from"),
        valid_until=row.day("valid_until"),
        season=row.text("season", 40),
        season_en=row.text("season_en", 60),
    )
    check_order(row, rule)
    if rule.valid_until and rule.valid_until < rule.valid_from:
        row.refuse("valid_until", _("The last day is not before the first."))
    return rule


HOURS = Kind(
    _COLUMNS,
    frozenset({"line", "kind", "weekday", "opens", "closes", "valid_from"}),
    _hours_rows,
    _take_hours,
)
