"""Made-up people: valid numbers of nobody, and the requests that book for them.

The area codes are those of whole provinces, which are given to nobody.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stdnum.iso7064 import mod_11_2

_AREAS = ("350000", "440000", "310000", "110000", "330000", "510000")
_FIRST_BORN = dt.date(1960, 1, 1)
# Born from 1960 to 1998, a thousand a day: adults, whoever asks and whenever.
_DAYS = 14_000
_A_DAY = 1_000


class Crowd:
    """Hands out people by their serial numbers, each of them once."""

    def __init__(self, first: int = 0) -> None:
        self._next = first

    def take(self, count: int) -> range:
        first, self._next = self._next, self._next + count
        return range(first, self._next)


def resident_number(serial: int) -> str:
    """A resident ID number with its check digit; another one for each of 84 million serials."""
    day, order = divmod(serial, _A_DAY)
    area, day = divmod(day, _DAYS)
    born = _FIRST_BORN + dt.timedelta(days=day)
    body = f"{_AREAS[area]}{born:%Y%m%d}{order:03d}"
    return body + mod_11_2.calc_check_digit(body)


def phone(serial: int) -> str:
    """A mobile number in international form."""
    return f"+86138{serial % 100_000_000:08d}"


def name(serial: int) -> str:
    return f"演示{serial}"


def attendee(serial: int, *services: str) -> dict[str, Any]:
    return {
        "name": name(serial),
        "id_type": "resident_id",
        "id_number": resident_number(serial),
        "services": list(services or ("passport-first",)),
        "priority": "none",
    }


def booking_body(slot: int, serials: Sequence[int], **fields: Any) -> dict[str, Any]:
    """What POST /api/v1/bookings/ takes, for a party of these people."""
    return {
        "slot": slot,
        "channel": "partner",
        "confirm": True,
        "contact": {"phone": phone(serials[0]), "email": "", "language": "zh-hans"},
        "attendees": [attendee(serial) for serial in serials],
    } | fields


def write_requests(file: Path, slots: Sequence[int], serials: Iterable[int]) -> int:
    """One line for bench/wrk/post.lua a person, the slots in turn. How many lines."""
    texts = [request_line(slots[serial % len(slots)], serial) for serial in serials]
    file.write_text("".join(texts), encoding="utf-8")
    return len(texts)


def request_line(slot: int, serial: int) -> str:
    body = json.dumps(booking_body(slot, [serial]), ensure_ascii=False)
    return f"bench-{serial}\t{body}\n"
