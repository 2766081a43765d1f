"""What a photo costs at a hall."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from offices.domain.photos import photo_fee
from offices.domain.policy import BookingPolicy, policy_for
from offices.enums import Feature
from tests.factories import make_bureau, make_office

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 1)


def page_on(client: Client, day: dt.date) -> str:
    with time_machine.travel(dt.datetime.combine(day, dt.time(4), dt.UTC), tick=False):
        return client.get("/offices/harbin-city/").text


@pytest.mark.row("HB-28")
def test_photos_are_free_in_the_19_halls_of_a_city_from_1_april(client: Client) -> None:
    bureau = make_bureau("harbin", policy={"free_photos_from": "2026-04-01"})
    names = ["harbin-city", *(f"harbin-{n}" for n in range(18))]
    halls = [make_office(code, bureau=bureau) for code in names]
    fees = {
        day: {photo_fee(hall, policy_for(hall), day) for hall in halls} for day in (MARCH, APRIL)
    }
    assert fees == {MARCH: {None}, APRIL: {0}}
    client.cookies["django_language"] = "zh-hans"
    assert "2026年4月1日起免费" in page_on(client, MARCH)
    assert "2026年4月1日起免费" not in page_on(client, APRIL)
    assert "照相" in page_on(client, APRIL)


def test_without_a_day_the_facility_of_the_hall_decides() -> None:
    free = make_office("a", features=[Feature.FREE_PHOTOS])
    assert photo_fee(free, BookingPolicy(), APRIL) == 0
    assert photo_fee(make_office("b"), BookingPolicy(), APRIL) is None
