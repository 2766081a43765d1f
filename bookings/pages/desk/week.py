"""Seven days of every line at a glance, each a way into its day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.models import Booking, Quota, Slot
from bookings.pages.desk.gate import Desk, asked_day, desk_page
from bookings.wording import level_of
from offices.domain.permissions import Action

DAYS = 7
Key = tuple[int, dt.date]


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A day of one line: windows, those closed among them, and their places."""

    date: dt.date
    windows: int
    closed: int
    capacity: int
    taken: int

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    @property
    def level(self) -> str:
        if self.windows == self.closed:
            return "closed"
        return level_of("open" if self.left else "full", self.left, self.capacity)


@desk_page(Action.SEE_DESK)
@require_safe
def week(request: HttpRequest, desk: Desk) -> HttpResponse:
    date = asked_day(request, desk)
    monday = date - dt.timedelta(days=date.weekday())
    days = [monday + dt.timedelta(days=n) for n in range(DAYS)]
    lines = desk.lines()
    totals = _totals(desk, days[0], days[-1])
    context = {
        "desk": desk,
        "days": days,
        "rows": [(line, [totals.get((line.pk, day)) for day in days]) for line in lines],
        "week_before": monday - dt.timedelta(days=DAYS),
        "week_after": monday + dt.timedelta(days=DAYS),
        "here": "week",
    }
    return render(request, "desk/week.html", context)


def _totals(desk: Desk, first: dt.date, last: dt.date) -> dict[Key, DayTotal]:
    """Three queries, whatever the number of windows."""
    slots = Slot.objects.filter(office=desk.office, date__range=(first, last)).order_by()
    windows = slots.values_list("line", "date").annotate(Count("pk"), Count("closed_at"))
    places = {
        (line, date): (capacity, taken)
        for line, date, capacity, taken in Quota.objects.filter(slot__in=slots)
        .order_by()
        .values_list("slot__line", "slot__date")
        .annotate(Sum("capacity"), Sum("taken"))
    }
    expired = {
        (line, date): places
        for line, date, places in Booking.objects.held_past(desk.now)
        .filter(slot__in=slots)
        .order_by()
        .values_list("slot__line", "slot__date")
        .annotate(Sum("places"))
    }
    return {
        (line, date): DayTotal(
            date,
            count,
            closed,
            places.get((line, date), (0, 0))[0],
            places.get((line, date), (0, 0))[1] - expired.get((line, date), 0),
        )
        for line, date, count, closed in windows
    }
