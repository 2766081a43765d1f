"""The people of a group as a table: each bad row is named, and all are taken or none (WH-17)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from applicants.countries import country_choices
from applicants.enums import IdType
from applicants.identity import Identity, parse_identity
from bookings.domain.exchange.common import problems_of
from bookings.domain.parties import Person
from bookings.domain.sheet import Cells, Problem, Table, read

COLUMNS = ("name", "id_type", "id_number", "birth_date", "nationality")
NEEDED = frozenset({"name", "id_type", "id_number"})
_LONGEST_NAME = 60
_OLDEST = dt.date(1900, 1, 1)


def read_people(
    table: Table, services: Sequence[str], today: dt.date
) -> tuple[list[Person], list[Problem]]:
    """The people who want all of the services, and what is wrong; one of the two is empty."""
    rows = read(table, COLUMNS, NEEDED)
    if not rows:
        return [], [Problem(1, "", _("There is no row below the head."))]
    # Of a table without its columns there is nothing to say about a row.
    if problems := problems_of(rows):
        return [], problems
    met: dict[bytes, int] = {}
    people = [_person(row, tuple(services), today, met) for row in rows]
    if problems := problems_of(rows):
        return [], problems
    return [person for person in people if person], []


def as_values(people: Iterable[Person]) -> list[dict[str, Any]]:
    """To be sealed between two pages."""
    return [
        {
            "name": person.name,
            "id_type": person.identity.id_type,
            "id_number": person.identity.number,
            "birth_date": person.born.isoformat() if person.born else "",
            "nationality": person.nationality,
            "services": list(person.services),
        }
        for person in people
    ]


def from_values(values: Iterable[dict[str, Any]]) -> tuple[Person, ...]:
    return tuple(
        Person(
            name=one["name"],
            identity=Identity(one["id_type"], one["id_number"]),
            services=tuple(one["services"]),
            birth_date=dt.date.fromisoformat(one["birth_date"]) if one["birth_date"] else None,
            nationality=one["nationality"],
        )
        for one in values
    )


def _person(
    row: Cells, services: tuple[str, ...], today: dt.date, met: dict[bytes, int]
) -> Person | None:
    if not row.text("name", _LONGEST_NAME):
        row.refuse("name", _("This cell is empty."))
    identity = _identity(row)
    nationality = _nationality(row)
    if identity is None:
        return None
    born = identity.birth_date or _birth_date(row, today)
    _refuse_twice(row, identity, met)
    return Person(
        name=row.values["name"],
        identity=identity,
        services=services,
        birth_date=born,
        nationality=nationality,
    )


def _identity(row: Cells) -> Identity | None:
    id_type = row.choice("id_type", IdType.values)
    if id_type not in IdType.values:
        return None
    try:
        return parse_identity(id_type, row.values.get("id_number", ""))
    except ValidationError as error:
        row.refuse("id_number", " ".join(error.messages))
        return None


def _birth_date(row: Cells, today: dt.date) -> dt.date | None:
    text = row.values.get("birth_date", "").replace("/", "-")
    try:
        born = dt.date(*map(int, text.split("-")))
    except (TypeError, ValueError, OverflowError):
        born = None
    if born is None or not _OLDEST <= born <= today:
        row.refuse("birth_date", _("Enter the date of birth like 1990-08-03."))
        return None
    return born


def _nationality(row: Cells) -> str:
    code = row.values.get("nationality", "").upper()
    if code and code not in dict(country_choices()):
        row.refuse("nationality", _("Enter the country as two letters, e.g. FR."))
    return code


def _refuse_twice(row: Cells, identity: Identity, met: dict[bytes, int]) -> None:
    if identity.hash in met:
        text = _("The same person is in row %(line)s.") % {"line": met[identity.hash]}
        row.refuse("id_number", text)
    met[identity.hash] = row.line
