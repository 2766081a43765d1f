"""Why people travel and where they come from: figures for the offices' staff (JJ-05, XM-19)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bookings.domain.counting import BOOKED
from bookings.enums import Purpose
from offices.domain.provinces import residence_at
from offices.enums import Residence
from offices.models import Office

# Those who still come, of bookings that were confirmed and not cancelled.
_FROM = """
      FROM bookings_slot slot
      JOIN bookings_booking booking ON booking.slot_id = slot.id
      JOIN bookings_attendee attendee
        ON attendee.booking_id = booking.id AND attendee.left_at IS NULL
     WHERE slot.office_id = ANY(%(offices)s) AND slot.date BETWEEN %(first)s AND %(last)s
       AND booking.status = ANY(%(booked)s)
"""
_BY_PURPOSE = f"""
    SELECT booking.purpose, count(DISTINCT booking.id), count(*) {_FROM} GROUP BY booking.purpose
"""
_BY_HOME = f"""
    SELECT slot.office_id, attendee.home_city, count(*) {_FROM}
     GROUP BY slot.office_id, attendee.home_city
"""


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """Bookings for one purpose, and the people who come with them."""

    purpose: str
    label: str
    bookings: int
    people: int


@dataclass(frozen=True, slots=True)
class ResidenceRow:
    residence: Residence
    people: int

    @property
    def label(self) -> str:
        return str(self.residence.label)


def by_purpose(
    offices: Iterable[Office], first: dt.date, last: dt.date, not_asked: str
) -> list[PurposeRow]:
    """A row for each of the six purposes, and one for those whom nobody asked. One query."""
    counted = {row[0]: row[1:] for row in _rows(_BY_PURPOSE, offices, first, last)}
    labels = [*((each.value, str(each.label)) for each in Purpose), ("", not_asked)]
    return [PurposeRow(code, label, *counted.get(code, (0, 0))) for code, label in labels]


def by_residence(offices: Iterable[Office], first: dt.date, last: dt.date) -> list[ResidenceRow]:
    """People by where they say that they live, seen from their hall's city. One query.

    Nobody's number is read for it: the first digits of an identity number tell where somebody was
    registered first, which is not where they live.
    """
    offices = list(offices)
    cities = {office.pk: office.city for office in offices}
    people: Counter[Residence] = Counter()
    for office_id, home, count in _rows(_BY_HOME, offices, first, last):
        people[residence_at(cities[office_id], home)] += count
    return [ResidenceRow(each, people[each]) for each in Residence]


def _rows(
    sql: str, offices: Iterable[Office], first: dt.date, last: dt.date
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "offices": [office.pk for office in offices],
        "first": first,
        "last": last,
        "booked": list(BOOKED),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
