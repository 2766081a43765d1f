"""How full days are, and what a change did."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.comparing import ALL, WEEKENDS, WORKDAYS, Period, change, period
from bookings.domain.freezing import freeze
from bookings.domain.load import (
    Demand,
    Fill,
    comers,
    day_totals,
    demand_by_day,
    fill_by_hour,
    fills,
)
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from offices.domain.calendar import import_holidays
from tests.days import make_day
from tests.factories import (
    NOW,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 8, 3)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def test_windows_are_summed_by_weekday_and_the_hour_of_the_offices_clock():
    slot = make_slot(online=10, walk_in=2)  # Tuesday, 10:00 in Xiamen.
    make_slot(online=4, starts_at=NOW + 8 * DAY + 1.5 * HOUR)
    make_slot(online=6, line="foreigners")
    closed = make_slot(online=99, starts_at=NOW + DAY)
    close_slots([closed.pk], reason="停电", actor=SYSTEM, now=NOW)
    book(make_party(slot, 3), SYSTEM, NOW)
    found = fill_by_hour(slot.office, MONDAY, MONDAY + 14 * DAY)
    assert found == {(1, 10): Fill(22, 3)}
    assert found[1, 10].percent == 13
    assert fill_by_hour(slot.office, MONDAY, MONDAY + 14 * DAY, make_line("foreigners")) == {
        (1, 10): Fill(6, 0)
    }


def test_places_that_nobody_is_given_are_not_left():
    slot = make_slot(online=10, walk_in=2)
    book(make_party(slot, 3), SYSTEM, NOW)
    # Expired by now: frozen places are nobody's all the same.
    hold_places(make_party(slot, 2), SYSTEM, NOW - HOUR)
    closed = make_slot(online=99, starts_at=NOW + DAY + 2 * HOUR)
    close_slots([closed.pk], reason="停电", actor=SYSTEM, now=NOW)
    freeze({quota_of(slot).pk: 1}, reason="检修", actor=SYSTEM, now=NOW)
    day = MONDAY + DAY
    [total] = day_totals(slot.office, day, day, NOW).values()
    assert (total.capacity, total.taken, total.left, total.level) == (111, 3, 2, "few")
    hour = fill_by_hour(slot.office, day, day)[1, 10]
    assert (hour.capacity, hour.taken, hour.left) == (12, 5, 2)
    assert fills([slot.office], day, day) == {(slot.office.pk, day): hour}
    assert (hour + hour).left == (total + total).left == 4


def test_a_hundred_percent_means_full_and_nothing_less():
    assert (Fill(1000, 999).percent, Fill(1000, 1000).percent, Fill().percent) == (99, 100, 0)
    assert [Fill(10, taken).level for taken in (0, 6, 9, 10)] == ["plenty", "some", "few", "full"]


def test_counted_days_and_live_ones_make_one_demand():
    office = make_office()
    make_day(office, MONDAY - 3 * DAY, 20, people=12, walk_ins=3)
    slot = make_slot(online=9, office=office)
    family = tuple(make_person("passport-first", "hkm-permit-first") for _ in range(2))
    book(make_party(slot, people=family), SYSTEM, NOW)
    make_slot(online=5, office=make_office("elsewhere"))
    assert demand_by_day([office], MONDAY - 7 * DAY, MONDAY + 7 * DAY) == [
        Demand(MONDAY - 3 * DAY, booked=12, walk_ins=3, places=20),
        Demand(MONDAY + DAY, booked=2, walk_ins=0, places=9),
    ]
    live = comers([office], MONDAY, MONDAY + DAY)[office.pk, MONDAY + DAY]
    assert (live.people, live.items, live.bookings, live.missed) == (2, 4, 1, 0)
    assert fills([office], MONDAY, MONDAY + DAY) == {(office.pk, MONDAY + DAY): Fill(9, 2)}


def test_demand_takes_five_queries_whatever_it_sums(django_assert_num_queries):
    offices = [make_office("one"), make_office("two")]
    for count in (1, 2):
        for office in offices[:count]:
            make_day(office, MONDAY - count * DAY, 20, people=12)
            slot = make_slot(office=office, starts_at=NOW + count * DAY)
            book(make_party(slot), SYSTEM, NOW)
        with django_assert_num_queries(5):
            demand_by_day(offices[:count], MONDAY - 7 * DAY, MONDAY + 7 * DAY)


def test_a_period_is_the_mean_of_its_days_with_places():
    office = make_office()
    for offset, people in ((0, 8), (1, 14)):
        make_day(office, MONDAY + offset * DAY - 14 * DAY, 20, people=people, missed=1)
    first = MONDAY - 14 * DAY
    assert period(office, first, first + 6 * DAY) == Period(
        first, first + 6 * DAY, days=2, people=11.0, places=20.0, fill=55.0, missed=9.1
    )


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_is_none():
    import_holidays(2026)
    office = make_office()
    first = dt.date(2026, 9, 28)
    for offset in (0, 3, 12):  # Monday, National Day (Thursday), Saturday 10 October.
        make_day(office, first + offset * DAY, 10, people=offset + 1)
    found = {
        which: period(office, first, first + 14 * DAY, which) for which in (ALL, WORKDAYS, WEEKENDS)
    }
    assert {which: (one.days, one.people) for which, one in found.items()} == {
        ALL: (3, 6.0),
        WORKDAYS: (2, 7.0),
        WEEKENDS: (1, 4.0),
    }


def test_a_change_is_in_percent_of_what_was_before():
    assert (change(80, 150), change(100, 90), change(0, 5)) == (88, -10, None)
