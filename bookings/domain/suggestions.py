"""What the figures propose: more places for tomorrow (FS-11), longer hours for today (JJ-22).

- The day before, once the share of a line's online places that is taken reaches
  `suggest_above_percent`: `suggest_more_percent` more. What was missed lately, and how many people
  the same weekdays brought, are said beside it, for whoever decides to weigh.
- Once the estimated wait exceeds `wait_alert_minutes`: an hour more, for those who wait.

A proposal that was dismissed isn't made again for that day. Safe to run twice, or by two at once.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from bookings.domain.forecast import WEEKS
from bookings.enums import SuggestionKind, SuggestionOutcome
from bookings.models import ChannelDay, Quota, Suggestion
from offices.domain.policy import BookingPolicy, policy_for
from offices.enums import Pool
from offices.models import Office, ServiceLine

ONE_DAY = dt.timedelta(days=1)
LONGER_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """The online places of a line on the day that is tomorrow at its office."""

    office: Office
    line: int
    date: dt.date
    capacity: int
    taken: int

    def is_full_enough(self, policy: BookingPolicy) -> bool:
        return self.taken * 100 >= self.capacity * policy.suggest_above_percent


def make_suggestions(now: dt.datetime) -> int:
    """Propose more places for tomorrow wherever it is nearly full; how many new proposals.

    Six queries, whatever the number of offices.
    """
    full = [(one, policy) for one, policy in _tomorrows(now) if one.is_full_enough(policy)]
    if not full:
        return 0
    history = _History.of({one.office.pk for one, _policy in full}, {one.date for one, _ in full})
    return _propose(
        Suggestion(
            office=one.office,
            line_id=one.line,
            date=one.date,
            kind=SuggestionKind.MORE_PLACES,
            amount=policy.suggest_more_percent,
            facts={
                "taken": one.taken,
                "capacity": one.capacity,
                "above": policy.suggest_above_percent,
                **history.facts(one),
            },
            made_at=now,
        )
        for one, policy in full
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


def _tomorrows(now: dt.datetime) -> list[tuple[Tomorrow, BookingPolicy]]:
    """Two queries: the offices, and the online places of their tomorrows."""
    offices = Office.objects.filter(is_active=True).select_related("bureau__parent__parent")
    tomorrows = {office.pk: (office, office.local_date(now) + ONE_DAY) for office in offices}
    policies = {pk: policy_for(office) for pk, (office, _day) in tomorrows.items()}
    places = (
        Quota.objects.filter(
            pool=Pool.ONLINE,
            slot__date__in={day for _office, day in tomorrows.values()},
            slot__closed_at__isnull=True,
        )
        .order_by("slot__office", "slot__line", "slot__date")
        .values_list("slot__office", "slot__line", "slot__date")
        .annotate(Sum("capacity"), Sum("taken"))
    )
    return [
        (Tomorrow(tomorrows[office][0], line, date, capacity, taken), policies[office])
        for office, line, date, capacity, taken in places
        if office in tomorrows and tomorrows[office][1] == date and capacity
    ]


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

    def facts(self, one: Tomorrow) -> dict[str, Any]:
        facts = {
            "missed": self.missed.get(one.office.pk),
            "people": self.people.get((one.office.pk, one.date)),
        }
        return {name: value for name, value in facts.items() if value is not None}


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
