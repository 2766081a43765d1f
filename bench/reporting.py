"""Asks what the page of figures asks, and takes the time.

Runs inside Django: python -m bench.reporting ask prints seconds by question; count does the night's
work for every day that it has not been done for.
"""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

DAYS = {"a week": 7, "a month": 30, "a year": 365}


def ask() -> dict[str, float]:
    """Seconds by question, each asked once before without being timed."""
    return {name: _seconds(question) for name, question in _questions()}


def count() -> None:
    from django.utils import timezone

    from bookings.domain.counting import count_days

    while count_days(timezone.now()):
        pass


def _questions() -> Iterator[tuple[str, Callable[[], object]]]:
    from django.utils import timezone

    from bookings.domain.reports import bookings_by_channel
    from offices.models import Office

    now = timezone.now()
    offices = list(Office.objects.order_by("pk"))
    yesterday = offices[0].local_date(now) - dt.timedelta(days=2)
    for name, days in DAYS.items():
        since = yesterday - dt.timedelta(days=days - 1)
        for who, some in (("one office", offices[:1]), ("all offices", offices)):
            yield f"{who}, {name}", partial(bookings_by_channel, some, since, yesterday)
    ahead = yesterday + dt.timedelta(days=9)
    week = (ahead - dt.timedelta(days=6), ahead)
    yield "one office, a week by hand", partial(bookings_by_channel, offices[:1], *week)
    yield "the night's work for a day", partial(_count_again, yesterday)


def _count_again(day: dt.date) -> None:
    from django.utils import timezone

    from bookings.domain.counting import count_days
    from bookings.models import CountedDay

    CountedDay.objects.filter(date=day).delete()
    assert count_days(timezone.now(), limit=1) == 1


def _seconds(question: Callable[[], object]) -> float:
    question()
    begun = time.monotonic()
    question()
    return time.monotonic() - begun


def main() -> None:
    import django

    django.setup()
    if sys.argv[1] == "count":
        count()
    else:
        print(json.dumps(ask()))


if __name__ == "__main__":
    main()
