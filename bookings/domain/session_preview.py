"""What adding sessions would do, before anybody adds them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Sum

from bookings.domain.parties import SYSTEM
from bookings.domain.publishing import Conflict
from bookings.domain.sessions import add_series
from bookings.models import Quota, Slot
from offices.domain.calendar import holidays_between
from offices.models import Closure, Session


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """A day that the sessions stand on."""

    date: dt.date
    # Public holiday or closure that it stands on all the same.
    notes: tuple[str, ...]
    # Published at once; 0 where the day isn't released yet.
    windows: int
    places: int
    # Windows of the weekly hours that people are booked for, and how many bookings those are.
    stay: int
    bookings: int


def preview_sessions(draft: Session, days: Sequence[dt.date], now: dt.datetime) -> list[PreviewDay]:
    """Found out by adding them and taking it all back. Raises SessionsOverlap."""
    with transaction.atomic():
        series, report = add_series(draft, days, now, reason="", actor=SYSTEM)
        published = _published(series.pk)
        transaction.set_rollback(True)
    conflicts = _by_day(draft, report.conflicts)
    notes = _notes(draft, days)
    return [_day(day, notes[day], published.get(day, (0, 0)), conflicts[day]) for day in days]


def _published(series_id: int) -> Mapping[dt.date, tuple[int, int]]:
    """Windows and places by day."""
    quotas = Quota.objects.filter(slot__session__series=series_id).order_by()
    rows = quotas.values_list("slot__date").annotate(Count("slot", distinct=True), Sum("capacity"))
    return {day: (windows, places) for day, windows, places in rows}


def _by_day(draft: Session, conflicts: Sequence[Conflict]) -> Mapping[dt.date, list[Conflict]]:
    """Those that stand where the sessions would; others of the office were there before."""
    by_slot = {conflict.slot_id: conflict for conflict in conflicts}
    found: dict[dt.date, list[Conflict]] = defaultdict(list)
    for slot in Slot.objects.filter(pk__in=by_slot, line=draft.line).select_related("office"):
        if slot.local_start.time() < draft.closes and slot.local_end.time() > draft.opens:
            found[slot.date].append(by_slot[slot.pk])
    return found


def _notes(draft: Session, days: Sequence[dt.date]) -> Mapping[dt.date, tuple[str, ...]]:
    first, last = min(days), max(days)
    found: dict[dt.date, tuple[str, ...]] = defaultdict(tuple)
    for day, holiday in holidays_between(first, last).items():
        found[day] += (f"{holiday.get_kind_display()} · {holiday.label}",)
    closures = Closure.objects.filter(office=draft.office, first_day__lte=last, last_day__gte=first)
    for closure in closures:
        for day in days:
            if closure.first_day <= day <= closure.last_day:
                found[day] += (closure.reason_label,)
    return found


def _day(
    day: dt.date, notes: tuple[str, ...], published: tuple[int, int], conflicts: list[Conflict]
) -> PreviewDay:
    bookings = sum(conflict.bookings for conflict in conflicts)
    return PreviewDay(day, notes, *published, stay=len(conflicts), bookings=bookings)
