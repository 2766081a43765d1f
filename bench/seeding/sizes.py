"""How much is seeded, and over which days."""

import datetime as dt
from dataclasses import dataclass
from math import ceil

HORIZON_DAYS = 14
# What the loads of the statements come to on average (see slots.sql and drafts.sql).
BOOKINGS_A_DAY = 96
BOOKINGS_A_DAY_AHEAD = 0.7 * BOOKINGS_A_DAY


@dataclass(frozen=True)
class Size:
    """A number of bookings over a number of offices."""

    bookings: int
    offices: int

    def __str__(self) -> str:
        return f"{_short(self.bookings)} bookings, {self.offices:,} offices"

    def workdays(self, today: dt.date) -> list[dt.date]:
        """The days that are seeded: the coming two weeks, and as much past as it takes."""
        ahead = _workdays(today, HORIZON_DAYS)
        rest = self.bookings / self.offices - len(ahead) * BOOKINGS_A_DAY_AHEAD
        # Today, which may not have begun, and a day that is over.
        past = max(2, ceil(rest / BOOKINGS_A_DAY))
        return _workdays(today, -ceil(past * 7 / 5) - 2)[-past:] + ahead


def _workdays(today: dt.date, days: int) -> list[dt.date]:
    """Monday to Friday of so many days after today, or (negative) up to today; in order."""
    offsets = range(1, days + 1) if days > 0 else range(days + 1, 1)
    found = (today + dt.timedelta(days=offset) for offset in offsets)
    return [day for day in found if day.weekday() < 5]


def _short(count: int) -> str:
    for unit, name in ((10**6, "million"), (10**3, "thousand")):
        if count >= unit:
            return f"{count / unit:g} {name}"
    return str(count)
