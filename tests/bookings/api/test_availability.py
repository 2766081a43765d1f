"""/api/v1/offices/{code}/days/ and slots/: open to anyone, and never older than a second."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.api import anyone, booking_body, make_client
from tests.factories import NOW, make_office, make_slot

pytestmark = pytest.mark.django_db
DAYS = "/api/v1/offices/xiamen-zhenhai/days/"
SLOTS = "/api/v1/offices/xiamen-zhenhai/slots/"
TOMORROW = {"line": "mainland", "date": "2026-08-04"}


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def refused(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


# --- Windows -----------------------------------------------------------------------------------


def test_a_window_shows_what_the_website_may_take() -> None:
    slot = make_slot(online=10, assisted=5, walk_in=5)
    response = anyone().get(SLOTS, TOMORROW)
    assert (response.status_code, response.json()) == (
        200,
        [
            {
                "id": slot.pk,
                "office": "xiamen-zhenhai",
                "line": "mainland",
                "starts_at": "2026-08-04T02:00:00Z",
                "ends_at": "2026-08-04T02:30:00Z",
                "state": "open",
                "places_left": 10,
                "opens_at": "2026-07-21T02:00:00Z",
            }
        ],
    )


def test_a_key_sees_the_places_of_its_channel() -> None:
    make_slot(online=1, assisted=3)
    left = [
        make_client().get(SLOTS, TOMORROW | channel).json()[0]["places_left"]
        for channel in ({}, {"channel": "kiosk"}, {"channel": "phone"})
    ]
    assert left == [1, 1, 3]


def test_a_window_says_in_a_word_whether_it_can_be_booked() -> None:
    def at(hour: int, **fields: Any) -> dt.datetime:
        starts_at = NOW + dt.timedelta(days=1, hours=hour)
        make_slot(starts_at=starts_at, **fields)
        return starts_at

    at(1, online=2)
    at(2, online=0)
    at(3, opens_at=NOW + dt.timedelta(hours=1))
    make_slot(starts_at=NOW - dt.timedelta(hours=1))

    def shown(**query: Any) -> list[tuple[str, int]]:
        rows = anyone().get(SLOTS, TOMORROW | query).json()
        return [(row["state"], row["places_left"]) for row in rows]

    assert shown() == [("open", 2), ("full", 0), ("not_yet_open", 0)]
    # What is left is too little for three.
    assert shown(party_size=3) == [("full", 2), ("full", 0), ("not_yet_open", 0)]
    assert shown(date="2026-08-03") == [("closed", 0)]
    assert shown(date="2026-08-09") == []


# --- Days --------------------------------------------------------------------------------------


def test_days_are_those_from_today_when_none_are_named() -> None:
    make_slot(online=10)
    make_slot(online=4, starts_at=NOW + dt.timedelta(days=1, hours=2))
    days = anyone().get(DAYS, {"line": "mainland"}).json()
    assert [days[0]["date"], days[-1]["date"], len(days)] == ["2026-08-03", "2026-08-16", 14]
    assert days[:2] == [
        {"date": "2026-08-03", "state": "closed", "places_left": 0},
        {"date": "2026-08-04", "state": "open", "places_left": 14},
    ]


def test_a_day_counts_windows_with_room_for_the_party() -> None:
    make_slot(online=10)
    make_slot(online=4, starts_at=NOW + dt.timedelta(days=1, hours=2))
    query = {"line": "mainland", "from": "2026-08-04", "to": "2026-08-04"}
    left = [
        anyone().get(DAYS, query | {"party_size": size}).json()[0]["places_left"]
        for size in (4, 5, 11)
    ]
    assert left == [14, 10, 0]


def test_today_is_what_the_offices_clock_says() -> None:
    make_office(timezone="Pacific/Kiritimati")
    make_slot()
    days = anyone().get(DAYS, {"line": "mainland"}).json()
    assert days[0]["date"] == "2026-08-03"
    with time_machine.travel(dt.datetime(2026, 8, 3, 11, tzinfo=dt.UTC)):
        cache.clear()
        assert anyone().get(DAYS, {"line": "mainland"}).json()[0]["date"] == "2026-08-04"


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "query", "parameter"),
    [
        (SLOTS, {"date": "2026-08-04"}, "line"),
        (SLOTS, {"date": "2026-08-04", "line": "moon"}, "line"),
        (SLOTS, {"date": "2026-08-04", "line": "\x00"}, "line"),
        (SLOTS, {"line": "mainland"}, "date"),
        (SLOTS, {"line": "mainland", "date": "4 August"}, "date"),
        (SLOTS, {"line": "mainland", "date": "0001-01-01"}, "date"),
        (SLOTS, TOMORROW | {"party_size": 0}, "party_size"),
        (SLOTS, TOMORROW | {"party_size": 21}, "party_size"),
        (SLOTS, TOMORROW | {"channel": "phone"}, "channel"),
        (DAYS, {"line": "mainland", "from": "9999-12-31"}, "from"),
        (DAYS, {"line": "mainland", "to": "2026-08-02"}, "to"),
        (DAYS, {"line": "mainland", "from": "2026-08-01", "to": "2026-09-01"}, "to"),
    ],
)
def test_a_wrong_parameter_is_named(url: str, query: dict[str, Any], parameter: str) -> None:
    make_slot()
    response = anyone().get(url, query)
    assert refused(response) == (400, "invalid")
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_an_office_that_is_not_active_is_not_there() -> None:
    make_slot(office=make_office(is_active=False))
    assert refused(anyone().get(SLOTS, TOMORROW)) == (404, "not_found")


def test_a_wrong_key_is_refused_even_where_none_is_needed() -> None:
    make_slot()
    response = anyone().get(SLOTS, TOMORROW, HTTP_AUTHORIZATION="Bearer yk_no_such")
    assert refused(response) == (401, "not_authenticated")


# --- Caching -----------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again() -> None:
    make_slot()
    first = anyone().get(SLOTS, TOMORROW)
    assert first["Cache-Control"] == "max-age=1, public"
    again = anyone().get(SLOTS, TOMORROW, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_booking_changes_the_etag() -> None:
    slot = make_slot()
    client = make_client()
    first = client.get(SLOTS, TOMORROW)
    assert first["Cache-Control"] == "max-age=1, private"
    client.post("/api/v1/bookings/", booking_body(slot.pk))
    cache.clear()
    again = client.get(SLOTS, TOMORROW, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.json()[0]["places_left"]) == (200, 9)


def test_within_a_second_the_database_is_not_asked_again(django_assert_num_queries: Any) -> None:
    make_slot()
    anyone().get(SLOTS, TOMORROW)
    with django_assert_num_queries(0):
        assert anyone().get(SLOTS, TOMORROW).json()[0]["places_left"] == 10
    # The places of another channel are another question.
    assert make_client().get(SLOTS, TOMORROW).status_code == 200


@pytest.mark.parametrize(
    ("url", "query", "statements"),
    [(SLOTS, TOMORROW, 5), (DAYS, {"line": "mainland"}, 6)],
)
def test_it_takes_as_many_statements_for_three_windows_as_for_one(
    url: str, query: dict[str, str], statements: int, django_assert_num_queries: Any
) -> None:
    for hour in (1, 2, 3):
        make_slot(starts_at=NOW + dt.timedelta(days=1, hours=hour))
        cache.clear()
        with django_assert_num_queries(statements):
            assert anyone().get(url, query).status_code == 200
