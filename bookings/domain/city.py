"""All offices of a bureau at a glance: today's counters and how full the next days are (XM-38)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from bookings.domain.load import Comers, Fill, comers, fills
from offices.models import Office

# 件次 that the halls of one large city handle on a day of high season (FS-09).
CITY_ITEMS_A_DAY = 16_000


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Who comes to an office today, and its places of today and of each following day."""

    office: Office
    today: Comers
    # None where there are no open windows.
    days: tuple[Fill | None, ...]


@dataclass(frozen=True, slots=True)
class City:
    dates: tuple[dt.date, ...]
    offices: tuple[OfficeDays, ...]
    # All offices together.
    today: Comers
    days: tuple[Fill, ...]


def city(offices: Collection[Office], today: dt.date, count: int = 7) -> City:
    """The offices in the order given, `count` days from today on. Five queries at most."""
    dates = tuple(today + dt.timedelta(days=n) for n in range(count))
    places = fills(offices, dates[0], dates[-1])
    came = comers(offices, today, today)
    rows = tuple(
        OfficeDays(
            office,
            came.get((office.pk, today), Comers()),
            tuple(places.get((office.pk, date)) for date in dates),
        )
        for office in offices
    )
    sums = tuple(
        sum((fill for (_office, day), fill in places.items() if day == date), Fill())
        for date in dates
    )
    return City(dates, rows, sum((row.today for row in rows), Comers()), sums)
