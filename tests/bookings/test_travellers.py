"""Why people travel and where they live."""

import datetime as dt
from typing import Any

import pytest

from bookings.domain.leaving import leave
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.domain.travellers import by_purpose, by_residence
from bookings.enums import Purpose
from offices.models import Office
from tests.factories import NOW, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db


def figures(*offices: Office) -> dict[str, tuple[int, int]]:
    day = make_slot_day()
    rows = by_purpose(offices or [make_office()], day, day, "未询问")
    return {row.purpose: (row.bookings, row.people) for row in rows}


def make_slot_day() -> dt.date:
    return NOW.astimezone(make_office().zone).date().replace(day=4)


@pytest.mark.row("JJ-05")
def test_the_report_pivots_on_the_six_purposes() -> None:
    slot = make_slot(online=20)
    for purpose in Purpose:
        book(make_party(slot, 2, purpose=purpose), SYSTEM, NOW)
    book(make_party(slot, 1), SYSTEM, NOW)
    assert figures() == {**dict.fromkeys(Purpose.values, (1, 2)), "": (1, 1)}


def test_only_who_comes_counts() -> None:
    slot = make_slot(online=20)
    hold_places(make_party(slot, purpose="study"), SYSTEM, NOW)
    cancel(book(make_party(slot, purpose="study"), SYSTEM, NOW).pk, SYSTEM, NOW)
    left = book(make_party(slot, 3, purpose="study"), SYSTEM, NOW)
    leave(left.pk, [1], SYSTEM, NOW)
    elsewhere = make_slot(office=make_office("harbin-city", city="哈尔滨"))
    book(make_party(elsewhere, purpose="study"), SYSTEM, NOW)
    assert figures()["study"] == (1, 2)


def test_a_booking_keeps_its_purpose_when_it_moves() -> None:
    slot, later = make_slot(), make_slot(starts_at=NOW.replace(hour=8, day=4))
    booking = book(make_party(slot, purpose="tourism"), SYSTEM, NOW)
    assert reschedule(booking.pk, later.pk, SYSTEM, NOW).purpose == "tourism"
    assert figures()["tourism"] == (1, 1)


@pytest.mark.row("XM-19")
def test_the_report_tells_local_in_province_and_out_of_province() -> None:
    homes = ("厦门", "厦门市", "福州", "泉州", "武汉", "")
    people = tuple(make_person(home_city=home) for home in homes)
    book(make_party(make_slot(online=9), people=people[:3]), SYSTEM, NOW)
    book(
        make_party(
            make_slot(online=9, minutes=20, starts_at=NOW.replace(hour=9, day=4)), people=people[3:]
        ),
        SYSTEM,
        NOW,
    )
    day = make_slot_day()
    rows = by_residence([make_office()], day, day)
    assert {row.residence.value: row.people for row in rows} == {
        "local": 2,
        "in_province": 2,
        "elsewhere": 1,
        "not_known": 0,
        "not_said": 1,
    }


def test_each_report_takes_one_query(django_assert_num_queries: Any) -> None:
    slot = make_slot(online=20)
    day, office = make_slot_day(), make_office()
    for _size in (1, 3):
        for _booking in range(_size):
            book(make_party(slot, purpose="study"), SYSTEM, NOW)
        with django_assert_num_queries(1):
            by_purpose([office], day, day, "")
        with django_assert_num_queries(1):
            by_residence([office], day, day)
