"""/api/v1/offices/{code}/days/ and slots/: open to anyone, and never older than a second."""

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F

from bookings.domain import availability, board
from bookings.domain.availability import SlotView
from bookings.models import Quota, Slot
from offices.domain import catalogue
from offices.models import Office, ServiceLine, Session
from tests.api import anyone, booking_body, make_client
from tests.factories import NOW, make_line, make_office, make_slot

pytestmark = pytest.mark.django_db
DAYS = "/api/v1/offices/xiamen-zhenhai/days/"
SLOTS = "/api/v1/offices/xiamen-zhenhai/slots/"
CROWD = 64
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
                "booking_free": False,
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
        {"date": "2026-08-03", "state": "closed", "places_left": 0, "booking_free": False},
        {"date": "2026-08-04", "state": "open", "places_left": 14, "booking_free": False},
    ]


def session_on_site(**fields: Any) -> Session:
    return Session.objects.create(
        office=make_office(),
        line=make_line(),
        kind="pop_up",
        date=dt.date(2026, 8, 4),
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=10,
        booking_free=True,
        **fields,
    )


def test_a_session_without_booking_is_closed_to_booking_rather_than_full() -> None:
    make_slot(online=0, walk_in=10, session=session_on_site())
    (slot,) = anyone().get(SLOTS, TOMORROW).json()
    assert (slot["state"], slot["places_left"], slot["booking_free"]) == ("closed", 0, True)
    query = {"line": "mainland", "from": "2026-08-04", "to": "2026-08-04"}
    expected = {"date": "2026-08-04", "state": "closed", "places_left": 0, "booking_free": True}
    assert anyone().get(DAYS, query).json() == [expected]
    # Beside it something can be booked.
    make_slot(online=4, starts_at=NOW + dt.timedelta(days=1, hours=6))
    board.wipe()
    beside = expected | {"state": "open", "places_left": 4}
    assert anyone().get(DAYS, query).json() == [beside]


def test_a_session_without_booking_that_staff_closed_calls_nobody_in() -> None:
    slot = make_slot(online=0, walk_in=10, session=session_on_site())
    Slot.objects.filter(pk=slot.pk).update(closed_at=NOW)
    (row,) = anyone().get(SLOTS, TOMORROW).json()
    assert (row["state"], row["booking_free"]) == ("closed", False)


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
    assert first["Cache-Control"] == "no-cache, public"
    again = anyone().get(SLOTS, TOMORROW, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_booking_changes_the_etag() -> None:
    slot = make_slot()
    client = make_client()
    first = client.get(SLOTS, TOMORROW)
    assert first["Cache-Control"] == "no-cache, private"
    client.post("/api/v1/bookings/", booking_body(slot.pk))
    again = client.get(SLOTS, TOMORROW, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.json()[0]["places_left"]) == (200, 9)


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_within_a_second_the_database_is_not_asked_again(django_assert_num_queries: Any) -> None:
    make_slot()
    anyone().get(SLOTS, TOMORROW)
    Quota.objects.update(taken=F("capacity"))
    with django_assert_num_queries(0):
        assert anyone().get(SLOTS, TOMORROW).json()[0]["places_left"] == 10
    board.wipe()
    assert anyone().get(SLOTS, TOMORROW).json()[0]["places_left"] == 0


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_the_same_question_in_other_words_is_not_asked_again(
    django_assert_num_queries: Any,
) -> None:
    make_slot()
    days = {"line": "mainland", "from": "2026-08-04", "to": "2026-08-10"}
    anyone().get(DAYS, days)
    others = [
        days | {"utm_source": "wechat", "_": "1754182800"},
        dict(reversed(days.items())),
        days | {"party_size": "3"},
        days | {"to": "2026-08-05"},
    ]
    with django_assert_num_queries(0):
        assert [anyone().get(DAYS, query).status_code for query in others] == [200] * 4
        assert anyone().get(SLOTS, TOMORROW).status_code == 200


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_a_lost_cache_costs_the_database_nothing(
    settings: Any, django_assert_num_queries: Any
) -> None:
    make_slot()
    anyone().get(SLOTS, TOMORROW)
    lost = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": lost}
    with django_assert_num_queries(0):
        assert anyone().get(SLOTS, TOMORROW).json()[0]["places_left"] == 10


@pytest.mark.usefixtures("facts_kept", "places_kept")
@pytest.mark.parametrize(("url", "query"), [(SLOTS, TOMORROW), (DAYS, {"line": "mainland"})])
def test_it_takes_one_statement_for_three_windows_as_for_one(
    url: str, query: dict[str, str], django_assert_num_queries: Any
) -> None:
    for hour in (1, 2, 3):
        make_slot(starts_at=NOW + dt.timedelta(days=1, hours=hour))
        catalogue.active_offices(), catalogue.lines(), catalogue.office(make_office().pk)
        board.wipe()
        with django_assert_num_queries(1):
            assert anyone().get(url, query).status_code == 200


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_what_is_not_there_costs_nothing(django_assert_num_queries: Any) -> None:
    make_slot()
    anyone().get(SLOTS, TOMORROW)
    with django_assert_num_queries(0):
        assert refused(anyone().get(SLOTS, TOMORROW | {"line": "moon"})) == (400, "invalid")
        assert refused(anyone().get("/api/v1/offices/moon/slots/", TOMORROW)) == (404, "not_found")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_of_a_crowd_that_asks_at_once_one_asks_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_slot()
    anyone().get(SLOTS, TOMORROW)
    asked: list[dt.date] = []

    def slowly(office: Office, line: ServiceLine, first: dt.date, *rest: Any) -> list[SlotView]:
        asked.append(first)
        time.sleep(0.3)
        return windows(office, line, first, *rest)

    windows = availability.windows
    monkeypatch.setattr(availability, "windows", slowly)
    board.wipe()

    def ask(_number: int) -> int:
        left: int = anyone().get(SLOTS, TOMORROW).json()[0]["places_left"]
        connection.close()
        return left

    with ThreadPoolExecutor(CROWD) as crowd:
        assert list(crowd.map(ask, range(CROWD))) == [10] * CROWD
    assert asked == [dt.date(2026, 8, 4)]
