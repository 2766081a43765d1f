"""How many people a day will bring."""

import datetime as dt
from fractions import Fraction

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.forecast import DayForecast, Known, factor, forecast, forecast_of, percents
from bookings.domain.parties import SYSTEM
from bookings.domain.publishing import publish
from offices.domain.calendar import import_holidays
from offices.enums import BureauLevel, SeasonKind
from offices.models import Bureau, Closure, OpeningHours, Season
from tests.days import make_day, weekdays_before
from tests.factories import LONG_AGO, NOW, make_bureau, make_line, make_office

TODAY = dt.date(2026, 8, 3)
TUESDAY = dt.date(2026, 8, 4)
WEEK = dt.timedelta(weeks=1)


def known(people, percents=None, planned=None, **more) -> Known:
    return Known(people, planned or {TUESDAY: 100}, percents or {}, **more)


def season(bureau: Bureau, first: dt.date, last: dt.date, demand: int, **more) -> Season:
    return Season.objects.create(
        bureau=bureau,
        kind=SeasonKind.OTHER,
        name="高峰",
        first_day=first,
        last_day=last,
        demand=demand,
        **more,
    )


def tuesdays(*people: int) -> dict[dt.date, int]:
    """The latest first."""
    return {TUESDAY - (n + 1) * WEEK: count for n, count in enumerate(people)}


@pytest.mark.row("FS-08")
def test_two_thirds_more_than_8400_are_14000():
    days = forecast([TUESDAY], known(tuesdays(8300, 8500), {TUESDAY: 167}), TODAY).days
    assert days == (DayForecast(TUESDAY, 8_400, 167, 14_000, planned=100),)


@pytest.mark.parametrize(
    ("percent", "by"), [(100, 1), (167, "5/3"), (133, "4/3"), (67, "2/3"), (150, "3/2")]
)
def test_thirds_are_exact_and_other_percents_as_written(percent, by):
    assert factor(percent) == Fraction(by)


def test_the_mean_is_of_the_same_weekday_of_eight_weeks():
    wednesday = TUESDAY + dt.timedelta(days=1) - WEEK
    long_ago = {TUESDAY - 9 * WEEK: 9000, wednesday: 9000}
    outcome = forecast([TUESDAY], known(tuesdays(10, 20, 33) | long_ago), TODAY)
    assert [day.expected for day in outcome.days] == [21]


def test_days_off_are_no_example_and_make_up_workdays_are_like_what_they_follow():
    saturday = dt.date(2026, 8, 8)
    people = tuesdays(10, 9000, 20)
    outcome = forecast(
        [TUESDAY, saturday],
        known(
            people,
            planned={TUESDAY: 100, saturday: 10},
            off=[TUESDAY - 2 * WEEK],
            follows={saturday: TUESDAY.weekday()},
        ),
        TODAY,
    )
    assert [day.expected for day in outcome.days] == [15, 15]


def test_days_of_a_season_are_brought_back_before_they_count():
    last_week = TUESDAY - WEEK
    outcome = forecast([TUESDAY], known(tuesdays(200, 100), {last_week: 200}), TODAY)
    assert outcome.days[0].expected == 100


def test_a_half_is_rounded_up_and_only_at_the_end():
    outcome = forecast([TUESDAY], known(tuesdays(10, 11), {TUESDAY: 200}), TODAY)
    assert (outcome.days[0].baseline, outcome.days[0].expected) == (11, 21)


def test_days_that_nothing_is_known_of_are_not_guessed_and_closed_ones_left_out():
    friday, sunday = dt.date(2026, 8, 7), dt.date(2026, 8, 9)
    outcome = forecast([friday, sunday], known({}, planned={friday: 10}), TODAY)
    assert outcome.days == (DayForecast(friday, None, 100, None, 10),)
    assert (outcome.short, outcome.expected, outcome.planned) == (0, 0, 10)


def test_what_is_to_spare_on_other_days_does_not_help():
    wednesday = TUESDAY + dt.timedelta(days=1)
    people = tuesdays(120) | {wednesday - WEEK: 20}
    outcome = forecast(
        [TUESDAY, wednesday], known(people, planned={TUESDAY: 100, wednesday: 100}), TODAY
    )
    assert ([day.date for day in outcome.short_days], outcome.short) == ([TUESDAY], 20)
    assert outcome.between(wednesday, wednesday).short == 0


@pytest.mark.django_db
def test_the_highest_of_the_seasons_of_all_lines_of_the_bureau_and_those_above_holds():
    city = make_bureau()
    district = make_bureau("jimei", parent=city, level=BureauLevel.DISTRICT)
    season(city, TODAY, TODAY + WEEK, 120)
    season(district, TUESDAY, TUESDAY, 150)
    season(make_bureau("harbin"), TODAY, TUESDAY, 300)
    season(city, TODAY, TUESDAY, 300, line=make_line())
    assert percents(district, TODAY, TUESDAY) == {TODAY: 120, TUESDAY: 150}
    assert percents(city, TODAY, TUESDAY) == {TODAY: 120, TUESDAY: 120}


@pytest.mark.django_db
def test_published_days_count_as_they_are_and_later_ones_as_the_hours_have_them():
    import_holidays(2026)
    office = make_office(policy={"horizon_days": 2})
    for weekday in range(5):
        OpeningHours.objects.create(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=20,
            valid_from=LONG_AGO,
        )
    friday = dt.date(2026, 8, 7)
    Closure.objects.create(office=office, first_day=friday, last_day=friday, reason="停电")
    publish(office, NOW - dt.timedelta(hours=1))
    nine = office.slots.get(date=TUESDAY, starts_at=NOW + dt.timedelta(days=1))
    nine.quotas.filter(pool="online").update(capacity=11)
    outcome = forecast_of([office], office.bureau, TUESDAY, TUESDAY + WEEK, NOW)
    assert {day.date.day: day.planned for day in outcome.days} == {
        4: 35,
        5: 40,
        6: 40,
        10: 40,
        11: 40,
    }
    # A day that staff closed has no places, though it is the last that is published.
    latest = office.slots.latest("date").date
    closing = office.slots.filter(date=latest).values_list("pk", flat=True)
    close_slots(list(closing), reason="停电", actor=SYSTEM, now=NOW)
    outcome = forecast_of([office], office.bureau, TUESDAY, TUESDAY + WEEK, NOW)
    assert [day.date.day for day in outcome.days] == [4, 6, 10, 11]


@pytest.mark.django_db
def test_the_forecast_of_a_bureau_sums_its_offices():
    city = make_bureau()
    offices = [make_office(code, bureau=city) for code in ("one", "two")]
    for office in offices:
        for day in weekdays_before(TODAY, 1):
            make_day(office, day, 50, people=40, walk_ins=2)
        make_day(office, TUESDAY, 30)
    outcome = forecast_of(offices, city, TUESDAY, TUESDAY, NOW)
    assert outcome.days == (DayForecast(TUESDAY, 84, 100, 84, 60),)
