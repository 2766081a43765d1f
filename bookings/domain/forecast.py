"""How many people a day will bring, by what its weekday brought before and by the season.

    expected = mean of the same weekdays of the last eight weeks × the season's percent

- Days off of the public calendar and days without places are no example; a make-up workday is
  neither, but is expected to be like the weekday that it follows.
- A day of the past that lay in a season is divided by that season's percent first, or a long
  season would be counted twice.
- Percents that end in 33 or 67 are thirds: 167 % is 5/3, "two thirds more" (FS-08).
- Fractions are kept to the end, and then rounded to whole people, a half upwards.
- Whoever found no place wasn't counted: of days that were full, the demand was higher.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Max, Q

from bookings.domain.load import demand_by_day, fills
from bookings.domain.planning import outlook
from bookings.models import Slot
from offices.domain.calendar import holidays_between
from offices.domain.policy import policy_for
from offices.domain.seasons import seasons_of_bureau
from offices.domain.surge_plans import surges_between
from offices.enums import HolidayKind
from offices.models import Bureau, Holiday, Office, Season, ServiceLine

WEEKS = 8
ONE_DAY = dt.timedelta(days=1)
# Percents are whole numbers, and thirds are not.
THIRDS = {33: Fraction(1, 3), 67: Fraction(2, 3)}


@dataclass(frozen=True, slots=True)
class DayForecast:
    """`baseline` is a day without a season; both are None where no earlier day says anything."""

    date: dt.date
    baseline: int | None
    percent: int
    expected: int | None
    planned: int

    @property
    def short(self) -> int:
        """People for whom no place is planned."""
        return max((self.expected or 0) - self.planned, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A forecast of several days, with its sums."""

    days: tuple[DayForecast, ...]

    def between(self, first: dt.date, last: dt.date) -> "Outcome":
        return Outcome(tuple(day for day in self.days if first <= day.date <= last))

    @property
    def expected(self) -> int:
        return sum(day.expected or 0 for day in self.days)

    @property
    def planned(self) -> int:
        return sum(day.planned for day in self.days)

    @property
    def short_days(self) -> list[DayForecast]:
        return [day for day in self.days if day.short]

    @property
    def short(self) -> int:
        """Places that are missing; what is to spare on other days doesn't help (JJ-04)."""
        return sum(day.short for day in self.days)


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast rests on, by day: people who came, days off, seasons' percents, places.

    `follows` are the make-up workdays with the weekday that each is like.
    """

    people: Mapping[dt.date, int]
    planned: Mapping[dt.date, int]
    percents: Mapping[dt.date, int]
    off: Collection[dt.date] = ()
    follows: Mapping[dt.date, int] | None = None


def factor(percent: int) -> Fraction:
    """
    >>> factor(167) * 8400
    Fraction(14000, 1)
    """
    whole, rest = divmod(percent, 100)
    return whole + THIRDS.get(rest, Fraction(rest, 100))


def whole(value: Fraction) -> int:
    """To the nearest whole number, a half upwards."""
    return int(value + Fraction(1, 2))


def forecast(days: Iterable[dt.date], known: Known, today: dt.date) -> Outcome:
    """What to expect of these days, those without planned places left out. Pure."""
    means = _means(known, today)
    return Outcome(tuple(_forecast(day, known, means) for day in days if known.planned.get(day)))


def forecast_of(
    offices: Collection[Office], bureau: Bureau, first: dt.date, last: dt.date, now: dt.datetime
) -> Outcome:
    """The days from first to last, both included, summed over the offices, in `bureau`'s seasons.

    Of days that aren't published yet, the hours of each office tell the places.
    """
    today = min(office.local_date(now) for office in offices)
    since = today - dt.timedelta(weeks=WEEKS)
    before = [day for day in demand_by_day(offices, since, today - ONE_DAY) if day.places]
    special = holidays_between(since, last)
    known = Known(
        people={day.date: day.people for day in before},
        planned=_planned(offices, first, last, now),
        percents=percents(bureau, since, last),
        off=[day for day, one in special.items() if not _works(one)],
        follows={day: one.follows_weekday for day, one in special.items() if _works(one)},
    )
    return forecast(_days(first, last), known, today)


def seasons_over(
    bureau: Bureau, first: dt.date, last: dt.date, line: ServiceLine | None = None
) -> list[Season]:
    """The seasons that some of these days lie in: those of all lines, and of this one if given."""
    seasons = seasons_of_bureau(bureau, first).filter(first_day__lte=last)
    return list(seasons.filter(Q(line=None) | Q(line=line) if line else Q(line=None)))


def percents(bureau: Bureau, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """By day: the highest percent of the seasons that it lies in."""
    found: dict[dt.date, int] = {}
    for season in seasons_over(bureau, first, last):
        for day in _days(max(season.first_day, first), min(season.last_day, last)):
            found[day] = max(found.get(day, 0), season.demand)
    return found


def _means(known: Known, today: dt.date) -> dict[int, Fraction]:
    """By weekday: the mean of its last eight weeks, brought back to days without a season."""
    by_weekday: dict[int, list[Fraction]] = defaultdict(list)
    for day, people in known.people.items():
        recent = today - dt.timedelta(weeks=WEEKS) <= day < today
        if recent and day not in known.off and day not in (known.follows or {}):
            by_weekday[day.weekday()].append(people / _factor_of(day, known))
    return {weekday: sum(found, Fraction()) / len(found) for weekday, found in by_weekday.items()}


def _forecast(day: dt.date, known: Known, means: Mapping[int, Fraction]) -> DayForecast:
    mean = means.get((known.follows or {}).get(day, day.weekday()))
    percent, planned = known.percents.get(day, 100), known.planned[day]
    if mean is None:
        return DayForecast(day, None, percent, None, planned)
    return DayForecast(day, whole(mean), percent, whole(mean * _factor_of(day, known)), planned)


def _factor_of(day: dt.date, known: Known) -> Fraction:
    return factor(known.percents.get(day, 100)) or Fraction(1)


def _planned(
    offices: Iterable[Office], first: dt.date, last: dt.date, now: dt.datetime
) -> dict[dt.date, int]:
    """Places by day, closed windows left out. Two queries, and some of each office."""
    offices = list(offices)
    published = fills(offices, first, last)
    until = _published_until(offices, first, last)
    planned: dict[dt.date, int] = defaultdict(int)
    for (_office, day), fill in published.items():
        planned[day] += fill.capacity
    for office in offices:
        latest = until.get(office.pk, first - ONE_DAY)
        for day, places in _by_the_hours(office, latest + ONE_DAY, last, now).items():
            planned[day] += places
    return dict(planned)


def _published_until(
    offices: Iterable[Office], first: dt.date, last: dt.date
) -> dict[int, dt.date]:
    """By office: the last of these days that is published, its windows closed or not."""
    slots = Slot.objects.filter(office__in=offices, date__range=(first, last))
    return dict(slots.order_by().values_list("office").annotate(Max("date")))


def _by_the_hours(
    office: Office, first: dt.date, last: dt.date, now: dt.datetime
) -> dict[dt.date, int]:
    places: dict[dt.date, int] = defaultdict(int)
    if first > last or not office.is_active:
        return places
    surges = surges_between(office, first, last)
    slots = outlook(office, policy_for(office), first, last).slots(surges, now)
    for slot in slots.values():
        places[slot.date] += sum(slot.places.values())
    return places


def _works(day: Holiday) -> bool:
    return day.kind == HolidayKind.MAKE_UP_WORKDAY


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
