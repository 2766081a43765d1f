"""/api/v1/offices/ and /api/v1/services/: open to anyone, as they are today."""

import datetime as dt
from typing import Any

import pytest

from offices.domain import catalogue
from offices.models import Office, OfficeService, Service, ServiceGuide
from tests.api import anyone, make_client
from tests.factories import LONG_AGO, make_office, make_service

pytestmark = pytest.mark.django_db
OFFICES = "/api/v1/offices/"
SERVICES = "/api/v1/services/"


def codes(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["code"] for row in response.json()["results"]]


def refused(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


# --- Offices -----------------------------------------------------------------------------------


def test_an_office_says_where_it_is_and_what_it_offers() -> None:
    make_office(
        district="思明区",
        district_en="Siming",
        address="镇海路64号之一",
        phone="0592-0000000",
        features=["photo"],
        demo=True,
    )
    response = anyone().get(f"{OFFICES}xiamen-zhenhai/")
    assert (response.status_code, response.json()) == (
        200,
        {
            "code": "xiamen-zhenhai",
            "name": "厦门出入境办证大厅",
            "name_en": "Xiamen Exit-Entry Hall",
            "city": "厦门",
            "city_en": "Xiamen",
            "district": "思明区",
            "district_en": "Siming",
            "address": "镇海路64号之一",
            "address_en": "",
            "address_confirmed": False,
            "phone": "0592-0000000",
            "timezone": "Asia/Shanghai",
            "kind": "hall",
            "lines": [
                {"code": "foreigners", "name": "外国人", "name_en": "Foreigners"},
                {"code": "mainland", "name": "境内居民", "name_en": "Mainland residents"},
            ],
            "services": ["hkm-permit-first", "passport-first", "tw-permit-first", "visa-extension"],
            "features": ["photo"],
            "note": "",
            "note_en": "",
            "demo": True,
        },
    )


def test_the_list_shows_what_the_office_itself_shows() -> None:
    make_office()
    listed = anyone().get(OFFICES).json()
    single = anyone().get(f"{OFFICES}xiamen-zhenhai/").json()
    assert listed == {"next": None, "previous": None, "results": [single]}


def test_offices_are_found_by_city_in_either_language() -> None:
    make_office()
    make_office("harbin-city", city="哈尔滨", city_en="Harbin")
    assert codes(anyone().get(OFFICES, {"city": "哈尔滨"})) == ["harbin-city"]
    assert codes(anyone().get(OFFICES, {"city": "xiamen"})) == ["xiamen-zhenhai"]
    assert codes(anyone().get(OFFICES, {"city": "Paris"})) == []


def test_offices_are_found_by_every_service_asked_for() -> None:
    make_office()
    jinjiang = make_office("jinjiang")
    jinjiang.permissions.filter(service__code="visa-extension").delete()
    assert codes(anyone().get(OFFICES, {"service": "passport-first"})) == [
        "jinjiang",
        "xiamen-zhenhai",
    ]
    both = {"service": ["passport-first", "visa-extension"]}
    assert codes(anyone().get(OFFICES, both)) == ["xiamen-zhenhai"]


def test_what_an_office_offers_is_what_it_offers_today() -> None:
    office = make_office()
    today = dt.date.today()
    permissions = OfficeService.objects.filter(office=office)
    permissions.exclude(service__code="passport-first").update(
        valid_until=today - dt.timedelta(days=1)
    )
    shown = anyone().get(f"{OFFICES}xiamen-zhenhai/").json()
    assert (shown["services"], [line["code"] for line in shown["lines"]]) == (
        ["passport-first"],
        ["mainland"],
    )


def test_an_office_that_is_not_active_is_not_there() -> None:
    make_office(is_active=False)
    assert codes(anyone().get(OFFICES)) == []
    assert refused(anyone().get(f"{OFFICES}xiamen-zhenhai/")) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ({"service": ["moon-visa", "mars-visa"]}, ["service", "service"]),
        ({"service": "\x00"}, ["service"]),
        ({"city": "x" * 61}, ["city"]),
        ({"city": "\x00"}, ["city"]),
        ({"cursor": "x"}, ["cursor"]),
        ({"cursor": "cD0lMDA="}, ["cursor"]),
    ],
)
def test_a_wrong_parameter_is_named(query: dict[str, Any], parameters: list[str]) -> None:
    response = anyone().get(OFFICES, query)
    assert refused(response) == (400, "invalid")
    assert [error["parameter"] for error in response.json()["errors"]] == parameters


