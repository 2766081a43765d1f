"""The forecast of an office, and its alert."""

import datetime as dt

import pytest
import time_machine

from offices.domain.calendar import import_holidays
from offices.enums import SeasonKind
from offices.models import Office, OpeningHours, Season
from tests.days import make_day, weekdays_before
from tests.factories import LONG_AGO, NOW, make_line
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
FORECAST = "/desk/xiamen-zhenhai/forecast/"
# A Monday morning in Xiamen.
DECEMBER = dt.datetime(2026, 12, 21, 1, tzinfo=dt.UTC)
ALERT = "预测超过计划"


def open_every_weekday(office: Office, capacity: int) -> None:
    """Two windows of so many places from Monday to Friday."""
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=capacity,
            valid_from=LONG_AGO,
        )
        for weekday in range(5)
    )


def before_spring_festival(office: Office) -> Season:
    return Season.objects.create(
        bureau=office.bureau,
        kind=SeasonKind.SPRING_FESTIVAL,
        name="春节前高峰",
        first_day=dt.date(2027, 1, 8),
        last_day=dt.date(2027, 2, 5),
        demand=167,
    )


@pytest.mark.row("JJ-04")
def test_the_weeks_before_spring_festival_exceed_the_plan_and_raise_an_alert(client, hall):
    for year in (2026, 2027):
        import_holidays(year)
    open_every_weekday(hall, capacity=60)
    before_spring_festival(hall)
    with time_machine.travel(DECEMBER, tick=False):
        desk = sign_in(client, make_staff(office=hall))
        for day in weekdays_before(DECEMBER.date(), 8):
            make_day(hall, day, 120, people=100)
        desk_now = desk.get(FORECAST)
        response = desk.get(f"{FORECAST}?first=2027-01-08&last=2027-02-05")
    outcome = response.context["outcome"]
    # Twenty days: from Friday, 8 January to Thursday, 4 February; the holiday begins on the 5th.
    assert {(day.baseline, day.percent, day.expected, day.planned) for day in outcome.days} == {
        (100, 167, 167, 120)
    }
    assert (len(outcome.days), outcome.short) == (20, 20 * 47)
    assert "有20天预计人次超过计划号源，共缺940个号" in response.text
    # Who looks at the next two weeks only is told as well.
    assert desk_now.context["outcome"].short == 0
    assert desk_now.text.count(ALERT) == 1
    assert "春节前高峰" in desk_now.text


def test_a_plan_that_suffices_raises_none(desk, hall):
    open_every_weekday(hall, capacity=60)
    for day in weekdays_before(NOW.date(), 2):
        make_day(hall, day, 120, people=100)
    response = desk.get(FORECAST)
    assert response.context["outcome"].days[0].expected == 100
    assert ALERT not in response.text


def test_the_formula_the_figures_and_the_chart_are_on_the_page(desk, hall):
    make_day(hall, dt.date(2026, 7, 28), 100, people=84)
    make_day(hall, dt.date(2026, 8, 4), 70)
    text = desk.get(FORECAST).text
    assert "预计人次＝最近8周相同星期的平均值×高峰季百分比" in text
    assert "8,400的167%为14,000" in text
    assert '<svg class="chart" role="img"' in text
    assert "8月4日 周二：预计84人次，计划70个号" in text


@pytest.mark.parametrize(
    "query", ["", "?first=2026-08-09&last=2026-08-01", "?first=2099-12-31", "?first=x&last=y"]
)
def test_any_dates_are_answered_and_nothing_is_forecast_for_the_past(desk, hall, query):
    context = desk.get(FORECAST + query).context
    assert dt.date(2026, 8, 4) <= context["first"] <= context["last"] <= dt.date(2027, 8, 4)


def test_the_forecast_costs_the_same_for_one_day_as_for_many(
    desk, hall, django_assert_max_num_queries
):
    open_every_weekday(hall, capacity=60)
    for weeks in (1, 4):
        for day in weekdays_before(NOW.date() - dt.timedelta(weeks=weeks - 1), 1):
            make_day(hall, day, 120, people=100)
        with django_assert_max_num_queries(34):
            desk.get(FORECAST)
