"""How long people wait, estimated from the queue numbers of the day (JJ-22)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from bookings.domain.suggestions import suggest_longer_hours
from offices.domain.policy import policy_for
from offices.domain.timetable import SERVING, plan_of
from offices.models import Counter, CounterShift, Office, ServiceLine
from visits.models import Ticket

# Nobody's clock is further from the server's than that.
LONGEST_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """People who aren't served yet, and how many minutes whoever comes now will wait."""

    people: int
    minutes: int


def estimate(
    arrivals: Iterable[tuple[dt.datetime, int]],
    counters: int,
    minutes_each: int,
    now: dt.datetime,
) -> Waiting:
    """What is left of the work that `arrivals` (from when to be called, people) brought. Pure.

    The counters work without a pause on whoever may be called; a hall without an open counter
    counts as having one.
    """
    counters = max(counters, 1)
    come = sorted((moment, people) for moment, people in arrivals if moment <= now)
    work, since = 0.0, come[0][0] if come else now
    for moment, people in come:
        work = max(work - _minutes(since, moment) * counters, 0) + people * minutes_each
        since = moment
    work = max(work - _minutes(since, now) * counters, 0)
    return Waiting(people=-int(-work // minutes_each), minutes=round(work / counters))


def watch_waits(now: dt.datetime) -> int:
    """Propose longer hours wherever people wait too long; how many new proposals."""
    arrivals = _arrivals(now)
    if not arrivals:
        return 0
    offices = Office.objects.filter(is_active=True).select_related("bureau__parent__parent")
    in_use = offices.in_bulk({office for office, _line in arrivals})
    lines = ServiceLine.objects.in_bulk({line for _office, line in arrivals})
    counters = open_counters(in_use.values(), now)
    made = 0
    for (office_id, line_id), came in arrivals.items():
        if office := in_use.get(office_id):
            each = policy_for(office).minutes_per_person
            waiting = estimate(came, counters.get((office_id, line_id), 0), each, now)
            made += suggest_longer_hours(
                office, lines[line_id], waiting.minutes, waiting.people, now
            )
    return made


_Arrivals = dict[tuple[int, int], list[tuple[dt.datetime, int]]]


def _arrivals(now: dt.datetime) -> _Arrivals:
    """By office and line: who may be called by now, a party as so many people. One query."""
    tickets = Ticket.objects.filter(
        date__range=((now - LONGEST_DAY).date(), (now + LONGEST_DAY).date()),
        callable_from__range=(now - LONGEST_DAY, now),
    )
    found: _Arrivals = defaultdict(list)
    coming = Count("booking__attendees", filter=Q(booking__attendees__left_at=None))
    counted = tickets.order_by("callable_from").annotate(people=coming)
    rows = counted.values_list("office", "line", "callable_from", "people")
    for office, line, moment, count in rows:
        found[office, line].append((moment, max(count, 1)))
    return found


def open_counters(offices: Iterable[Office], now: dt.datetime) -> dict[tuple[int, int], int]:
    """By office and line: the counters that serve at this moment. Two queries."""
    clocks = {office.pk: now.astimezone(office.zone) for office in offices}
    days = [clock.date() for clock in clocks.values()]
    shifts = CounterShift.objects.standing(min(days), max(days)) if days else None
    counters = Counter.objects.filter(office__in=clocks, kind__in=SERVING)
    found: dict[tuple[int, int], int] = defaultdict(int)
    for counter in counters.prefetch_related(Prefetch("shifts", shifts)):
        clock = clocks[counter.office_id]
        is_open = plan_of(counter).is_open_at(clock.date(), clock.time())
        found[counter.office_id, counter.line_id] += is_open
    return found


def _minutes(since: dt.datetime, until: dt.datetime) -> float:
    return (until - since).total_seconds() / 60
