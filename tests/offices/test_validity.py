"""Stretches of days: an example, then what holds for any."""

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from offices.domain.validity import ONE_DAY, Days

FIRST = dt.date(2026, 1, 1)
dates = st.integers(0, 90).map(lambda days: FIRST + days * ONE_DAY)
stretches = st.builds(
    lambda one, other, ends: Days(min(one, other), max(one, other) if ends else None),
    dates,
    dates,
    st.booleans(),
)
YEAR = [FIRST + n * ONE_DAY for n in range(365)]


def test_summer_hours_leave_the_others_before_and_after() -> None:
    always = Days(dt.date(2026, 1, 1))
    summer = Days(dt.date(2026, 6, 1), dt.date(2026, 9, 30))
    assert always.without(summer) == [
        Days(dt.date(2026, 1, 1), dt.date(2026, 5, 31)),
        Days(dt.date(2026, 10, 1)),
    ]


@given(stretches, stretches)
def test_what_is_left_has_every_day_of_the_one_that_is_not_the_others(
    one: Days, other: Days
) -> None:
    rest = one.without(other)
    for day in YEAR:
        assert sum(day in part for part in rest) == (day in one and day not in other)


@given(stretches, stretches)
def test_they_meet_where_they_share_a_day(one: Days, other: Days) -> None:
    assert one.meets(other) == other.meets(one)
    assert one.meets(other) == any(day in one and day in other for day in YEAR)


@given(stretches, stretches)
@example(Days(FIRST), Days(FIRST))
@example(Days(FIRST, dt.date.max), Days(FIRST, FIRST))
def test_what_is_left_is_in_order_and_ends_as_the_one_did(one: Days, other: Days) -> None:
    rest = one.without(other)
    assert len(rest) <= 2
    assert all(part.last is None or part.first <= part.last for part in rest)
    if rest and rest[-1].last is None:
        assert one.last is None
