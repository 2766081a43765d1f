"""Which counters count for a window: examples first, then what holds for any shifts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.domain.counters import CounterPlan, Shift, open_counters
from offices.domain.hours import Plan, minute_of
from offices.domain.policy import BookingPolicy
from offices.domain.timetable import Timetable, timetable
from offices.models import Counter, CounterShift
from tests.factories import make_line, make_office

MONDAY = dt.date(2026, 8, 3)
TUESDAY = dt.date(2026, 8, 4)
DAY = dt.timedelta(days=1)


def shift(times: str = "", *, opens: bool = True, until: dt.date | None = MONDAY) -> Shift:
    if not times:
        return Shift(opens, MONDAY, until)
    return Shift(opens, MONDAY, until, *map(dt.time.fromisoformat, times.split("-")))


def is_open(counter: CounterPlan, times: str, day: dt.date = MONDAY) -> bool:
    return counter.is_open_during(day, *map(dt.time.fromisoformat, times.split("-")))


def test_a_counter_is_as_it_usually_is_where_nothing_was_entered():
    assert is_open(CounterPlan(True), "09:00-09:30")
    assert not is_open(CounterPlan(False), "09:00-09:30")


def test_a_counter_that_opens_at_two_counts_for_windows_from_two_on():
    counter = CounterPlan(False, (shift("14:00-17:00"),))
    assert [is_open(counter, times) for times in ("13:00-13:30", "13:30-14:00")] == [False] * 2
    assert [is_open(counter, times) for times in ("14:00-14:30", "16:30-17:00")] == [True] * 2
    assert not is_open(counter, "17:00-17:30")


def test_a_window_that_the_counter_is_open_for_only_in_part_does_not_count_it():
    assert not is_open(CounterPlan(False, (shift("14:10-17:00"),)), "14:00-14:30")
    assert not is_open(CounterPlan(True, (shift("14:29-14:31", opens=False),)), "14:00-14:30")


def test_two_shifts_that_adjoin_are_one_stretch():
    assert is_open(CounterPlan(False, (shift("14:00-14:10"), shift("14:10-15:00"))), "14:00-14:30")


def test_the_one_that_was_entered_last_holds():
    shut, reopened = shift(opens=False), shift("10:00-11:00")
    assert is_open(CounterPlan(True, (shut, reopened)), "10:00-10:30")
    assert not is_open(CounterPlan(True, (shut, reopened)), "11:00-11:30")
    assert not is_open(CounterPlan(True, (reopened, shut)), "10:00-10:30")


def test_a_shift_holds_on_its_days_the_last_included():
    july_august = Shift(True, dt.date(2026, 7, 1), dt.date(2026, 8, 31))
    counter = CounterPlan(False, (july_august,))
    days = [dt.date(2026, 6, 30), dt.date(2026, 7, 1), dt.date(2026, 8, 31), dt.date(2026, 9, 1)]
    assert [is_open(counter, "09:00-09:30", day) for day in days] == [False, True, True, False]


def test_without_a_last_day_it_holds_until_further_notice():
    counter = CounterPlan(False, (shift(until=None),))
    assert is_open(counter, "09:00-09:30", MONDAY + 1000 * DAY)


# --- Whatever was entered ------------------------------------------------------------------------

times = st.integers(0, 47).map(lambda half: dt.time(half // 2, half % 2 * 30))
stretches = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
shifts = st.builds(
    lambda opens, stretch, length: Shift(
        opens, MONDAY, None if length is None else MONDAY + length * DAY, *stretch
    ),
    st.booleans(),
    stretches,
    st.none() | st.integers(0, 1),
)
counters = st.builds(CounterPlan, st.booleans(), st.lists(shifts, max_size=4).map(tuple))
days = st.sampled_from([MONDAY - DAY, MONDAY, TUESDAY, TUESDAY + DAY])


def half_hours(opens: dt.time, closes: dt.time) -> list[dt.time]:
    return [
        dt.time(minute // 60, minute % 60)
        for minute in range(minute_of(opens), minute_of(closes), 30)
    ]


@given(counters, days, stretches)
def test_open_during_a_window_is_open_at_every_moment_of_it(counter, day, stretch):
    moments = [counter.is_open_at(day, time) for time in half_hours(*stretch)]
    assert counter.is_open_during(day, *stretch) == all(moments)


@given(counters, times, stretches)
def test_a_shift_from_a_time_on_changes_only_windows_that_end_after_it(counter, start, stretch):
    later = CounterPlan(counter.is_open, (*counter.shifts, Shift(True, MONDAY, MONDAY, start)))
    opens, closes = stretch
    if closes <= start:
        assert later.is_open_during(MONDAY, *stretch) == counter.is_open_during(MONDAY, *stretch)
    if opens >= start:
        assert later.is_open_during(MONDAY, *stretch)


@given(counters, shifts, days, stretches)
def test_what_is_entered_last_holds_wherever_it_says_anything(counter, last, day, stretch):
    changed = CounterPlan(counter.is_open, (*counter.shifts, last))
    for time in half_hours(*stretch):
        said = last.concerns(day) and last.opens <= time < last.closes
        expected = last.is_open if said else counter.is_open_at(day, time)
        assert changed.is_open_at(day, time) == expected


@given(st.lists(counters, max_size=4), days, stretches, st.integers(0, 3), st.integers(1, 60))
def test_places_are_whole_people_of_the_open_counters(found, day, stretch, extra, pace):
    table = Timetable(Plan(), {1: found})
    policy = BookingPolicy(minutes_per_person=pace)
    places = table.places_by_counters(1, day, *stretch, policy, extra)
    minutes = (minute_of(stretch[1]) - minute_of(stretch[0])) * (
        open_counters(found, day, *stretch) + extra
    )
    assert places * pace <= minutes < (places + 1) * pace
    assert table.places_by_counters(2, day, *stretch, policy) == 0


# --- Out of the database -------------------------------------------------------------------------


@pytest.fixture
def counter(db: None) -> Counter:
    return Counter.objects.create(office=make_office(), line=make_line(), label="1", is_open=False)


def places(counter: Counter, day: dt.date, times: str) -> int:
    table = timetable(counter.office, MONDAY, TUESDAY)
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    return table.places_by_counters(counter.line_id, day, opens, closes, BookingPolicy())


def enter(counter: Counter, is_open: bool, **fields: object) -> CounterShift:
    values = {"first_day": MONDAY, "last_day": MONDAY} | fields
    return CounterShift.objects.create(counter=counter, is_open=is_open, **values)


def test_shifts_are_read_with_their_hours_and_days(counter):
    enter(counter, True, from_time=dt.time(14))
    found = [places(counter, MONDAY, times) for times in ("13:00-14:00", "14:00-15:00")]
    assert found == [0, 3]
    assert places(counter, TUESDAY, "14:00-15:00") == 0


def test_of_two_entries_the_later_row_holds(counter):
    enter(counter, True, last_day=None)
    enter(counter, False)
    assert [places(counter, day, "09:00-10:00") for day in (MONDAY, TUESDAY)] == [0, 3]


def test_what_was_withdrawn_holds_no_more(counter):
    enter(counter, True, withdrawn_at=dt.datetime(2026, 8, 1, tzinfo=dt.UTC))
    assert places(counter, MONDAY, "09:00-10:00") == 0


def test_a_counter_for_consultation_makes_no_places(counter):
    enter(counter, True)
    Counter.objects.update(kind="consultation")
    assert places(counter, MONDAY, "09:00-10:00") == 0


@pytest.mark.parametrize("count", [1, 3])
def test_counters_and_shifts_take_two_queries_whatever_their_number(
    counter, count, django_assert_num_queries
):
    for label in range(2, count + 2):
        enter(Counter.objects.create(office=counter.office, line=counter.line, label=label), True)
    office = counter.office
    # Hours, closures, sessions and holidays are the other four.
    with django_assert_num_queries(6):
        timetable(office, MONDAY, TUESDAY)
