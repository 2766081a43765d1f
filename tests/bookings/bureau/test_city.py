"""All offices of a city in one table."""

import datetime as dt

import pytest
from django.test import Client

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from offices.enums import OfficeKind, Role
from offices.models import Bureau, Office
from tests.factories import NOW, make_office, make_party, make_person, make_slot
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
CITY = "/bureau/xiamen/city/"
POINTS = ("五缘湾", "集美", "同安", "海沧", "翔安")


def make_xiamen(bureau: Bureau) -> list[Office]:
    """镇海路 and its five extension points."""
    hall = make_office(bureau=bureau, name="镇海路办证大厅")
    points = [
        make_office(f"point-{n}", bureau=bureau, name=f"{name}延伸点", parent=hall,
                    kind=OfficeKind.EXTENSION, sort_order=n + 1)
        for n, name in enumerate(POINTS)
    ]  # fmt: skip
    return [hall, *points]


@pytest.mark.row("XM-38")
def test_the_city_view_has_the_hall_and_its_five_extension_points(bureau_desk, city):
    offices = make_xiamen(city)
    response = bureau_desk.get(CITY)
    rows = response.context["city"].offices
    assert [row.office for row in rows] == offices
    assert response.text.count("延伸点</a>") == 5
    assert "镇海路办证大厅</a>" in response.text


def test_todays_counters_and_the_next_days_are_summed(bureau_desk, city, hall):
    zhenhai = make_office(bureau=city)
    today = make_slot(online=10, office=zhenhai, starts_at=NOW + dt.timedelta(hours=2))
    family = tuple(make_person("passport-first", "hkm-permit-first") for _ in range(3))
    book(make_party(today, people=family), SYSTEM, NOW)
    tomorrow = make_slot(online=4, office=hall)
    for _ in range(4):
        book(make_party(tomorrow), SYSTEM, NOW)
    response = bureau_desk.get(CITY)
    view = response.context["city"]
    assert (view.today.people, view.today.items, view.today.bookings) == (3, 6, 1)
    assert [(fill.capacity, fill.taken) for fill in view.days[:3]] == [(10, 3), (4, 4), (0, 0)]
    by_office = {row.office: row.days for row in view.offices}
    assert by_office[hall][0] is None
    assert by_office[hall][1].level == "full"
    assert "已满" in response.text
    assert "今日件次（高峰日16000件次）" in response.text


def test_an_overseer_sees_it_and_other_cities_offices_are_not_in_it(client, city):
    make_office("harbin-city", bureau=Bureau.objects.create(code="harbin", name="哈尔滨"))
    make_office(bureau=city)
    overseer = sign_in(client, make_staff(Role.OVERSEER, bureau=city))
    rows = overseer.get(CITY).context["city"].offices
    assert [row.office.code for row in rows] == ["xiamen-zhenhai"]
    assert overseer.post(CITY).status_code == 405


def test_a_bureau_without_offices_says_so(bureau_desk, city):
    assert "尚未" in bureau_desk.get(CITY).text


def test_the_city_costs_the_same_for_one_office_as_for_nineteen(
    bureau_desk: Client, city: Bureau, django_assert_num_queries
):
    for count in (1, 19):
        for n in range(count):
            office = make_office(f"hall-{n}", bureau=city)
            starts_at = NOW + dt.timedelta(days=1, hours=1 + count)
            book(make_party(make_slot(office=office, starts_at=starts_at)), SYSTEM, NOW)
        with django_assert_num_queries(17):
            bureau_desk.get(CITY)


def test_the_forecast_of_the_bureau_is_that_of_its_offices_together(bureau_desk, city, hall):
    make_slot(office=hall, online=30)
    response = bureau_desk.get("/bureau/xiamen/forecast/")
    assert response.context["outcome"].planned == 30
    assert "测算方法" in response.text


def test_a_bureau_without_offices_has_no_forecast(bureau_desk, city):
    assert bureau_desk.get("/bureau/xiamen/forecast/").context["outcome"].days == ()
