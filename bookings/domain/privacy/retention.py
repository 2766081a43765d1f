"""What is emptied and deleted when its time is over (PIPL 19, 47); the periods are one table,
`applicants/domain/periods.py`.

Bookings go day by day, from where the last night stopped: nobody reads all that ever were. Every
verb is safe to repeat, and to run twice at once.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from applicants.domain import periods
from bookings.domain.privacy import emptying
from bookings.domain.waiting.entries import IN_THE_QUEUE
from bookings.models import Booking, Forgotten, HomeVisit, Slot, UrgentRequest, WaitingEntry
from offices.domain.policy import BookingPolicy
from offices.models import Bureau, Office

DETAILS, IDENTITIES = "details", "identities"
BATCH = 1000
A_DAY = dt.timedelta(days=1)


def forget_details(now: dt.datetime) -> int:
    """Empty names, numbers and contacts of one day's bookings; 0 when no day is left."""
    return _forget_a_day(DETAILS, _day_of(now, periods.BOOKINGS), _empty_details)


def forget_identities(now: dt.datetime) -> int:
    """Empty the keyed hashes of one day's visits; 0 when no day is left.

    Never before the rule about missed appointments has looked at them, at any office.
    """
    days = max(periods.days()[periods.NO_SHOWS], _longest_look_back())
    last = timezone.localdate(now) - dt.timedelta(days=days)
    return _forget_a_day(IDENTITIES, last, emptying.empty_identities)


def forget_requests(now: dt.datetime) -> int:
    """Empty urgent requests and home visits that nobody needs any more; how many."""
    day, moment = _day_of(now, periods.BOOKINGS), now - periods.period(periods.BOOKINGS)
    settled = Q(decided_at=None) | Q(decided_at__lt=moment)
    settled &= Q(ended_at=None) | Q(ended_at__lt=moment)
    urgent = UrgentRequest.objects.filter(settled, deadline__lt=day, made_at__lt=moment)
    visits = HomeVisit.objects.filter(settled, last_day__lt=day, made_at__lt=moment)
    visits = visits.filter(Q(visit_on=None) | Q(visit_on__lt=day))
    return emptying.empty_urgent(urgent) + emptying.empty_visits(visits)


def forget_waiting(now: dt.datetime) -> int:
    """Delete entries that left the waiting list long ago; how many."""
    ended = WaitingEntry.objects.filter(ended_at__lt=now - periods.period(periods.BOOKINGS))
    _rows, by_model = ended.exclude(state__in=IN_THE_QUEUE).delete()
    return by_model.get(WaitingEntry._meta.label, 0)


def _day_of(now: dt.datetime, kind: str) -> dt.date:
    return timezone.localdate(now - periods.period(kind))


def _longest_look_back() -> int:
    setting = "policy__no_show_window_days"
    asked = chain(*(of.objects.values_list(setting, flat=True) for of in (Bureau, Office)))
    return max([BookingPolicy().no_show_window_days, *(days for days in asked if days)])


def _forget_a_day(kind: str, last: dt.date, empty: Callable[[Sequence[int]], None]) -> int:
    """The next day that is due, before `last`."""
    day = _next_day(kind)
    if day is None or day >= last:
        return 0
    for ids in _bookings_of(day):
        with transaction.atomic():
            empty(ids)
    Forgotten.objects.filter(kind=kind, before__lte=day).update(before=day + A_DAY)
    return 1


def _next_day(kind: str) -> dt.date | None:
    mark = Forgotten.objects.filter(kind=kind).first()
    if mark is not None:
        return mark.before
    first: dt.date | None = Slot.objects.aggregate(first=Min("date"))["first"]
    if first is not None:
        Forgotten.objects.get_or_create(kind=kind, defaults={"before": first})
    return first


def _bookings_of(day: dt.date) -> Iterator[list[int]]:
    # Windows are found by their office and day.
    slots = Slot.objects.filter(office__in=Office.objects.values("pk"), date=day)
    bookings = Booking.objects.filter(slot__in=slots.values("pk")).order_by("pk")
    ids = list(bookings.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _empty_details(booking_ids: Sequence[int]) -> None:
    emptying.note_use(booking_ids)
    emptying.empty_details(booking_ids)
