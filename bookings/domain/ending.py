"""Ending many bookings at once: a fixed number of statements, whatever their number.

Nothing personal is read for it, and no row becomes an object.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bookings.enums import EventKind, Status
from bookings.models.booking import BookingQuerySet

_END = """
WITH ended AS (
    UPDATE bookings_booking SET status = %(status)s, ended_at = %(now)s WHERE id = ANY(%(ids)s)
), freed AS (
    UPDATE bookings_attendee SET active = false WHERE booking_id = ANY(%(ids)s)
)
INSERT INTO bookings_bookingevent (booking_id, kind, at, data)
SELECT id, %(event)s, %(now)s, '{}' FROM unnest(%(ids)s::bigint[]) AS each (id)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """Bookings that have ended; their caller gives the places back, by quota id."""

    numbers: Sequence[str]
    places: Counter[int]


def end_all(locked: BookingQuerySet, status: Status, event: EventKind, now: dt.datetime) -> Ended:
    """End the bookings of a query that locks them."""
    rows = list(locked.values_list("pk", "number", "quota_id", "places"))
    places: Counter[int] = Counter()
    for _pk, _number, quota_id, count in rows:
        places[quota_id] += count
    if rows:
        _write([pk for pk, *_rest in rows], status, event, now)
    return Ended([number for _pk, number, *_rest in rows], places)


def _write(ids: list[int], status: Status, event: EventKind, now: dt.datetime) -> None:
    parameters: dict[str, Any] = {"ids": ids, "status": status, "event": event, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_END, parameters)
