"""Counts the days that are over, for reports: one statement a day, for all offices at once.

A day is counted once nothing more happens on it anywhere, and again when something happened to
one of its bookings after that. Safe to run twice, or by two workers at once.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Max, Min

from bookings.enums import Status
from bookings.models import BookingEvent, CountedDay, Slot

# A hold isn't a booking yet, and a cancelled one no longer.
BOOKED = (Status.CONFIRMED, Status.CHECKED_IN, Status.SERVED, Status.NO_SHOW)
# Longer than any transaction: events of before are surely committed.
SETTLED_AFTER = dt.timedelta(minutes=10)
# The earliest and the latest clocks of the world are so far from UTC.
CLOCKS_DIFFER = dt.timedelta(hours=14)
ONE_DAY = dt.timedelta(days=1)

# By office, day and channel. What follows is a condition on slots.
FIGURES = """
    SELECT slot.office_id, slot.date, booking.channel,
        count(*) FILTER (WHERE booked.yes) AS bookings,
        coalesce(sum(party.people), 0) AS people,
        coalesce(sum(party.items), 0) AS items,
        count(*) FILTER (WHERE booking.status = 'no_show') AS missed,
        count(*) FILTER (WHERE booking.status = 'cancelled') AS cancelled
    FROM bookings_slot slot
    JOIN bookings_booking booking ON booking.slot_id = slot.id
    CROSS JOIN LATERAL (SELECT booking.status = ANY(%(booked)s) AS yes) booked
    LEFT JOIN LATERAL (
        SELECT count(*) AS people, sum(wanted.items) AS items
        FROM bookings_attendee attendee
        CROSS JOIN LATERAL (
            SELECT count(*) AS items FROM bookings_application WHERE attendee_id = attendee.id
        ) wanted
        WHERE attendee.booking_id = booking.id AND attendee.left_at IS NULL
    ) party ON booked.yes
    WHERE {condition}
    GROUP BY slot.office_id, slot.date, booking.channel
    HAVING count(*) FILTER (WHERE booked.yes OR booking.status = 'cancelled') > 0
"""
# The days of slots are found by the moment of their end, which is indexed for all offices.
_OF_ONE_DAY = "slot.date = %(day)s AND slot.ends_at BETWEEN %(from)s AND %(until)s"
_COUNT = """
    INSERT INTO bookings_channelday
        (office_id, date, channel, bookings, people, items, missed, cancelled)
""" + FIGURES.format(condition=_OF_ONE_DAY)

# Of a booking that moved, both days.
_TOUCHED = """
    SELECT DISTINCT slot.date
    FROM bookings_bookingevent event
    JOIN bookings_booking booking ON booking.id = event.booking_id
    JOIN bookings_slot slot
        ON slot.id IN (booking.slot_id, (event.data->>'from_slot')::bigint)
    JOIN bookings_countedday counted ON counted.date = slot.date
    WHERE event.id > %s
    ORDER BY slot.date
"""


def count_days(now: dt.datetime, limit: int = 50) -> int:
    """Count up to `limit` days that were never counted; how many it were."""
    seen = _seen_event()
    if seen is None:
        seen = _settled_event(now)
    due = _days_due(now)[:limit]
    for day in due:
        _count(day, seen)
    return len(due)


def count_touched_days(now: dt.datetime) -> int:
    """Count again the days that something happened to after they were counted; how many."""
    seen = _seen_event()
    if seen is None:
        return 0
    settled = _settled_event(now)
    touched = _touched_days(seen)
    for day in touched:
        _count(day, seen)
    latest = CountedDay.objects.order_by("-date")[0]
    CountedDay.objects.filter(pk=latest.pk, seen_event__lt=settled).update(seen_event=settled)
    return len(touched)


def uncounted(first: dt.date, last: dt.date) -> list[dt.date]:
    """The days from first to last, both included, whose figures have to be read off bookings."""
    ends = Slot.objects.aggregate(first=Min("ends_at"), last=Max("ends_at"))
    if ends["first"] is None:
        return []
    first = max(first, (ends["first"] - CLOCKS_DIFFER).date())
    last = min(last, (ends["last"] + CLOCKS_DIFFER).date())
    counted = CountedDay.objects.filter(date__range=(first, last))
    return sorted({*_days(first, last)} - {*counted.values_list("date", flat=True)})


def _seen_event() -> int | None:
    """Up to which event all counted days are right; None while there are none."""
    seen: int | None = CountedDay.objects.aggregate(last=Max("seen_event"))["last"]
    return seen


def _settled_event(now: dt.datetime) -> int:
    settled = BookingEvent.objects.filter(at__lt=now - SETTLED_AFTER)
    return settled.aggregate(last=Max("pk"))["last"] or 0


def _touched_days(seen: int) -> list[dt.date]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [seen])
        return [day for (day,) in cursor.fetchall()]


def _days_due(now: dt.datetime) -> list[dt.date]:
    """Days that are over everywhere and not counted; the latest, which are asked for, first."""
    over = (now - CLOCKS_DIFFER).date() - ONE_DAY
    return uncounted(dt.date.min, over)[::-1]


@transaction.atomic
def _count(day: dt.date, seen: int) -> None:
    """Write the figures of a day in place of earlier ones. The row of the day is the lock."""
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_countedday (date, seen_event) VALUES (%s, %s)"
            " ON CONFLICT (date) DO UPDATE SET seen_event = bookings_countedday.seen_event",
            [day, seen],
        )
        cursor.execute("DELETE FROM bookings_channelday WHERE date = %s", [day])
        cursor.execute(
            _COUNT,
            {
                "booked": list(BOOKED),
                "day": day,
                "from": begin - CLOCKS_DIFFER,
                # A window that begins at the last minute ends within the next day.
                "until": begin + 2 * ONE_DAY + CLOCKS_DIFFER,
            },
        )


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))
