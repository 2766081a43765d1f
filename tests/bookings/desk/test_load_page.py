"""Loads as charts with their figures beside them."""

import datetime as dt

import pytest

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from tests.days import make_day
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db
LOAD = "/desk/xiamen-zhenhai/load/"
COMPARE = "/desk/xiamen-zhenhai/compare/"
DAY = dt.timedelta(days=1)
WEEKS = "?first=2026-07-06&last=2026-08-09"


def test_the_heat_map_says_each_hour_in_figures_and_the_table_repeats_them(desk, hall):
    slot = make_slot(online=10)
    for size in (5, 4):
        book(make_party(slot, size), SYSTEM, NOW)
    make_day(hall, dt.date(2026, 7, 6), 20, people=12, walk_ins=5)
    response = desk.get(LOAD + WEEKS)
    assert response.context["hours"] == ["9:00", "10:00"]
    rows = {row.name: row for row in response.context["heat"]}
    assert [fill and fill.percent for fill in rows["周二"].fills] == [None, 90]
    assert (rows["周一"].total.taken, rows["周一"].total.capacity) == (5, 20)
    assert "<title>周二 10:00 · 9/10</title>" in response.text
    assert '<rect class="heat-few" fill="url(#stripes)"' in response.text
    assert '90% <small class="muted">9/10</small>' in response.text


def test_people_stand_against_places_by_day(desk, hall):
    make_day(hall, dt.date(2026, 7, 6), 20, people=18, walk_ins=5)
    response = desk.get(LOAD + WEEKS)
    assert "7月6日 周一：23人次，号源20个" in response.text
    assert 'class="bar-over"' in response.text
    assert "人次超过号源" in response.text
    (row,) = response.context["days"]
    assert (row.booked, row.walk_ins, row.people, row.places) == (18, 5, 23, 20)


def test_one_line_is_mapped_alone(desk):
    make_slot(online=10)
    make_slot(online=6, line="foreigners")
    response = desk.get(f"{LOAD}{WEEKS}&line=foreigners")
    assert sum(row.total.capacity for row in response.context["heat"]) == 6


def test_days_without_windows_say_so(desk):
    assert "这些日期没有时段" in desk.get(f"{LOAD}?first=2030-01-01&last=2030-01-07").text


def test_dates_in_the_wrong_order_are_turned_and_long_ranges_cut(desk):
    context = desk.get(f"{LOAD}?first=2026-08-09&last=2026-07-06").context
    assert (str(context["first"]), str(context["last"])) == ("2026-07-06", "2026-08-09")
    context = desk.get(f"{LOAD}?first=2000-01-01&last=2099-12-31").context
    assert (context["last"] - context["first"]).days == 185


def test_loads_cost_the_same_for_one_window_as_for_three(desk, hall, django_assert_num_queries):
    # What stands in the navigation is known for a minute from here on.
    desk.get(LOAD + WEEKS)
    for weeks in (1, 2):
        make_day(hall, NOW.date() - weeks * 7 * DAY, 20, people=12)
        make_slot(starts_at=NOW + weeks * DAY)
        with django_assert_num_queries(17):
            desk.get(LOAD + WEEKS)


@pytest.mark.row("HB-05")
def test_the_weekend_that_became_a_full_day_is_compared_with_before(desk, hall):
    """Eighty a day in the morning, then a hundred and fifty and more over the full day."""
    saturdays = [dt.date(2026, 5, 2) + 7 * n * DAY for n in range(8)]
    for saturday in saturdays[:4]:
        make_day(hall, saturday, 90, people=80)
    for people, saturday in zip((148, 150, 152, 154), saturdays[4:], strict=True):
        make_day(hall, saturday, 90, people=people)
        make_day(hall, saturday, 90, hour=14)
    response = desk.get(
        f"{COMPARE}?before_first=2026-05-01&before_last=2026-05-29"
        "&after_first=2026-05-30&after_last=2026-06-26&days=weekends"
    )
    people, places = response.context["figures"][:2]
    assert (people.before, people.after, people.change) == (80, 151, "+89%")
    assert (places.before, places.after, places.change) == (90, 180, "+100%")
    assert response.text.count('<svg class="chart"') == 1
    assert "日均人次 80 → 151" in response.text
    assert '<td class="num">+89%</td>' in response.text


def test_without_days_to_compare_it_says_what_is_missing(desk):
    assert "前后两个时间段都至少要有一天放号" in desk.get(COMPARE).text
