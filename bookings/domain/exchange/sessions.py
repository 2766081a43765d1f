"""The coming sessions of an office as a table."""

import datetime as dt
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
    say_yes,
    shares_of,
    times_of,
)
from bookings.domain.sessions import add_session
from bookings.domain.sheet import Cells
from offices.enums import SessionKind
from offices.models import Office, Session

_COLUMNS = [
    "line",
    "kind",
    "date",
    "opens",
    "closes",
    "capacity",
    "online",
    "assisted",
    "walk_in",
    "name",
    "name_en",
    "min_age",
    "max_age",
    "students_only",
    "residents_of",
    "booking_free",
    "site",
    "site_en",
]


def _session_rows(office: Office, today: dt.date) -> Iterable[Sequence[Any]]:
    sessions = Session.objects.filter(office=office, date__gte=today).select_related("line")
    return (_session_cells(session) for session in sessions)


def _session_cells(session: Session) -> list[Any]:
    return [
        session.line.code,
        session.kind,
        session.date,
        *times_of(session),
        session.capacity,
        *shares_of(session),
        session.name,
        session.name_en,
        session.min_age,
        session.max_age,
        say_yes(session.students_only),
        session.residents_of,
        say_yes(session.booking_free),
        session.site,
        session.site_en,
    ]


def _take_sessions(rows: list[Cells], change: Change) -> Outcome:
    """Sessions that there are already stay; the others are added and published."""
    lines = Lines.of(change.office)
    sessions = [(row, _session(row, change, lines)) for row in rows]
    known = {as_text(each) for each in _session_rows(change.office, change.today)}
    new = [
        (row, session)
        for row, session in sessions
        if not row.problems and as_text(_session_cells(session)) not in known
    ]
    for row, session in new:
        lines.refuse_unhandled(row, session.line)
    if problems_of(rows):
        return Outcome()
    for row, session in new:
        try:
            add_session(session, change.now, reason=change.reason, actor=change.actor)
        except BookingError as error:
            row.refuse("opens", error.message)
    return Outcome(len(new), len(sessions) - len(new))


def _session(row: Cells, change: Change, lines: Lines) -> Session:
    session = Session(
        office=change.office,
        line=lines.read(row),
        kind=row.choice("kind", SessionKind.values),
        date=row.needed_day("date"),
        opens=row.time("opens"),
        closes=row.time("closes"),
        capacity=row.needed("capacity", MOST_PLACES, 1),
        shares=read_shares(row),
        name=row.text("name", 60),
        name_en=row.text("name_en", 80),
        min_age=row.number("min_age", 120),
        max_age=row.number("max_age", 120),
        students_only=row.yes("students_only"),
        residents_of=row.text("residents_of", 40),
        booking_free=row.yes("booking_free"),
        site=row.text("site", 200),
        site_en=row.text("site_en", 200),
        created_by=change.actor.person,
    )
    check_order(row, session)
    _check_ages(row, session)
    if not row.problems:
        refuse_past(row, "date", session.date, change.today)
    return session


def _check_ages(row: Cells, session: Session) -> None:
    youngest, oldest = session.min_age, session.max_age
    if youngest is not None and oldest is not None and oldest < youngest:
        row.refuse("max_age", _("The oldest age is not below the youngest."))


SESSIONS = Kind(
    _COLUMNS,
    frozenset({"line", "kind", "date", "opens", "closes", "capacity"}),
    _session_rows,
    _take_sessions,
)
