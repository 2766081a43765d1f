"""Interval arithmetic: examples first, then what holds for any hours."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.domain.hours import (
    Closing,
    Extra,
    Plan,
    Rule,
    Span,
    Window,
    minute_of,
    overlap,
    spans,
    utc_bounds,
    windows,
)

MONDAY = dt.date(2026, 8, 3)
LONG_AGO = dt.date(2020, 1, 1)
XIAMEN = ZoneInfo("Asia/Shanghai")


def rule(times: str, weekday: int = 0, line: int = 1, **fields: object) -> Rule:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    return Rule(line, weekday, opens, closes, **{"valid_from": LONG_AGO} | fields)  # type: ignore[arg-type]


def closing(times: str = "", line: int | None = None, day: dt.date = MONDAY) -> Closing:
    if not times:
        return Closing(day, day, line)
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    return Closing(day, day, line, opens, closes)


def extra(times: str, capacity: int = 5, line: int = 1, day: dt.date = MONDAY) -> Extra:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    return Extra(9, line, day, opens, closes, capacity)


def shown(found: list[Window]) -> list[str]:
    return [f"{w.opens:%H:%M}-{w.closes:%H:%M}" for w in found]


def doors(found: list[Span]) -> list[str]:
    return [f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in found]


def test_hours_are_cut_into_windows_with_a_break_at_noon() -> None:
    plan = Plan((rule("14:30-15:30"), rule("11:00-12:00")))
    assert shown(windows(plan, MONDAY, 30)) == [
        "11:00-11:30",
        "11:30-12:00",
        "14:30-15:00",
        "15:00-15:30",
    ]


def test_a_rest_shorter_than_a_window_is_dropped() -> None:
    assert shown(windows(Plan((rule("16:00-17:15"),)), MONDAY, 30)) == [
        "16:00-16:30",
        "16:30-17:00",
    ]


def test_a_closure_takes_the_windows_it_touches_and_moves_no_other() -> None:
    plan = Plan((rule("09:00-11:00"),), (closing("09:40-09:50"),))
    assert shown(windows(plan, MONDAY, 30)) == ["09:00-09:30", "10:00-10:30", "10:30-11:00"]
    assert doors(spans(plan, MONDAY)) == ["09:00-09:40", "09:50-11:00"]


def test_a_closure_of_one_line_leaves_the_others_open() -> None:
    plan = Plan((rule("09:00-10:00", line=1), rule("09:00-10:00", line=2)), (closing(line=1),))
    assert {window.line for window in windows(plan, MONDAY, 30)} == {2}


def test_a_session_replaces_the_hours_it_overlaps_and_keeps_its_own_capacity() -> None:
    plan = Plan((rule("09:00-11:00", capacity=30),), extras=(extra("09:30-10:30", 45),))
    found = windows(plan, MONDAY, 30)
    assert shown(found) == ["09:00-09:30", "09:30-10:00", "10:00-10:30", "10:30-11:00"]
    assert [window.capacity for window in found] == [30, 45, 45, 30]
    assert [window.session for window in found] == [None, 9, 9, None]


def test_a_session_stands_on_a_holiday_and_on_a_closed_day() -> None:
    plan = Plan(
        (rule("09:00-10:00"),), (closing(),), (extra("13:00-14:00"),), follows={MONDAY: None}
    )
    assert shown(windows(plan, MONDAY, 30)) == ["13:00-13:30", "13:30-14:00"]
    assert doors(spans(plan, MONDAY)) == ["13:00-14:00"]


def test_a_make_up_workday_has_the_hours_of_the_weekday_it_follows() -> None:
    sunday = dt.date(2026, 9, 20)
    plan = Plan((rule("08:00-09:00", 0), rule("10:00-11:00", 6)), follows={sunday: 0})
    assert shown(windows(plan, sunday, 60)) == ["08:00-09:00"]


def test_hours_hold_from_and_until_their_dates() -> None:
    winter = rule("14:30-17:30", 4, valid_until=dt.date(2026, 5, 29))
    summer = rule("15:00-18:00", 4, valid_from=dt.date(2026, 6, 5))
    plan = Plan((winter, summer))
    assert doors(spans(plan, dt.date(2026, 5, 29))) == ["14:30-17:30"]
    assert doors(spans(plan, dt.date(2026, 6, 5))) == ["15:00-18:00"]


def test_of_overlapping_rules_the_one_made_valid_last_holds() -> None:
    newer = rule("09:30-10:30", valid_from=MONDAY, capacity=45)
    plan = Plan((rule("09:00-11:00", capacity=30), newer))
    assert [w.capacity for w in windows(plan, MONDAY, 30)] == [30, 45, 45, 30]


def test_the_door_shows_adjoining_hours_as_one() -> None:
    plan = Plan((rule("08:00-10:00", capacity=40), rule("10:00-12:00", capacity=20)))
    assert doors(spans(plan, MONDAY)) == ["08:00-12:00"]


def test_the_door_of_one_line() -> None:
    plan = Plan((rule("08:00-10:00", line=1), rule("09:00-12:00", line=2)))
    assert doors(spans(plan, MONDAY)) == ["08:00-12:00"]
    assert doors(spans(plan, MONDAY, [2])) == ["09:00-12:00"]


@pytest.mark.parametrize(
    ("day", "opens", "expected"),
    [
        ("2026-03-08", "01:30", "2026-03-08T06:30"),
        # New York skips 02:00–03:00 on this day.
        ("2026-03-08", "02:00", None),
        ("2026-03-08", "02:30", None),
        ("2026-03-08", "03:00", "2026-03-08T07:00"),
        # On this one it has 01:00–02:00 twice: the first counts.
        ("2026-11-01", "01:30", "2026-11-01T05:30"),
        ("2026-11-01", "02:00", "2026-11-01T07:00"),
    ],
)
def test_windows_survive_the_change_of_clocks(day: str, opens: str, expected: str | None) -> None:
    opening = dt.time.fromisoformat(opens)
    closes = (dt.datetime.combine(MONDAY, opening) + dt.timedelta(minutes=30)).time()
    window = Window(1, dt.date.fromisoformat(day), opening, closes, None, None)
    bounds = utc_bounds(window, ZoneInfo("America/New_York"))
    starts = dt.datetime.fromisoformat(f"{expected}+00:00") if expected else None
    assert bounds == (starts and (starts, starts + dt.timedelta(minutes=30)))


# --- For any hours -----------------------------------------------------------------------------

times = st.integers(0, 23 * 60 + 59).map(lambda minute: dt.time(minute // 60, minute % 60))
stretches = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
lines = st.integers(1, 2)
dates = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
lengths = st.integers(5, 90)


@st.composite
def plans(draw: st.DrawFn, day: dt.date) -> Plan:
    rules = st.builds(
        lambda stretch, line, age: Rule(
            line, day.weekday(), *stretch, day - dt.timedelta(days=age)
        ),
        stretches,
        lines,
        st.integers(0, 3),
    )
    closings = st.builds(
        lambda stretch, line: Closing(day, day, line, *stretch),
        stretches,
        st.none() | lines,
    )
    extras = st.builds(
        lambda stretch, line, session: Extra(session, line, day, *stretch, 5),
        stretches,
        lines,
        st.integers(1, 9),
    )
    few = {"max_size": 4}
    return Plan(
        tuple(draw(st.lists(rules, **few))),
        tuple(draw(st.lists(closings, **few))),
        tuple(draw(st.lists(extras, **few))),
    )


days_with_plans = dates.flatmap(lambda day: st.tuples(st.just(day), plans(day)))


@given(days_with_plans, lengths)
def test_windows_of_a_line_never_overlap(case: tuple[dt.date, Plan], minutes: int) -> None:
    day, plan = case
    for one, other in itertools.combinations(windows(plan, day, minutes), 2):
        assert one.line != other.line or not overlap(one, other)


@given(days_with_plans, lengths)
def test_every_window_is_whole_and_behind_an_open_door(
    case: tuple[dt.date, Plan], minutes: int
) -> None:
    day, plan = case
    for window in windows(plan, day, minutes):
        assert minute_of(window.closes) - minute_of(window.opens) == minutes
        assert any(
            span.opens <= window.opens and window.closes <= span.closes
            for span in spans(plan, day, [window.line])
        )


@given(days_with_plans, lengths)
def test_a_closure_only_takes_windows_away(case: tuple[dt.date, Plan], minutes: int) -> None:
    day, plan = case
    unclosed = Plan(plan.rules, (), plan.extras)
    # With overlapping rules a closed window of one may uncover a window of another.
    if all(
        not (one.line == other.line and overlap(one, other))
        for one, other in itertools.combinations(plan.rules, 2)
    ):
        assert set(windows(plan, day, minutes)) <= set(windows(unclosed, day, minutes))


@given(days_with_plans, lengths)
def test_no_weekly_window_lies_in_a_closure_or_beside_its_session(
    case: tuple[dt.date, Plan], minutes: int
) -> None:
    day, plan = case
    for window in windows(plan, day, minutes):
        if window.session is None:
            assert not any(overlap(window, c) for c in plan.closings_of(window.line, day))
            assert not any(e.line == window.line and overlap(window, e) for e in plan.extras)


@given(days_with_plans, lengths)
def test_on_a_holiday_only_sessions_are_left(case: tuple[dt.date, Plan], minutes: int) -> None:
    day, plan = case
    holiday = Plan(plan.rules, plan.closings, plan.extras, follows={day: None})
    assert {window.session is None for window in windows(holiday, day, minutes)} <= {False}


@given(days_with_plans, st.integers(0, 6))
def test_a_make_up_workday_looks_like_its_weekday(case: tuple[dt.date, Plan], weekday: int) -> None:
    day, plan = case
    follower = dt.date(2026, 10, 10)
    rules = tuple(
        Rule(r.line, weekday, r.opens, r.closes, r.valid_from, None, r.capacity) for r in plan.rules
    )
    on_its_day = Plan(
        tuple(Rule(r.line, day.weekday(), r.opens, r.closes, LONG_AGO) for r in rules)
    )
    made_up = Plan(
        tuple(Rule(r.line, weekday, r.opens, r.closes, LONG_AGO) for r in rules),
        follows={follower: weekday},
    )
    assert shown(windows(made_up, follower, 30)) == shown(windows(on_its_day, day, 30))


@given(
    days_with_plans,
    lengths,
    st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Australia/Lord_Howe"]),
)
def test_in_utc_too_windows_of_a_line_never_overlap_and_start_on_their_day(
    case: tuple[dt.date, Plan], minutes: int, zone_name: str
) -> None:
    day, plan = case
    zone = ZoneInfo(zone_name)
    for line in (1, 2):
        bounds = [
            bound
            for window in windows(plan, day, minutes)
            if window.line == line and (bound := utc_bounds(window, zone))
        ]
        assert all(starts.astimezone(zone).date() == day for starts, _ in bounds)
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(bounds))


# --- Breaks, midnight, the calendar of 2026 ----------------------------------------------------

HOLIDAYS_2026 = [
    ("01-01", "01-03"),
    ("02-15", "02-23"),
    ("04-04", "04-06"),
    ("05-01", "05-05"),
    ("06-19", "06-21"),
    ("09-25", "09-27"),
    ("10-01", "10-07"),
]
MADE_UP_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def follows_2026() -> dict[dt.date, int | None]:
    off = {
        date(first) + dt.timedelta(days=n): None
        for first, last in HOLIDAYS_2026
        for n in range((date(last) - date(first)).days + 1)
    }
    return off | {date(day): 0 for day in MADE_UP_2026}


@given(stretches, stretches, lengths)
def test_no_window_lies_in_the_break_between_two_stretches(
    one: tuple[dt.time, dt.time], other: tuple[dt.time, dt.time], minutes: int
) -> None:
    morning, afternoon = sorted([one, other])
    if morning[1] < afternoon[0]:
        rules = tuple(Rule(1, 0, *stretch, LONG_AGO) for stretch in (afternoon, morning))
        rest = Span(morning[1], afternoon[0])
        found = windows(Plan(rules), MONDAY, minutes)
        assert not any(overlap(window, rest) for window in found)
        # As many as each of the two gives alone: neither leans on the other.
        alone = [len(windows(Plan((one_rule,)), MONDAY, minutes)) for one_rule in rules]
        assert len(found) == sum(alone)


@given(stretches, lengths)
def test_no_window_goes_past_midnight(stretch: tuple[dt.time, dt.time], minutes: int) -> None:
    latest = Plan((Rule(1, 0, stretch[0], dt.time(23, 59), LONG_AGO),))
    for window in windows(latest, MONDAY, minutes):
        assert window.opens < window.closes <= dt.time(23, 59)


@given(stretches, lengths, st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "Asia/Kathmandu"]))
def test_a_window_says_the_time_of_its_own_clock(
    stretch: tuple[dt.time, dt.time], minutes: int, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    for window in windows(Plan((Rule(1, 0, *stretch, LONG_AGO),)), MONDAY, minutes):
        bounds = utc_bounds(window, zone)
        assert bounds is not None
        local = [bound.astimezone(zone).replace(tzinfo=None) for bound in bounds]
        assert local == [
            dt.datetime.combine(MONDAY, time) for time in (window.opens, window.closes)
        ]


@given(
    st.integers(0, 364).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(days=n)),
    st.sets(st.integers(0, 6)),
)
def test_in_2026_the_calendar_decides_before_the_weekday(day: dt.date, open_on: set[int]) -> None:
    follows = follows_2026()
    rules = tuple(rule("09:00-10:00", weekday) for weekday in open_on)
    found = windows(Plan(rules, follows=follows), day, 30)
    is_open = follows.get(day, day.weekday()) in open_on
    assert len(found) == (2 if is_open else 0)


def test_a_week_of_five_days_works_248_days_in_2026() -> None:
    plan = Plan(tuple(rule("09:00-10:00", day) for day in range(5)), follows=follows_2026())
    year = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert sum(bool(windows(plan, day, 30)) for day in year) == 248


@given(days_with_plans, lengths)
def test_consecutive_variants_never_hold_on_one_day(
    case: tuple[dt.date, Plan], minutes: int
) -> None:
    """Summer hours that take the place of others leave no window of theirs beside their own."""
    day, plan = case
    usual = [Rule(r.line, r.weekday, r.opens, r.closes, LONG_AGO, day) for r in plan.rules]
    after = day + dt.timedelta(days=1)
    summer = [Rule(r.line, after.weekday(), r.opens, r.closes, after) for r in plan.rules]
    both = Plan((*usual, *summer))
    assert shown(windows(both, day, minutes)) == shown(windows(Plan(tuple(usual)), day, minutes))
    assert shown(windows(both, after, minutes)) == shown(
        windows(Plan(tuple(summer)), after, minutes)
    )
