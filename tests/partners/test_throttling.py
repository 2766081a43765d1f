"""So many requests a minute; the headers say how many are left."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

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


def test_without_redis_nobody_is_refused(settings: Any) -> None:
    make_office()
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    responses = [anyone().get(URL) for _ in range(4)]
    assert [(r.status_code, "RateLimit" in r) for r in responses] == [(200, False)] * 4
    assert cache.get("anything") is None
