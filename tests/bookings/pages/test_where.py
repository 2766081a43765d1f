"""/book/office/: the offices that offer it all, with their first free window."""

import datetime as dt

import pytest
from django.test import Client

from applicants.models import Applicant
from bookings.models import Slot
from bookings.pages.citizen import where
from offices.domain import catalogue
from offices.models import OfficeService
from tests.citizens import confirmed, draft, start_booking
from tests.factories import NOW, make_office, make_slot

URL = "/book/office/"


def cards(citizen: Client) -> dict[str, object]:
    groups = citizen.get(URL).context["form"].fields["office"].choices
    return {code: card for _city, cards in groups for code, card in cards}


@pytest.fixture
def asking(citizen: Client, family: list[Applicant]) -> Client:
    start_booking(citizen, family, office="")
    return citizen


def test_without_people_they_are_asked_for_first(citizen: Client) -> None:
    draft(citizen, services=["passport-first"])
    assert citizen.get(URL).headers["Location"] == "/book/people/"


def test_the_answer_leads_to_when(asking: Client) -> None:
    assert asking.post(URL, {"office": "xiamen-zhenhai"}).headers["Location"] == "/book/time/"
    assert asking.session["draft"]["office"] == "xiamen-zhenhai"


def test_offices_that_lack_a_service_are_left_out(asking: Client) -> None:
    other = make_office("other")
    OfficeService.objects.filter(office=other, service__code="passport-first").delete()
    assert list(cards(asking)) == ["xiamen-zhenhai"]
    assert asking.post(URL, {"office": "other"}).status_code == 200


@pytest.mark.row("XM-38")
def test_a_city_shows_its_main_hall_and_its_extension_points(asking: Client) -> None:
    points = ["wuyuanwan", "jimei", "tongan", "haicang", "xiangan"]
    for order, code in enumerate(points, start=1):
        make_office(f"xiamen-{code}", sort_order=order, kind="extension")
    [(city, offices)] = asking.get(URL).context["form"].fields["office"].choices
    assert city == "厦门"
    assert [code for code, _card in offices] == [
        "xiamen-zhenhai",
        *(f"xiamen-{code}" for code in points),
    ]


def test_the_first_window_with_room_for_the_whole_party_is_shown(
    asking: Client, slot: Slot
) -> None:
    make_slot(2, starts_at=NOW + dt.timedelta(hours=5))
    [card] = cards(asking).values()
    assert "最早可约：8月4日 周二 10:00" in card.hints  # type: ignore[attr-defined]


def test_an_office_without_room_says_so_and_may_be_chosen(asking: Client, slot: Slot) -> None:
    slot.quotas.update(capacity=2)
    [card] = cards(asking).values()
    assert card.hints == ("暂无足够名额",)  # type: ignore[attr-defined]
    assert asking.post(URL, {"office": "xiamen-zhenhai"}).status_code == 302


def test_an_office_that_takes_smaller_parties_only_says_why(asking: Client) -> None:
    make_office("small", policy={"max_party": 2})
    assert cards(asking)["small"].problem == "一次最多可为2人预约。"  # type: ignore[attr-defined]
    form = asking.post(URL, {"office": "small"}).context["form"]
    assert form.errors["office"] == ["一次最多可为2人预约。"]


def test_the_city_of_the_last_booking_comes_first(citizen: Client, family: list[Applicant]) -> None:
    make_office("chancheng", city="佛山", city_en="Foshan")
    harbin = make_office("harbin-city", city="哈尔滨", city_en="Harbin")
    there = make_slot(office=harbin)
    confirmed(citizen, there, family[:1], office="harbin-city")
    start_booking(citizen, family, office="")
    groups = citizen.get(URL).context["form"].fields["office"].choices
    assert next(city for city, _cards in groups) == "哈尔滨"


def test_of_a_great_many_offices_those_of_one_city_are_shown(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, "MOST_AT_ONCE", 2)
    make_office("chancheng", city="佛山", city_en="Foshan")
    make_office("harbin-city", city="哈尔滨", city_en="Harbin")

    def shown(query: str = "") -> tuple[list[str], list[tuple[str, str, bool]]]:
        context = asking.get(f"{URL}{query}").context
        [(_city, offices)] = context["form"].fields["office"].choices
        cities = [(city.label, city.url, city.is_shown) for city in context["cities"]]
        return [code for code, _card in offices], cities

    links = [
        ("佛山", "?city=%E4%BD%9B%E5%B1%B1"),
        ("厦门", "?city=%E5%8E%A6%E9%97%A8"),
        ("哈尔滨", "?city=%E5%93%88%E5%B0%94%E6%BB%A8"),
    ]
    cities = [
        [(*link, number == shown_one) for number, link in enumerate(links)]
        for shown_one in range(3)
    ]
    assert shown() == (["chancheng"], cities[0])
    assert shown("?city=哈尔滨") == (["harbin-city"], cities[2])
    assert shown("?city=上海") == (["chancheng"], cities[0])
    # An answer is taken whatever is shown, and leads back to its city.
    asking.post(URL, {"office": "xiamen-zhenhai"})
    assert shown() == (["xiamen-zhenhai"], cities[1])


def test_nothing_offers_it_all(asking: Client) -> None:
    OfficeService.objects.filter(service__code="passport-first").delete()
    page = asking.get(URL).content.decode()
    assert "没有大厅能同时办理所选事项" in page


@pytest.mark.usefixtures("facts_kept")
def test_the_number_of_offices_costs_no_queries(
    asking: Client, django_assert_num_queries: object
) -> None:
    for size in (1, 3):
        for number in range(size):
            make_slot(office=make_office(f"o{size}{number}"))
        catalogue.ask_again()
        assert len(cards(asking)) >= size
        with django_assert_num_queries(5):  # type: ignore[operator]
            asking.get(URL)


@pytest.mark.usefixtures("facts_kept")
def test_an_answer_asks_for_no_free_times(
    asking: Client, django_assert_num_queries: object
) -> None:
    asking.get(URL)
    # Session, account, household, and the answer.
    with django_assert_num_queries(4):  # type: ignore[operator]
        asking.post(URL, {"office": "xiamen-zhenhai"})
