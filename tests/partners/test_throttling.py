"""So many requests a minute; the headers say how many are left."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from partners.api import throttling
from tests.api import anyone, make_client
from tests.factories import NOW, make_office

pytestmark = pytest.mark.django_db
URL = "/api/v1/offices/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        traveller.shift(15)
        yield traveller


@pytest.fixture(autouse=True)
def _small_limits(settings: Any) -> None:
    throttling.forget()
    settings.API_RATE_PER_ADDRESS = 2
    settings.API_RATE_PER_KEY = 3


def limit(response: Any) -> tuple[int, str, str]:
    return response.status_code, response["RateLimit-Policy"], response["RateLimit"]


def test_an_address_may_ask_so_often_in_a_minute(clock: time_machine.Traveller) -> None:
    policy = '"address";q=2;w=60'
    assert [limit(anyone().get(URL)) for _ in range(3)] == [
        (200, policy, '"address";r=1;t=45'),
        (200, policy, '"address";r=0;t=45'),
        (429, policy, '"address";r=0;t=45'),
    ]
    clock.shift(45)
    assert limit(anyone().get(URL)) == (200, policy, '"address";r=1;t=60')


def test_who_asks_too_often_hears_when_to_come_back() -> None:
    for _ in range(2):
        anyone().get(URL)
    response = anyone().get(URL)
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["code"], response["Retry-After"]) == ("rate_limited", "45")


def test_each_key_and_each_address_has_a_limit_of_its_own() -> None:
    first, second = make_client(), make_client()
    remaining = [
        client.get(URL, **origin)["RateLimit"]
        for client, origin in [
            (first, {}),
            (first, {}),
            (second, {}),
            (anyone(), {}),
            (anyone(), {"REMOTE_ADDR": "203.0.113.9"}),
        ]
    ]
    assert remaining == [
        '"key";r=2;t=45',
        '"key";r=1;t=45',
        '"key";r=2;t=45',
        '"address";r=1;t=45',
        '"address";r=1;t=45',
    ]


def test_a_forwarded_address_is_not_believed_unless_a_proxy_is_trusted() -> None:
    remaining = [
        anyone().get(URL, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")["RateLimit"] for n in range(2)
    ]
    assert remaining == ['"address";r=1;t=45', '"address";r=0;t=45']


def test_refusals_say_what_is_left_too() -> None:
    response = make_client("bookings:read").get(f"{URL}nowhere/")
    assert limit(response) == (404, '"key";q=3;w=60', '"key";r=2;t=45')


def test_two_processes_share_one_limit(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE_PER_ADDRESS = 400

    def answers(process: Any, count: int) -> list[int]:
        monkeypatch.setattr(throttling, "_shares", process)
        return [anyone().get(URL).status_code for _ in range(count)]

    here: dict[str, Any] = {}
    there: dict[str, Any] = {}
    # Each takes four at a time, so that three are left here while the other goes on.
    assert answers(here, 1) == [200]
    seen = answers(there, 400)
    assert (seen.count(200), seen.count(429)) == (396, 4)
    assert answers(here, 4) == [200, 200, 200, 429]


def test_redis_is_asked_once_for_a_hundredth_of_the_limit(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_RATE_PER_ADDRESS = 1000
    asked: list[int] = []
    count = throttling._count

    def noted(key: str, many: int) -> int | None:
        asked.append(many)
        return count(key, many)

    monkeypatch.setattr(throttling, "_count", noted)
    left = [limit(anyone().get(URL))[2] for _ in range(25)]
    assert asked == [10, 10, 10]
    assert [left[0], left[10], left[24]] == [f'"address";r={n};t=45' for n in (999, 989, 975)]


def test_a_crowd_of_threads_uses_each_number_once() -> None:
    with ThreadPoolExecutor(16) as crowd:
        used = crowd.map(lambda _: throttling._use("rate:crowd", 500), range(500))
    assert set(used) == set(range(1, 501))


def test_without_redis_nobody_is_refused(settings: Any) -> None:
    make_office()
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    responses = [anyone().get(URL) for _ in range(4)]
    assert [(r.status_code, "RateLimit" in r) for r in responses] == [(200, False)] * 4
    assert cache.get("anything") is None
