"""What plans add to places and hours: examples first, then what holds for any plan."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.domain.hours import Closing, Extra, Plan, Rule, windows
from offices.domain.surges import (
    NOTHING,
    Surge,
    Uplift,
    lengthened,
    surges_on,
    uplift_of,
    with_counters,
    with_percent,
)

MONDAY = dt.date(2026, 8, 3)
LONG_AGO = dt.date(2020, 1, 1)

uplifts = st.builds(
    Uplift,
    percent=st.integers(0, 300),
    counters=st.integers(0, 50),
    earlier_minutes=st.integers(0, 360),
    later_minutes=st.integers(0, 360),
)
places = st.integers(0, 5000)
minutes = st.integers(0, 24 * 60 - 1)


def rule(opens: str, closes: str, line: int = 1) -> Rule:
    return Rule(
        line=line,
        weekday=0,
        opens=dt.time.fromisoformat(opens),
        closes=dt.time.fromisoformat(closes),
        valid_from=LONG_AGO,
        capacity=10,
    )


def surge(uplift: Uplift, line: int | None = None) -> Surge:
    return Surge(MONDAY, MONDAY, uplift, line)


def times(plan: Plan, uplift: Uplift, *, line: int | None = None, length: int = 30) -> list[str]:
    longer = lengthened(plan, MONDAY, [surge(uplift, line)], length)
    return [f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in windows(longer, MONDAY, length)]


# --- Places ------------------------------------------------------------------------------------


@pytest.mark.row("FS-28")
def test_ten_percent_on_six_thousand_are_six_thousand_six_hundred() -> None:
    ten_percent = Uplift(percent=10)
    assert with_percent(6000, ten_percent) == 6600
    # Twenty windows of 300 come to the same.
    assert sum(with_percent(300, ten_percent) for _window in range(20)) == 6600
    # Rounded up to whole places, window by window.
    assert [with_percent(n, ten_percent) for n in (1, 9, 10, 11, 375)] == [2, 10, 11, 13, 413]


def test_two_further_counters_add_what_they_serve_before_the_percents() -> None:
    peak = Uplift(percent=30, counters=2)
    # Twenty minutes a person: one counter serves three in an hour.
    raised = with_counters(30, peak, minutes=60, minutes_per_person=20)
    assert (raised, with_percent(raised, peak)) == (36, 47)


def test_counters_and_percents_of_several_plans_add_up_and_the_longest_hours_hold() -> None:
    first, second = Uplift(10, 1, 30, 60), Uplift(20, 2, 60, 0)
    assert first + second == Uplift(30, 3, 60, 60)


def test_a_plan_of_one_line_leaves_the_others_alone() -> None:
    surges = [surge(Uplift(percent=10), line=1), surge(Uplift(percent=20))]
    assert uplift_of(surges, 1) == Uplift(percent=30)
    assert uplift_of(surges, 2) == Uplift(percent=20)
    assert uplift_of([], 1) == NOTHING


def test_a_surge_holds_from_its_first_to_its_last_day() -> None:
    one = Surge(MONDAY, MONDAY + dt.timedelta(days=2), Uplift(percent=10))
    days = [MONDAY + dt.timedelta(days=n) for n in range(-1, 4)]
    assert [bool(surges_on([one], day)) for day in days] == [False, True, True, True, False]


# --- Hours -------------------------------------------------------------------------------------


def test_the_first_and_the_last_stretch_of_the_day_are_lengthened_and_the_noon_rest_stays() -> None:
    plan = Plan(rules=(rule("09:00", "10:00"), rule("14:00", "15:00")))
    assert times(plan, Uplift(earlier_minutes=30, later_minutes=60)) == [
        "08:30-09:00",
        "09:00-09:30",
        "09:30-10:00",
        "14:00-14:30",
        "14:30-15:00",
        "15:00-15:30",
        "15:30-16:00",
    ]


def test_longer_hours_come_in_whole_windows() -> None:
    plan = Plan(rules=(rule("09:00", "10:00"),))
    assert times(plan, Uplift(earlier_minutes=29, later_minutes=29)) == times(plan, NOTHING)
    assert times(plan, Uplift(earlier_minutes=45))[0] == "08:30-09:00"


def test_hours_are_not_lengthened_beyond_the_day() -> None:
    plan = Plan(rules=(rule("00:30", "23:00"),))
    found = times(plan, Uplift(earlier_minutes=360, later_minutes=360))
    assert (found[0], found[-1]) == ("00:00-00:30", "23:00-23:30")


def test_a_day_without_weekly_hours_gets_none_and_a_session_keeps_its_times() -> None:
    holiday = Plan(rules=(rule("09:00", "10:00"),), follows={MONDAY: None})
    assert times(holiday, Uplift(later_minutes=60)) == []
    session = Extra(1, 1, MONDAY, dt.time(10), dt.time(11), capacity=5)
    with_session = Plan(rules=(rule("09:00", "10:00"),), extras=(session,))
    assert times(with_session, Uplift(later_minutes=60)) == [
        "09:00-09:30",
        "09:30-10:00",
        "10:00-10:30",
        "10:30-11:00",
    ]


def test_a_closed_day_stays_closed() -> None:
    plan = Plan(rules=(rule("09:00", "10:00"),), closings=(Closing(MONDAY, MONDAY),))
    assert times(plan, Uplift(earlier_minutes=60, later_minutes=60)) == []


# --- What holds for any plan -------------------------------------------------------------------


@given(places)
def test_a_plan_of_zeros_changes_no_number(n: int) -> None:
    assert with_percent(with_counters(n, NOTHING, 30, 20), NOTHING) == n


@given(places, uplifts, uplifts, st.integers(1, 240), st.integers(1, 60))
def test_more_uplift_never_means_fewer_places(
    n: int, one: Uplift, other: Uplift, length: int, each: int
) -> None:
    def raised(base: int, uplift: Uplift) -> int:
        return with_percent(with_counters(base, uplift, length, each), uplift)

    assert n <= raised(n, one) <= raised(n, one + other)
    assert raised(n, one) <= raised(n + 1, one)
    assert one + other == other + one
    assert one + NOTHING == one


@st.composite
def days_of_rules(draw: st.DrawFn) -> Plan:
    stretches = draw(st.lists(st.tuples(minutes, minutes), min_size=1, max_size=4))
    ordered = [tuple(sorted(stretch)) for stretch in stretches]
    clock = [
        (dt.time(first // 60, first % 60), dt.time(last // 60, last % 60), line)
        for line, (first, last) in enumerate(ordered)
        if first < last
    ]
    return Plan(
        rules=tuple(
            Rule(line % 2, 0, opens, closes, LONG_AGO, capacity=5) for opens, closes, line in clock
        )
    )


@given(days_of_rules(), uplifts, st.sampled_from([15, 20, 30, 60]))
def test_longer_hours_move_no_window_that_does_not_overlap_another_rule(
    plan: Plan, uplift: Uplift, length: int
) -> None:
    one_rule_a_line = Plan(rules=tuple({rule.line: rule for rule in plan.rules}.values()))
    before = windows(one_rule_a_line, MONDAY, length)
    longer = lengthened(one_rule_a_line, MONDAY, [surge(uplift)], length)
    after = windows(longer, MONDAY, length)
    assert [window for window in before if window not in after] == []


@given(days_of_rules(), st.sampled_from([15, 20, 30, 60]))
def test_a_plan_of_zeros_lengthens_nothing(plan: Plan, length: int) -> None:
    same = lengthened(plan, MONDAY, [surge(Uplift(percent=30, counters=2))], length)
    assert windows(same, MONDAY, length) == windows(plan, MONDAY, length)
