"""The rules of the house, looked at from outside: set-based SQL, also for 10 million bookings.

Each rule is one query whose rows are violations, and a sentence that its columns fill in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Rows = Callable[[str], Sequence[tuple[Any, ...]]]
# Of each rule; more of the same tells nobody anything.
SHOWN = 20

# Has its places; keeps its people from booking the line again.
PLACED = ("held", "confirmed", "checked_in", "served")
PENDING = ("held", "confirmed", "checked_in")


class HasRows(Protocol):
    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Rule:
    sql: str
    sentence: str


_PROMISED = f"""
    SELECT quota.id, coalesce(promised.places, 0) AS places, quota.capacity, quota.taken
    FROM bookings_quota quota
    LEFT JOIN (
        SELECT quota_id, sum(places) AS places FROM bookings_booking
        WHERE status IN {PLACED} GROUP BY quota_id
    ) promised ON promised.quota_id = quota.id
"""

RULES = (
    Rule(
        f"SELECT id, places, capacity FROM ({_PROMISED}) q WHERE places > capacity",
        "quota {}: {} places promised of {}",
    ),
    Rule(
        f"SELECT id, taken, places FROM ({_PROMISED}) q WHERE places <> taken",
        "quota {}: taken is {}, bookings have {}",
    ),
    Rule(
        """
        SELECT booking.id, booking.status, booking.places, coalesce(party.places, 0)
        FROM bookings_booking booking
        LEFT JOIN (
            SELECT booking_id, sum(places) AS places FROM bookings_attendee GROUP BY booking_id
        ) party ON party.booking_id = booking.id
        WHERE booking.places IS DISTINCT FROM party.places
        """,
        "booking {} ({}) has {} places, its people have {}",
    ),
    Rule(
        f"""
        SELECT booking.id, booking.status,
            CASE WHEN attendee.active THEN 'active' ELSE 'inactive' END
        FROM bookings_attendee attendee JOIN bookings_booking booking
            ON booking.id = attendee.booking_id
        WHERE attendee.active <> (booking.status IN {PENDING})
        """,
        "booking {} is {}, a person of it is {}",
    ),
    Rule(
        """
        SELECT attendee.booking_id FROM bookings_attendee attendee
        WHERE NOT EXISTS (
            SELECT FROM bookings_application WHERE attendee_id = attendee.id
        )
        """,
        "booking {} has a person who wants nothing",
    ),
    Rule(
        """
        SELECT line_id, count(*) FROM bookings_attendee WHERE active
        GROUP BY identity_hash, line_id HAVING count(*) > 1
        """,
        "line {}: a person is booked {} times",
    ),
    Rule(
        """
        SELECT booking.id, quota.slot_id, booking.slot_id
        FROM bookings_booking booking JOIN bookings_quota quota ON quota.id = booking.quota_id
        WHERE quota.slot_id <> booking.slot_id
        """,
        "booking {} took a place of slot {} for slot {}",
    ),
    Rule(
        """
        SELECT kind, reference, version, count(*) FROM applicants_message
        GROUP BY kind, reference, version HAVING count(*) > 1
        """,
        "message {} of {}, version {}, was written {} times",
    ),
)


def violations(rows: Rows) -> list[str]:
    """Every rule that the database breaks, as sentences; empty when all is well."""
    return [
        rule.sentence.format(*row) for rule in RULES for row in rows(f"{rule.sql} LIMIT {SHOWN}")
    ]


def broken(stage: HasRows) -> list[str]:
    """The same on a stage."""
    return violations(stage.rows)
