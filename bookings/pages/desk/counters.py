"""The counters of an office: which line each serves, which are open, and what is planned."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from offices.domain.policy import policy_for
from offices.domain.timetable import SERVING, plan_of
from offices.domain.weekly import WeeklyRow, variants
from offices.models import Counter, CounterShift, ServiceLine

PAST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CounterNow:
    counter: Counter
    is_open: bool
    shifts: list[CounterShift]

    @property
    def serves(self) -> bool:
        """Whether it makes places: one for consultation or photos makes none."""
        return self.counter.kind in SERVING


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line's counters that make places, and what those that are open serve in a window."""

    line: ServiceLine
    serving: int
    open: int
    places: int


@desk_page(Action.PLAN_HOURS)
@require_safe
def counters(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = _counters(desk)
    policy = policy_for(desk.office)
    context = {
        "desk": desk,
        "counters": found,
        "lines": _lines(found, policy.slot_minutes, policy.minutes_per_person),
        "policy": policy,
        "fixed": fixed_hours(desk),
        "past": _past(desk),
        "here": "counters",
    }
    return render(request, "desk/counters.html", context)


def fixed_hours(desk: Desk, lines: Iterable[ServiceLine] | None = None) -> list[WeeklyRow]:
    """Hours, now or later, with a number of places of their own: counters don't change those."""
    wanted = None if lines is None else {line.pk for line in lines}
    return [
        row
        for variant in variants(desk.office, desk.today)
        for row in variant.rows
        if row.makes_windows and row.first.capacity is not None
        if wanted is None or row.line.pk in wanted
    ]


def _counters(desk: Desk) -> list[CounterNow]:
    standing = CounterShift.objects.standing(desk.today).select_related("created_by")
    found = Counter.objects.filter(office=desk.office).in_order()
    time = timezone.localtime(desk.now, desk.office.zone).time()
    return [
        CounterNow(counter, plan_of(counter).is_open_at(desk.today, time), [*counter.shifts.all()])
        for counter in found.select_related("line").prefetch_related(Prefetch("shifts", standing))
    ]


def _lines(found: list[CounterNow], slot_minutes: int, minutes_per_person: int) -> list[LineNow]:
    lines = {one.counter.line: None for one in found if one.serves}
    return [
        LineNow(line, len(serving), open_now, open_now * slot_minutes // minutes_per_person)
        for line in lines
        for serving in [[one for one in found if one.serves and one.counter.line == line]]
        for open_now in [sum(one.is_open for one in serving)]
    ]


def _past(desk: Desk) -> list[CounterShift]:
    """The last ones that were withdrawn or are over."""
    over = Q(withdrawn_at__isnull=False) | Q(last_day__lt=desk.today)
    shifts = CounterShift.objects.filter(over, counter__office=desk.office)
    related = ("counter", "created_by", "withdrawn_by")
    return list(shifts.select_related(*related).order_by("-pk")[:PAST_SHOWN])
