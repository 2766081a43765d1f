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

    def execute(self, sql: str) -> int: ...


@dataclass(frozen=True)
class Rule:
    sql: str
    sentence: str


RULES = (
    Rule(
        f"""
        SELECT quota.id, quota.capacity, quota.taken, coalesce(promised.places, 0)
        FROM bookings_quota quota
        LEFT JOIN (
            SELECT quota_id, sum(places) AS places FROM bookings_booking
            WHERE status IN {PLACED} GROUP BY quota_id
        ) promised ON promised.quota_id = quota.id
        WHERE quota.taken <> coalesce(promised.places, 0) OR quota.taken > quota.capacity
        """,
        "quota {}: capacity {}, taken {}, bookings have {}",
    ),
    Rule(
        f"""
        SELECT booking.id, booking.status, booking.places, coalesce(party.places, 0),
            coalesce(party.active, 0), coalesce(party.people, 0)
        FROM bookings_booking booking
        LEFT JOIN (
            SELECT booking_id, sum(places) FILTER (WHERE left_at IS NULL) AS places,
                count(*) FILTER (WHERE left_at IS NULL) AS people,
                count(*) FILTER (WHERE active) AS active
            FROM bookings_attendee GROUP BY booking_id
        ) party ON party.booking_id = booking.id
        WHERE booking.places IS DISTINCT FROM party.places
            OR party.active <> CASE WHEN booking.status IN {PENDING} THEN party.people ELSE 0 END
        """,
        "booking {} is {}: {} places, its people have {}, active are {} of {}",
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
    """The same on a stage, with memory enough to look at millions of rows at once."""
    stage.execute("SET work_mem = '128MB'")
    try:
        return violations(stage.rows)
    finally:
        stage.execute("RESET work_mem")
