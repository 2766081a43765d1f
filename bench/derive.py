"""A pgbench script out of the statements of one booking: the same work without the product.

What differs from booking to booking becomes a variable (slot, quota, person, number, key, ids);
everything else stays as it was, so rows are as wide as real ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.stage import Stage
from bench.statements import shape

# Far from any other number in the statements, so that an id can be told from a count.
FIRST_IDS = {"bookings_booking": 700_000_001, "bookings_attendee": 800_000_001}
_PARTS = re.compile(r"('(?:[^']|'')*')")
_LOCK = re.compile(r"(advisory_xact_lock\()-?\d+")
_WOULD_BE_VARIABLE = re.compile(r":(?=[A-Za-z_])")

_HEAD = """\\set counter :counter + 1
\\set person :first_person + :client_id * 1000000 + :counter
\\set number 100000000000 + permute(:person, 900000000000, 42)
\\set place random(0, :slots - 1)
\\set slot :first_slot + :place
\\set quota :first_quota + :place * :quotas_per_slot
"""


class UnknownOrigin(Exception):
    """An id that no earlier statement returned."""


@dataclass(frozen=True)
class Made:
    """What the recorded request had that no other has."""

    slot: int
    quota: int
    booking: int
    attendee: int
    number: str
    key: str
    identity_hash: str
    phone_hash: str


def set_ids_apart(stage: Stage) -> None:
    """Let the next bookings have ids that nothing else in their statements looks like."""
    for table, first in FIRST_IDS.items():
        stage.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first}, false)")


def made_by(stage: Stage, order: int, key: str) -> Made:
    """What the request that came as number `order` since `set_ids_apart` has left."""
    [row] = stage.rows(
        "SELECT booking.slot_id, booking.quota_id, booking.id, attendee.id, booking.number,"
        " attendee.identity_hash::text, booking.contact_phone_hash::text"
        " FROM bookings_booking booking JOIN bookings_attendee attendee"
        " ON attendee.booking_id = booking.id WHERE booking.id >= %s"
        " ORDER BY booking.id LIMIT 1 OFFSET %s",
        [FIRST_IDS["bookings_booking"], order],
    )
    slot, quota, booking, attendee, number, identity_hash, phone_hash = row
    return Made(slot, quota, booking, attendee, number, key, identity_hash, phone_hash)


def script(statements: Sequence[str], made: Made) -> str:
    """The pgbench script. Raises UnknownOrigin when it can't tell where an id comes from."""
    ids = {made.booking: "bookings_booking", made.attendee: "bookings_attendee"}
    later = [_mentioned(statement, ids) for statement in statements]
    known: set[str] = set()
    lines = [_HEAD]
    for number, statement in enumerate(statements):
        if unknown := later[number] - known:
            raise UnknownOrigin(f"{shape(statement)} has an id of {unknown}: where from?")
        wanted = set().union(*later[number + 1 :])
        end = ";"
        for table in wanted - known:
            if shape(statement) == f"INSERT {table}":
                known.add(table)
                end = f"\n\\gset {table}_"
        lines.append(f"{_with_variables(statement, made)}{end}\n")
    return "\n".join(lines)


def _mentioned(statement: str, ids: dict[int, str]) -> set[str]:
    bare = _PARTS.sub("''", statement)
    return {table for value, table in ids.items() if re.search(rf"\b{value}\b", bare)}


def _with_variables(statement: str, made: Made) -> str:
    parts = _PARTS.split(statement)
    return "".join(
        _literal(part, made) if part.startswith("'") else _bare(part, made) for part in parts
    )


def _literal(text: str, made: Made) -> str:
    names = {
        f"'{made.number}'": ":number",
        f"'{made.key}'": ":person",
        f"'{made.identity_hash}'": "sha256(int8send(:person::bigint))",
        f"'{made.phone_hash}'": "sha256(int8send(1 + :person::bigint))",
    }
    # pgbench looks for variables inside of literals too.
    return names.get(text, _WOULD_BE_VARIABLE.sub(": ", text))


def _bare(text: str, made: Made) -> str:
    names = {
        made.slot: ":slot",
        made.quota: ":quota",
        made.booking: ":bookings_booking_id",
        made.attendee: ":bookings_attendee_id",
    }
    for value, name in names.items():
        text = re.sub(rf"\b{value}\b", name, text)
    return _LOCK.sub(r"\g<1>:person", text)
