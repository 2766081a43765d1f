"""Offices and services, for everybody: no sign-in, both languages."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session as DatabaseSession
from django.test import Client

from offices.demo.loading import load_demo
from offices.domain import catalogue
from offices.domain.calendar import import_holidays
from offices.enums import HolidayKind
from offices.models import (
    Closure,
    Holiday,
    Office,
    OfficeService,
    OpeningHours,
    Service,
    ServiceGuide,
    Session,
)
from offices.pages import offices
from tests.factories import LONG_AGO, make_line, make_office, make_service

pytestmark = pytest.mark.django_db
# Monday 3 August, 09:00 in Xiamen.
NOW = dt.datetime(2026, 8, 3, 1, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 8, 3)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(client: Client, path: str, language: str = "zh-hans") -> str:
    """The page without its tags, each run of white space as one blank."""
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def open_hours(office: Office, times: str, weekdays: str = "01234", line: str = "mainland") -> None:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(line),
            weekday=int(weekday),
            opens=opens,
            closes=closes,
            valid_from=LONG_AGO,
        )
        for weekday in weekdays
    )


# --- Finding an office -------------------------------------------------------------------------


@pytest.mark.row("XM-38")
def test_the_city_view_shows_the_main_hall_and_its_five_extension_points(client: Client) -> None:
    load_demo(TODAY)
    text = text_of(client, "/offices/?city=厦门")
    names = [
        "厦门出入境办证大厅（镇海路）",
        "厦门出入境办证大厅（镇海路）及5个延伸点",
        "五缘湾办证中心",
        "集美行政服务中心",
        "同安行政服务中心",
        "海沧行政服务中心",
        "翔安公安分局",
    ]
    places = [text.index(name) for name in names]
    assert places == sorted(places)
    assert "晋江市政务服务中心" not in text


def test_offices_are_grouped_by_city(client: Client) -> None:
    make_office("a", name="甲大厅", city="厦门")
    make_office("b", name="乙大厅", city="晋江")
    make_office("c", name="丙大厅", city="厦门")
    make_office("d", name="丁大厅", city="厦门", is_active=False)
    text = text_of(client, "/offices/").partition("查询")[2]
    cities_and_halls = re.findall("厦门|晋江|[甲乙丙丁]大厅", text)
    assert cities_and_halls == ["厦门", "甲大厅", "丙大厅", "晋江", "乙大厅"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=集美", ["集美大厅"]),
        ("q=jimei", ["集美大厅"]),
        ("q=厦门 厅", ["总厅", "集美大厅"]),
        ("q=道里", []),
        ("city=厦门", ["总厅", "集美大厅"]),
        ("city=上海", ["总厅", "集美大厅", "佛山大厅"]),
        ("service=visa-extension", ["总厅", "佛山大厅"]),
        ("service=visa-extension&city=佛山", ["佛山大厅"]),
        ("q=集美&service=visa-extension", []),
    ],
)
def test_offices_are_searched_by_words_city_and_service(
    client: Client, query: str, found: list[str]
) -> None:
    main = make_office("main", name="总厅", city="厦门", city_en="Xiamen")
    make_office("foshan", name="佛山大厅", city="佛山", city_en="Foshan")
    point = make_office(
        "jimei",
        name="集美大厅",
        city="厦门",
        city_en="Xiamen",
        district="集美区",
        district_en="Jimei",
        parent=main,
    )
    OfficeService.objects.filter(office=point, service__code="visa-extension").delete()
    text = text_of(client, f"/offices/?{query}")
    assert [name for name in ("总厅", "集美大厅", "佛山大厅") if name in text] == found
    assert ("没有找到大厅" in text) == (not found)


def test_a_service_whose_permission_has_ended_is_not_found(client: Client) -> None:
    office = make_office(name="甲大厅")
    OfficeService.objects.filter(office=office).update(valid_until=TODAY - dt.timedelta(days=1))
    assert "没有找到大厅" in text_of(client, "/offices/?service=passport-first")


@pytest.mark.usefixtures("facts_kept")
def test_the_list_takes_as_many_queries_for_three_offices_as_for_one(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(3):
        make_office(f"hall-{number}")
        catalogue.ask_again()
        catalogue.services()
        # The cities; how many offices there are, and which.
        with django_assert_num_queries(3):
            client.get("/offices/")


def test_many_offices_are_found_by_their_city(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offices, "MOST_AT_ONCE", 2)
    for code, city, city_en in [
        ("a", "厦门", "Xiamen"),
        ("b", "厦门", "Xiamen"),
        ("c", "佛山", "Foshan"),
    ]:
        make_office(code, name=f"{code}大厅", city=city, city_en=city_en)
    page = client.get("/offices/?service=passport-first").content.decode()
    assert re.findall(r'class="tile" href="([^"]+)"', page) == [
        "/offices/?city=%E4%BD%9B%E5%B1%B1&amp;service=passport-first",
        "/offices/?city=%E5%8E%A6%E9%97%A8&amp;service=passport-first",
    ]
    assert "请选择城市 佛山 1个大厅 厦门 2个大厅" in text_of(client, "/offices/")
    assert "Foshan 1 office Xiamen 2 offices" in text_of(client, "/offices/", "en")
    assert "a大厅" in text_of(client, "/offices/?city=厦门")
    assert "a大厅" in text_of(client, "/offices/?q=a大")


# --- What everybody sees alike -----------------------------------------------------------------


@pytest.mark.usefixtures("facts_kept", "places_kept")
@pytest.mark.parametrize(
    "path",
    [
        "/offices/",
        "/offices/?service=passport-first&city=厦门",
        "/offices/xiamen-zhenhai/",
        "/services/",
        "/services/passport-first/",
    ],
)
def test_within_a_second_a_page_asks_nothing_again(
    client: Client, django_assert_num_queries: Callable[..., Any], path: str
) -> None:
    make_office(name="甲大厅", city="厦门")
    first = text_of(client, path)
    with django_assert_num_queries(0):
        assert text_of(client, path) == first
        joint = "&" if "?" in path else "?"
        assert text_of(client, f"{path}{joint}utm_source=wechat") == first
        # Another language is another page, and the header is everybody's own.
    assert text_of(client, path, "en") != first


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_words_of_ones_own_are_not_kept(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    make_office(name="甲大厅", city="厦门")
    text_of(client, "/offices/?q=甲")
    for query, statements in [("q=甲", 2), ("city=上海", 1), ("service=moon", 2)]:
        with django_assert_num_queries(statements):
            text_of(client, f"/offices/?{query}")


def test_a_visitor_who_only_reads_gets_no_session(client: Client) -> None:
    make_office()
    for path in ("/", "/offices/", "/offices/xiamen-zhenhai/", "/services/", "/book/"):
        assert client.get(path).status_code == 200
    assert "sessionid" not in client.cookies
    assert not DatabaseSession.objects.exists()


# --- One office --------------------------------------------------------------------------------


def test_an_office_shows_address_hours_services_and_the_way_to_a_booking(client: Client) -> None:
    office = make_office(
        district="思明区", address="镇海路64号之一", features=["free_photos"], demo=True
    )
    open_hours(office, "08:00-12:00")
    open_hours(office, "15:00-18:00")
    text = text_of(client, "/offices/xiamen-zhenhai/")
    assert "厦门思明区镇海路64号之一" in text
    assert "地址尚未经大厅确认" in text
    assert "今天 8月3日 周一 8:00–12:00、15:00–18:00" in text
    assert "8月8日 周六 不办公" in text
    assert "免费拍照" in text
    assert "演示数据" in text
    page = client.get("/offices/xiamen-zhenhai/").content.decode()
    assert "?office=xiamen-zhenhai" in page
    assert "/services/passport-first/" in page


def test_an_office_in_english(client: Client) -> None:
    office = make_office(district_en="Siming", address_en="64-1 Zhenhai Road", address="x")
    open_hours(office, "08:00-12:00")
    text = text_of(client, "/offices/xiamen-zhenhai/", "en")
    assert "64-1 Zhenhai Road, Siming, Xiamen" in text
    assert "Today Mon 3 Aug 8:00–12:00" in text
    assert "Sat 8 Aug Closed" in text


def test_the_door_says_why_a_day_differs(client: Client) -> None:
    office = make_office()
    open_hours(office, "08:00-12:00")
    open_hours(office, "08:00-10:00", line="foreigners")
    Holiday.objects.create(date="2026-08-04", name="测试节", kind=HolidayKind.HOLIDAY)
    Closure.objects.create(
        office=office, first_day="2026-08-05", last_day="2026-08-05", reason="设备检修"
    )
    Closure.objects.create(
        office=office,
        line=make_line(),
        first_day="2026-08-06",
        last_day="2026-08-06",
        from_time="11:00",
        until_time="12:00",
        reason="停电",
    )
    Session.objects.create(
        office=office,
        line=make_line(),
        kind="saturday",
        date="2026-08-08",
        opens="09:00",
        closes="16:00",
        capacity=10,
    )
    text = text_of(client, "/offices/xiamen-zhenhai/")
    assert "8月3日 周一 8:00–12:00 外国人：8:00–10:00" in text
    assert "8月4日 周二 不办公 法定节假日（测试节）" in text
    assert "8月5日 周三 不办公 全天暂停办公：设备检修" in text
    assert "8月6日 周四 8:00–11:00 外国人：8:00–10:00 境内居民、11:00–12:00暂停办公：停电" in text
    assert "8月8日 周六 9:00–16:00 外国人：不办公 周六专场 9:00–16:00（境内居民）" in text


def test_a_make_up_workday_is_open_and_says_so(client: Client) -> None:
    office = make_office()
    open_hours(office, "08:00-12:00")
    import_holidays(2026)
    with time_machine.travel(dt.datetime(2026, 9, 18, 1, tzinfo=dt.UTC), tick=False):
        text = text_of(client, "/offices/xiamen-zhenhai/")
    assert "9月20日 周日 8:00–12:00 调休上班（国庆节）" in text


def test_closures_are_announced_two_months_ahead(client: Client) -> None:
    office = make_office()
    Closure.objects.create(
        office=office,
        first_day="2026-09-22",
        last_day="2026-09-24",
        reason="中秋节",
        reason_en="Mid-Autumn",
    )
    text = text_of(client, "/offices/xiamen-zhenhai/", "en")
    assert "Tue 22 Sep to Thu 24 Sep · All day closed: Mid-Autumn" in text


def test_today_is_the_offices_own_day(client: Client) -> None:
    make_office("faraway", timezone="America/New_York")
    assert "今天 8月2日 周日" in text_of(client, "/offices/faraway/")


def test_an_extension_point_and_its_hall_lead_to_each_other(client: Client) -> None:
    hall = make_office("hall", name="总厅")
    make_office("point", name="延伸大厅", parent=hall)
    assert "所属大厅： 总厅" in text_of(client, "/offices/point/")
    assert "延伸点 延伸大厅" in text_of(client, "/offices/hall/")


@pytest.mark.parametrize("path", ["/offices/nowhere/", "/offices/shut/", "/services/nothing/"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    make_office("shut", is_active=False)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/offices/", "/offices/xiamen-zhenhai/", "/services/"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    make_office()
    assert client.post(path).status_code == 405


# --- Services ----------------------------------------------------------------------------------


def test_services_are_grouped_with_fee_and_days(client: Client) -> None:
    make_office()
    text = text_of(client, "/services/", "en")
    mainland = text.partition("Mainland residents")[2].partition("Foreigners")[0]
    assert mainland.strip() == (
        "hkm-permit-first 60 yuan · 7 working days"
        " passport-first 120 yuan · 7 working days"
        " tw-permit-first 60 yuan · 7 working days"
    )
    assert "Foreigners visa-extension The counter will tell you the fee · 7 working days" in text


def test_a_guide_is_a_checklist_with_fee_days_and_date(client: Client) -> None:
    make_office()
    text = text_of(client, "/services/passport-first/")
    assert "要带什么 居民身份证" in text
    assert "工本费 120元" in text
    assert "办理时限 7个工作日" in text
    assert "适用日期 2020年1月1日" in text
    assert "1个大厅可以办理" in text
    page = client.get("/services/passport-first/").content.decode()
    assert "?service=passport-first" in page


def test_a_guide_of_the_future_is_not_shown_before_its_day(client: Client) -> None:
    service = make_service()
    ServiceGuide.objects.create(service=service, valid_from="2026-08-04", fee=100)
    assert "工本费 120元" in text_of(client, "/services/passport-first/")
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        assert "工本费 100元" in text_of(client, "/services/passport-first/")


def test_a_service_that_needs_no_visit_has_no_booking(client: Client) -> None:
    make_office()
    Service.objects.update(visit_needed=False)
    text = text_of(client, "/services/passport-first/")
    assert "这项业务不用到大厅办理" in text
    assert "预约办理" not in text


def test_a_service_without_guide_or_office_says_so(client: Client) -> None:
    make_service()
    ServiceGuide.objects.all().delete()
    text = text_of(client, "/services/passport-first/")
    assert "办理指南正在准备" in text
    assert "目前没有大厅办理这项业务" in text


def test_without_services_the_page_says_so(client: Client) -> None:
    assert "暂无业务" in text_of(client, "/services/")
