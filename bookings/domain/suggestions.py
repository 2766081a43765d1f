"""What the figures propose: more places for tomorrow (FS-11), longer hours for today (JJ-22).

- The day before, by the fill, the waiting list, what was missed lately and what the same weekdays
  brought: more_places.py says how many percent.
- Once the estimated wait exceeds `wait_alert_minutes`: an hour more, for those who wait.

A proposal that was dismissed isn't made again for that day. Safe to run twice, or by two at once.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Q, Sum

from bookings.domain.forecast import WEEKS
from bookings.domain.more_places import Figures, terms_of
from bookings.enums import SuggestionKind, SuggestionOutcome, WaitingKind, WaitingState
from bookings.models import ChannelDay, Quota, Suggestion
from bookings.models.waiting import WaitingEntry
from offices.domain.policy import policy_for
from offices.enums import Pool
from offices.models import Office, ServiceLine

ONE_DAY = dt.timedelta(days=1)
LONGER_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """A line on the day that is tomorrow at its office."""

    office: Office
    line: int
    date: dt.date
    # Of the online places.
    capacity: int
    taken: int
    # Places of the office that anybody may book that day, of all lines.
    bookable: int


def make_suggestions(now: dt.datetime) -> int:
    """Propose more places for tomorrow wherever the figures ask for them; how many proposals.

    Seven queries, whatever the number of offices.
    """
    tomorrows = _tomorrows(now)
    waiting = _waiting(tomorrows)
    asking = [one for one in tomorrows if _asks(one, waiting[one])]
    if not asking:
        return 0
    history = _History.of({one.office.pk for one in asking}, {one.date for one in asking})
    proposals = (_proposal(one, history.figures(one, waiting[one]), now) for one in asking)
    return _propose(one for one in proposals if one.amount)


def _asks(one: Tomorrow, waiting: int) -> bool:
    figures = Figures(one.capacity, one.taken, waiting)
    return bool(figures.unserved) or figures.reach(policy_for(one.office).suggest_above_percent)


def _proposal(one: Tomorrow, figures: Figures, now: dt.datetime) -> Suggestion:
    policy = policy_for(one.office)
    above = policy.suggest_above_percent
    terms = terms_of(figures, above, policy.suggest_more_percent)
    # What isn't known is left out.
    known = {name: value for name, value in asdict(figures).items() if value}
    return Suggestion(
        office=one.office,
        line_id=one.line,
        date=one.date,
        kind=SuggestionKind.MORE_PLACES,
        amount=terms.percent,
        facts={**known, "taken": figures.taken, "above": above, "terms": asdict(terms)},
        made_at=now,
    )


def suggest_longer_hours(
    office: Office, line: ServiceLine, wait: int, waiting: int, now: dt.datetime
) -> int:
    """Propose to stay open for an hour more if `wait`, in minutes, is too long; how many it were.

    `waiting` people are ahead of whoever comes now. The hall tells both.
    """
    limit = policy_for(office).wait_alert_minutes
    if wait <= limit:
        return 0
    suggestion = Suggestion(
        office=office,
        line=line,
        date=office.local_date(now),
        kind=SuggestionKind.LONGER_HOURS,
        amount=LONGER_MINUTES,
        facts={"wait": wait, "waiting": waiting, "above": limit},
        made_at=now,
    )
    return _propose([suggestion])


def _propose(suggestions: Iterable[Suggestion]) -> int:
    """Save those that aren't open already and weren't dismissed."""
    suggestions = list(suggestions)
    before = Suggestion.objects.filter(
        office__in={one.office_id for one in suggestions},
        date__in={one.date for one in suggestions},
        outcome__in=[SuggestionOutcome.OPEN, SuggestionOutcome.DISMISSED],
    )
    known = set(before.values_list("office", "line", "date", "kind"))
    new = [one for one in suggestions if _key(one) not in known]
    # Another worker may propose the same at this moment: the constraint drops one of the two.
    Suggestion.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _key(one: Suggestion) -> tuple[int, int, dt.date, str]:
    return one.office_id, one.line_id, one.date, one.kind


def _tomorrows(now: dt.datetime) -> list[Tomorrow]:
    """Two queries: the offices, and the places of their tomorrows."""
    offices = Office.objects.filter(is_active=True).select_related("bureau__parent__parent")
    tomorrows = {office.pk: (office, office.local_date(now) + ONE_DAY) for office in offices}
    online = Q(pool=Pool.ONLINE)
    places = (
        Quota.objects.filter(
            pool__in=[Pool.ONLINE, Pool.ASSISTED],
            slot__date__in={day for _office, day in tomorrows.values()},
            slot__closed_at__isnull=True,
            frozen=False,
        )
        .order_by("slot__office", "slot__line", "slot__date")
        .values_list("slot__office", "slot__line", "slot__date")
        .annotate(
            online=Sum("capacity", filter=online, default=0),
            taken=Sum("taken", filter=online, default=0),
            bookable=Sum("capacity"),
        )
    )
    rows = [row for row in places if row[0] in tomorrows and tomorrows[row[0]][1] == row[2]]
    bookable: Counter[int] = Counter()
    for office, *_rest, total in rows:
        bookable[office] += total
    return [
        Tomorrow(tomorrows[office][0], line, date, capacity, taken, bookable[office])
        for office, line, date, capacity, taken, _total in rows
        if capacity
    ]


def _waiting(tomorrows: Sequence[Tomorrow]) -> Counter[Tomorrow]:
    """Places that people without one wait for. One query.

    Who would go anywhere in a city is shared out evenly among its halls.
    """
    if not tomorrows:
        return Counter()
    days = [one.date for one in tomorrows]
    entries = WaitingEntry.objects.filter(
        kind=WaitingKind.PLACE,
        state=WaitingState.WAITING,
        first_day__lte=max(days),
        last_day__gte=min(days),
    ).values_list("office", "city", "line", "first_day", "last_day")
    there: dict[tuple[int | str, int], list[Tomorrow]] = defaultdict(list)
    for one in tomorrows:
        there[one.office.pk, one.line].append(one)
        there[one.office.city, one.line].append(one)
    shares: dict[Tomorrow, Fraction] = defaultdict(Fraction)
    for office, city, line, first, last, places in entries.order_by().annotate(Sum("places")):
        halls = [one for one in there[office or city, line] if first <= one.date <= last]
        for one in halls:
            shares[one] += Fraction(places, len(halls))
    return Counter({one: ceil(share) for one, share in shares.items()})


@dataclass(frozen=True, slots=True)
class _History:
    """Of the last eight weeks: percent missed by office, people of a weekday by office and day."""

    missed: dict[int, int]
    people: dict[tuple[int, dt.date], int]

    @classmethod
    def of(cls, offices: Collection[int], dates: Collection[dt.date]) -> "_History":
        """A query, and one for each of the dates: those are two where the world is wide."""
        latest = max(dates)
        days = ChannelDay.objects.filter(office__in=offices).order_by()
        lately = days.filter(date__range=(latest - dt.timedelta(weeks=WEEKS), latest))
        sums = lately.values_list("office").annotate(Sum("missed"), Sum("bookings"))
        missed = {pk: round(missed * 100 / booked) for pk, missed, booked in sums if booked}
        people = {
            (office, date): round(mean)
            for date in dates
            for office, mean in _people_of_weekday(offices, date)
        }
        return cls(missed, people)

    def figures(self, one: Tomorrow, waiting: int) -> Figures:
        return Figures(
            one.capacity,
            one.taken,
            waiting,
            missed=self.missed.get(one.office.pk, 0),
            people=self.people.get((one.office.pk, one.date), 0),
            bookable=one.bookable,
        )


def _people_of_weekday(offices: Collection[int], date: dt.date) -> Iterable[tuple[int, float]]:
    """The mean of the same weekdays before, by office; a day without bookings doesn't count."""
    same = [date - dt.timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    by_day = (
        ChannelDay.objects.filter(office__in=offices, date__in=same)
        .order_by("office")
        .values("office", "date")
        .annotate(people=Sum("people"))
    )
    found: dict[int, list[int]] = {}
    for row in by_day:
        found.setdefault(row["office"], []).append(row["people"])
    return [(office, sum(people) / len(people)) for office, people in found.items()]
