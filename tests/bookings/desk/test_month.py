"""A month at a glance."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from offices.domain.calendar import import_holidays
from offices.enums import SeasonKind
from offices.models import Season
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db
MONTH = "/desk/xiamen-zhenhai/month/"
DAY = dt.timedelta(days=1)


def days(response) -> dict[dt.date, object]:
    return {one.date: one for week in response.context["weeks"] for one in week}


def test_each_day_says_its_load_in_words_and_leads_to_itself(desk):
    plenty, few = make_slot(online=10), make_slot(online=10, starts_at=NOW + 2 * DAY)
    make_slot(online=6, line="foreigners")
    closed = make_slot(starts_at=NOW + 3 * DAY)
    book(make_party(plenty, 1), SYSTEM, NOW)
    for size in (5, 4):
        book(make_party(few, size), SYSTEM, NOW)
    close_slots([closed.pk], reason="停电", actor=SYSTEM, now=NOW)
    response = desk.get(f"{MONTH}?month=2026-08")
    totals = {day.day: one.total for day, one in days(response).items() if one.total}
    assert {day: (one.taken, one.capacity, one.level) for day, one in totals.items()} == {
        4: (1, 16, "plenty"),
        5: (9, 10, "few"),
        6: (0, 10, "closed"),
    }
    assert "宽松 · 余15" in response.text
    assert 'class="load-few"' in response.text
    assert "紧张 · 余1" in response.text
    assert f"/desk/xiamen-zhenhai/?date={few.date}" in response.text


def test_one_line_is_shown_alone(desk):
    make_slot(online=10)
    make_slot(online=6, line="foreigners")
    response = desk.get(f"{MONTH}?line=foreigners")
    assert days(response)[dt.date(2026, 8, 4)].total.capacity == 6
    assert "/desk/xiamen-zhenhai/?date=2026-08-04&amp;line=foreigners" in response.text


def test_holidays_make_up_workdays_and_seasons_are_tags(desk, hall):
    import_holidays(2026)
    Season.objects.create(
        bureau=hall.bureau,
        kind=SeasonKind.NATIONAL_DAY,
        name="国庆高峰",
        first_day=dt.date(2026, 9, 28),
        last_day=dt.date(2026, 10, 2),
    )
    response = desk.get(f"{MONTH}?month=2026-10")
    found = days(response)
    assert found[dt.date(2026, 10, 1)].holiday.name == "国庆节"
    assert [season.name for season in found[dt.date(2026, 10, 2)].seasons] == ["国庆高峰"]
    assert found[dt.date(2026, 10, 3)].seasons == ()
    assert "国庆节 · 法定节假日" in response.text
    assert "国庆高峰" in response.text
    assert "调休上班" in response.text


def test_a_season_of_one_line_is_a_tag_of_that_line_only(desk, hall):
    line = make_slot(line="foreigners").line
    day = dt.date(2026, 8, 4)
    Season.objects.create(
        bureau=hall.bureau,
        line=line,
        kind=SeasonKind.OTHER,
        name="展会高峰",
        first_day=day,
        last_day=day,
    )
    assert "展会高峰" not in desk.get(MONTH).text
    assert "展会高峰" in desk.get(f"{MONTH}?line=foreigners").text


@pytest.mark.parametrize("month", ["", "nonsense", "2026-13", "1999-01"])
def test_what_is_no_month_is_this_one(desk, month):
    make_slot()
    sheet = desk.get(f"{MONTH}?month={month}").context
    assert (sheet["first"], sheet["weeks"][0][0].date) == (
        dt.date(2026, 8, 1),
        dt.date(2026, 7, 27),
    )


def test_the_month_costs_the_same_for_one_window_as_for_three(desk, django_assert_num_queries):
    make_slot()
    # What stands in the navigation is known for a minute from here on.
    desk.get(MONTH)
    with django_assert_num_queries(QUERIES):
        desk.get(MONTH)
    for more in (1, 2):
        make_slot(starts_at=NOW + more * DAY)
    with django_assert_num_queries(QUERIES):
        desk.get(MONTH)


# Three for the totals, one for the holidays and two for the seasons, beside those of any page.
QUERIES = 16