def test_the_list_goes_on_and_back_where_the_cursor_points() -> None:
    for number in range(5):
        make_office(f"office-{number}")
    first = anyone().get(OFFICES, {"page_size": 2})
    second = anyone().get(first.json()["next"])
    assert (codes(first), codes(second)) == (["office-0", "office-1"], ["office-2", "office-3"])
    # An office that was added meanwhile moves nothing.
    make_office("office-00")
    assert codes(anyone().get(second.json()["next"])) == ["office-4"]
    assert codes(anyone().get(second.json()["previous"])) == ["office-00", "office-1"]


@pytest.mark.usefixtures("facts_kept")
@pytest.mark.parametrize(
    ("url", "statements"), [(OFFICES, [3, 1]), (OFFICES + "office-0/", [2, 0])]
)
def test_what_was_read_is_kept_until_it_changes(
    url: str, statements: list[int], django_assert_num_queries: Any
) -> None:
    for number in range(3):
        make_office(f"office-{number}")
        catalogue.ask_again()
        catalogue.active_offices()
        for count in statements:
            with django_assert_num_queries(count):
                anyone().get(url)
    Office.objects.filter(code="office-0").update(phone="0592-1111111")
    catalogue.ask_again()
    assert "0592-1111111" in anyone().get(url).content.decode()


def test_what_has_not_changed_is_not_sent_again() -> None:
    make_office()
    for url in (OFFICES, f"{OFFICES}xiamen-zhenhai/", SERVICES, f"{SERVICES}passport-first/"):
        etag = anyone().get(url)["ETag"]
        again = anyone().get(url, HTTP_IF_NONE_MATCH=etag)
        assert (again.status_code, again.content) == (304, b"")


# --- Services ----------------------------------------------------------------------------------


def test_a_service_says_what_to_bring_what_it_costs_and_how_long_it_takes() -> None:
    make_service()
    response = anyone().get(f"{SERVICES}passport-first/")
    assert (response.status_code, response.json()) == (
        200,
        {
            "code": "passport-first",
            "name": Service.objects.get().name,
            "name_en": "passport-first",
            "line": "mainland",
            "document": "passport",
            "matter": "first_issue",
            "audience": "mainland",
            "visit_needed": True,
            "fee": {"amount": "120.00", "currency": "CNY", "valid_from": "2020-01-01"},
            "working_days": 7,
            "working_days_elsewhere": None,
            "modes": ["booked", "walk_in"],
            "external_url": "",
            "materials": [
                {
                    "name": "居民身份证",
                    "name_en": "Resident ID card",
                    "note": "",
                    "note_en": "",
                }
            ],
            "advice": "",
            "advice_en": "",
        },
    )


def test_a_service_is_shown_as_its_newest_guide_in_force_has_it() -> None:
    service = make_service()
    today = dt.date.today()
    for days, fee in ((-1, 100), (1, 90)):
        ServiceGuide.objects.create(
            service=service, valid_from=today + dt.timedelta(days=days), fee=fee
        )
    assert anyone().get(f"{SERVICES}passport-first/").json()["fee"]["amount"] == "100.00"


def test_no_fee_is_named_where_none_is_fixed() -> None:
    make_service("visa-extension")
    service = make_service()
    service.guides.filter(valid_from=LONG_AGO).delete()
    rows = anyone().get(SERVICES).json()["results"]
    assert [(row["code"], row["fee"], row["materials"]) for row in rows] == [
        ("passport-first", None, []),
        (
            "visa-extension",
            None,
            [{"name": "居民身份证", "name_en": "Resident ID card", "note": "", "note_en": ""}],
        ),
    ]


def test_a_service_that_is_not_active_is_not_there() -> None:
    make_service()
    Service.objects.update(is_active=False)
    assert codes(anyone().get(SERVICES)) == []
    assert refused(anyone().get(f"{SERVICES}passport-first/")) == (404, "not_found")


@pytest.mark.usefixtures("facts_kept")
def test_three_services_take_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    for code in ("passport-first", "hkm-permit-first", "tw-permit-first"):
        make_service(code)
        catalogue.ask_again()
        catalogue.services()
        for count in (3, 1):
            with django_assert_num_queries(count):
                anyone().get(SERVICES)
        with django_assert_num_queries(0):
            anyone().get(f"{SERVICES}nowhere/")


@pytest.mark.parametrize("url", [OFFICES, SERVICES])
def test_nothing_is_written_here(url: str) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert refused(getattr(make_client(), method)(url)) == (405, "method_not_allowed")
