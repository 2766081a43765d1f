"""Two stretches of days side by side: what a change of hours or places did (HB-05)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bookings.domain.load import Comers, Demand, comers, demand_by_day
from offices.domain.calendar import holidays_between
from offices.enums import HolidayKind
from offices.models import Office

# Which days of a period are looked at.
ALL, WORKDAYS, WEEKENDS = "all", "workdays", "weekends"


@dataclass(frozen=True, slots=True)
class Period:
    """What a day of a period was like on average; only days with places are counted."""

    first: dt.date
    last: dt.date
    days: int
    people: float
    places: float
    # Percent of the places, and of the bookings.
    fill: float
    missed: float


def period(office: Office, first: dt.date, last: dt.date, which: str = ALL) -> Period:
    """The means of the days from first to last, both included. Seven queries at most."""
    chosen = _days(first, last, which)
    days = [
        day for day in demand_by_day([office], first, last) if day.places and day.date in chosen
    ]
    came = comers([office], first, last)
    figures = sum((came.get((office.pk, day.date), Comers()) for day in days), Comers())
    return _period(first, last, days, figures)


def change(before: float, after: float) -> int | None:
    """In percent of what was before, rounded; None where there was nothing.

    >>> change(80, 150)
    88
    """
    return round((after - before) * 100 / before) if before else None


def _period(first: dt.date, last: dt.date, days: Collection[Demand], figures: Comers) -> Period:
    people, places = sum(day.people for day in days), sum(day.places for day in days)
    return Period(
        first,
        last,
        len(days),
        people=_mean(people, len(days)),
        places=_mean(places, len(days)),
        fill=_mean(people * 100, places),
        missed=_mean(figures.missed * 100, figures.bookings),
    )


def _days(first: dt.date, last: dt.date, which: str) -> set[dt.date]:
    every = {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
    return every if which == ALL else set(_working(every, first, last, wanted=which == WORKDAYS))


def _working(
    days: Iterable[dt.date], first: dt.date, last: dt.date, *, wanted: bool
) -> Iterable[dt.date]:
    """The working days, or those that are none; make-up workdays are working days."""
    special = holidays_between(first, last)
    for day in days:
        works = day.weekday() < 5
        if day in special:
            works = special[day].kind == HolidayKind.MAKE_UP_WORKDAY
        if works == wanted:
            yield day


def _mean(total: int, of: int) -> float:
    return round(total / of, 1) if of else 0.0
