"""The days of a series."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from offices.domain.recurrence import LONGEST, Weekly

MONDAY = dt.date(2026, 8, 3)
SATURDAY, SUNDAY = 5, 6


def test_seven_saturdays_follow_each_other() -> None:
    days = Weekly(MONDAY, frozenset({SATURDAY}), times=7).days()
    assert days == [dt.date(2026, 8, 8) + dt.timedelta(weeks=n) for n in range(7)]


def test_it_ends_with_the_day_that_is_named() -> None:
    days = Weekly(MONDAY, frozenset({SUNDAY}), until=dt.date(2026, 8, 16)).days()
    assert days == [dt.date(2026, 8, 9), dt.date(2026, 8, 16)]


def test_the_end_that_comes_first_holds() -> None:
    rule = Weekly(MONDAY, frozenset({SUNDAY}), times=7, until=dt.date(2026, 8, 10))
    assert rule.days() == [dt.date(2026, 8, 9)]


def test_a_day_that_is_left_out_does_not_count() -> None:
    rule = Weekly(dt.date(2026, 9, 26), frozenset({SATURDAY}), times=2)
    left_out = {dt.date(2026, 10, 3)}
    assert rule.days(left_out) == [dt.date(2026, 9, 26), dt.date(2026, 10, 10)]


weekdays = st.frozensets(st.integers(0, 6), min_size=1)


@given(
    first=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    weekdays=weekdays,
    times=st.none() | st.integers(1, 100),
    length=st.none() | st.integers(0, 500),
)
def test_every_day_of_the_rule_is_there_once_and_no_other(
    first: dt.date, weekdays: frozenset[int], times: int | None, length: int | None
) -> None:
    until = None if length is None else first + dt.timedelta(days=length)
    days = Weekly(first, weekdays, times, until).days()
    last = min(until or dt.date.max, first + LONGEST)
    every = [
        day
        for n in range(LONGEST.days + 1)
        if (day := first + dt.timedelta(days=n)) <= last and day.weekday() in weekdays
    ]
    assert days == every[:times]
