"""Seven days at a glance."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WEEK = "/desk/xiamen-zhenhai/week/"


def totals(response) -> dict[str, list]:
    return {line.code: days for line, days in response.context["rows"]}


def test_the_week_adds_up_each_line_and_day(desk):
    slot = make_slot(online=10, walk_in=2)
    make_slot(online=10, starts_at=NOW + 26 * HOUR)
    make_slot(online=4, line="foreigners")
    book(make_party(slot, 3), SYSTEM, NOW)
    hold_places(make_party(slot, 2), SYSTEM, NOW - HOUR)
    week = totals(desk.get(WEEK))
    tuesday = week["mainland"][1]
    assert (tuesday.windows, tuesday.capacity, tuesday.taken, tuesday.left) == (2, 22, 3, 19)
    assert tuesday.level == "plenty"
    assert week["foreigners"][1].capacity == 4
    assert week["mainland"][0] is None


def test_any_day_leads_to_its_week_from_monday_to_sunday(desk):
    make_slot()
    days = desk.get(f"{WEEK}?date=2026-08-09").context["days"]
    assert (days[0], days[-1]) == (dt.date(2026, 8, 3), dt.date(2026, 8, 9))


def test_closed_windows_are_counted(desk):
    slot, other = make_slot(), make_slot(starts_at=NOW + 26 * HOUR)
    close_slots([slot.pk], reason="停电", actor=SYSTEM, now=NOW)
    response = desk.get(WEEK)
    assert totals(response)["mainland"][1].closed == 1
    assert "2个时段中已关闭1个" in response.text
    close_slots([other.pk], reason="停电", actor=SYSTEM, now=NOW)
    assert totals(desk.get(WEEK))["mainland"][1].level == "closed"


def test_the_week_costs_the_same_for_one_window_as_for_three(desk, django_assert_num_queries):
    make_slot()
    # What stands in the navigation is known for a minute from here on.
    desk.get(WEEK)
    with django_assert_num_queries(14):
        desk.get(WEEK)
    for hours in (26, 49):
        make_slot(starts_at=NOW + dt.timedelta(hours=hours))
    with django_assert_num_queries(14):
        desk.get(WEEK)
