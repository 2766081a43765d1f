"""Finding a self-service site, and how its machines are."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from offices.demo.loading import load_demo
from offices.domain.self_service import Point, SiteSearch, find_sites, haversine_km
from offices.enums import DeviceKind, DeviceState, SiteKind
from offices.models import Device, SelfServiceSite
from tests.factories import make_bureau, make_office

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 3)


def make_site(code: str, machines: int = 1, **fields: Any) -> SelfServiceSite:
    site = SelfServiceSite.objects.create(
        code=code, **{"bureau": make_bureau(), "name": f"{code}点", "city": "厦门"} | fields
    )
    kind = DeviceKind.SMART_ENDORSEMENT
    Device.objects.bulk_create(
        Device(site=site, kind=kind, label=f"{n:02}") for n in range(1, machines + 1)
    )
    return site


def codes(search: SiteSearch, near: Point | None = None) -> list[str]:
    return [each.site.code for each in find_sites(search, near)]


def text_of(client: Client, query: str = "", language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    page = client.get(f"/self-service/{query}")
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


# --- Finding ------------------------------------------------------------------------------------


@pytest.mark.row("XM-39")
def test_53_police_stations_are_listed_for_those_whom_they_serve(client: Client) -> None:
    load_demo(TODAY)
    query = "?city=厦门&kind=station"
    assert "53个自助服务点" in text_of(client, query)
    assert "没有找到" in text_of(client, f"{query}&limit=elsewhere")
    assert "没有找到" in text_of(client, f"{query}&limit=state_staff")
    assert "53个自助服务点" in text_of(client, f"{query}&limit=business")


@pytest.mark.row("FS-15")
def test_sites_that_are_open_24_hours_are_found(client: Client) -> None:
    make_site("day")
    make_site("night", open_all_day=True)
    text = text_of(client, "?all_day=1")
    assert "24小时" in text
    assert "night点" in text
    assert "day点" not in text


@pytest.mark.row("FS-16")
def test_a_smart_hall_is_listed_without_booking(client: Client) -> None:
    make_site("smart", kind=SiteKind.SMART_HALL, name="顺德智慧厅")
    text = text_of(client, "?kind=smart_hall")
    assert "顺德智慧厅" in text
    assert "智慧厅" in text
    assert "无需预约" in text
    assert "/book/?office" not in client.get("/self-service/").text


def test_sites_are_found_by_place_kind_and_machine() -> None:
    make_site("a", district="思明区")
    make_site("b", district="湖里区", kind=SiteKind.STORE)
    make_site("c", 0, city="佛山")
    make_site("d", is_active=False)
    assert sorted(codes(SiteSearch())) == ["a", "b", "c"]
    assert codes(SiteSearch(city="厦门", district="思明区")) == ["a"]
    assert codes(SiteSearch(kind=SiteKind.STORE)) == ["b"]
    assert codes(SiteSearch(city="佛山", machine=DeviceKind.SMART_ENDORSEMENT)) == []


def test_the_nearest_comes_first_and_what_has_no_place_last() -> None:
    make_site("nowhere")
    make_site("far", latitude=Decimal("24.70"), longitude=Decimal("118.10"))
    make_site("near", latitude=Decimal("24.45"), longitude=Decimal("118.08"))
    assert codes(SiteSearch(), Point(24.44, 118.08)) == ["near", "far", "nowhere"]


def test_distances_are_those_over_the_ground() -> None:
    xiamen, foshan = Point(24.48, 118.09), Point(23.02, 113.12)
    assert haversine_km(xiamen, xiamen) == 0
    assert haversine_km(xiamen, foshan) == pytest.approx(531, abs=5)
    assert haversine_km(Point(0, 0), Point(0, 1)) == pytest.approx(111.2, abs=0.1)


# --- The page -----------------------------------------------------------------------------------


def test_a_card_says_how_many_machines_work(client: Client) -> None:
    site = make_site("a", 3, excludes=["state_staff", "本市户籍以外"])
    Device.objects.filter(site=site, label="03").update(state=DeviceState.FAULTY)
    text = text_of(client)
    assert "智能签注设备3台 · 可用2" in text
    assert "不受理：登记备案的国家工作人员、现役军人、本市户籍以外" in text
    assert "Smart endorsement machine: 3 · in order: 2" in text_of(client, language="en")


def test_districts_are_offered_once_a_city_is_chosen(client: Client) -> None:
    make_site("a", district="思明区")
    make_site("b", city="佛山", district="南海区")
    assert 'name="district"' not in client.get("/self-service/").text
    page = client.get("/self-service/?city=厦门").text
    assert "思明区" in page
    assert 'value="南海区"' not in page


def test_where_somebody_stands_is_rounded_and_in_no_address(client: Client) -> None:
    make_site("near", latitude=Decimal("24.45"), longitude=Decimal("118.08"))
    make_site("far", latitude=Decimal("24.70"), longitude=Decimal("118.10"))
    place = {"latitude": "24.441234", "longitude": "118.081234", "city": "厦门"}
    page = client.post("/self-service/", place)
    assert page.context["near"] == Point(24.44, 118.08)
    assert [each["site"].code for each in page.context["shown"]] == ["near", "far"]
    assert "24.441234" not in page.text
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("place", [{}, {"latitude": "x", "longitude": "1"}, {"latitude": "91"}])
def test_a_place_that_makes_no_sense_is_left_out(client: Client, place: dict[str, str]) -> None:
    make_site("a")
    page = client.post("/self-service/", place)
    assert page.context["near"] is None
    assert "a点" in page.text


def test_a_filter_that_is_not_known_still_finds_something(client: Client) -> None:
    make_site("a")
    assert "a点" in text_of(client, "?city=月球&kind=moon&page=99")


def test_long_lists_come_in_pages_that_keep_the_filters(client: Client) -> None:
    for number in range(25):
        make_site(f"s{number:02}")
    page = client.get("/self-service/?city=厦门")
    assert len(page.context["shown"]) == 20
    assert "city=%E5%8E%A6%E9%97%A8&amp;page=2" in page.text
    assert len(client.get("/self-service/?city=厦门&page=2").context["shown"]) == 5


def test_nothing_found_shows_the_way_on(client: Client) -> None:
    text = text_of(client, "?all_day=1")
    assert "没有找到自助服务点" in text
    assert "预约办证" in text


def test_a_page_takes_as_many_queries_for_three_sites_as_for_one(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(3):
        make_site(f"s{number}")
        # Cities, districts, sites and their machines.
        with django_assert_num_queries(4):
            client.get("/self-service/")


@pytest.mark.row("JJ-02")
def test_a_hall_shows_its_machines_and_how_many_work(client: Client) -> None:
    office = make_office("jinjiang", name="晋江大厅")
    Device.objects.bulk_create(
        Device(office=office, kind=DeviceKind.SMART_ENDORSEMENT, label=f"{n:02}")
        for n in range(1, 4)
    )
    client.cookies["django_language"] = "zh-hans"
    assert "智能签注设备3台 · 可用3" in client.get("/offices/jinjiang/").text
    Device.objects.filter(label="02").update(state=DeviceState.FAULTY)
    assert "智能签注设备3台 · 可用2" in client.get("/offices/jinjiang/").text


def test_the_demo_sites_are_marked(client: Client) -> None:
    load_demo(TODAY)
    foshan = SelfServiceSite.objects.filter(city="佛山")
    assert (foshan.count(), Device.objects.filter(site__in=foshan).count()) == (90, 154)
    assert set(SelfServiceSite.objects.values_list("demo", flat=True)) == {True}
    assert all("演示数据" in name for name in foshan.values_list("name", flat=True))
    assert SelfServiceSite.objects.filter(kind=SiteKind.STORE).count() == 50


@pytest.mark.parametrize("city", ["%00", "a%00b", "%ED%A0%80", "1e400", "x" * 3000])
def test_a_city_that_there_is_not_is_left_out(client: Client, city: str) -> None:
    make_site("a")
    assert client.get(f"/self-service/?city={city}").status_code == 200
