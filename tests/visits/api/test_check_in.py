"""POST /api/v1/bookings/{number}/check-in/: who may, what it gives, what is refused."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.api import anyone, booking_body, make_client, make_partner
from tests.factories import NOW, make_office, make_slot
from visits.models import Ticket

pytestmark = pytest.mark.django_db
IN_TIME = NOW + dt.timedelta(days=1, minutes=40)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def number() -> str:
    body = booking_body(make_slot().pk, 1, 2, 3)
    return str(make_client().post("/api/v1/bookings/", body).json()["number"])


def check_in(client: Any, number: str) -> Any:
    return client.post(f"/api/v1/bookings/{number}/check-in/")


def refused(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_party_gets_one_queue_number_however_often_it_asks(
    number: str, clock: time_machine.Traveller
) -> None:
    client = make_client()
    clock.move_to(IN_TIME)
    first, again = check_in(client, number), check_in(client, number)
    assert first.status_code == 200
    assert first.json() == {
        "booking": number,
        "ticket": "A001",
        "arrival": "early",
        "office": "xiamen-zhenhai",
        "line": "mainland",
        "checked_in_at": "2026-08-04T01:40:00Z",
        "callable_from": "2026-08-04T02:00:00Z",
    }
    assert again.json() == first.json()
    assert Ticket.objects.count() == 1
    shown = client.get(f"/api/v1/bookings/{number}/").json()
    assert (shown["status"], list(shown["links"])) == ("checked_in", ["self"])


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (NOW, "not_today"),
        (IN_TIME - dt.timedelta(minutes=11), "too_early"),
        (IN_TIME + dt.timedelta(days=1), "not_today"),
    ],
)
def test_there_is_no_number_at_another_time(
    number: str, clock: time_machine.Traveller, moment: dt.datetime, code: str
) -> None:
    client = make_client()
    clock.move_to(moment)
    response = check_in(client, number)
    assert refused(response) == (409, code)
    assert response.json()["title"]
    assert Ticket.objects.count() == 0


def test_a_cancelled_booking_gets_no_number(number: str, clock: time_machine.Traveller) -> None:
    client = make_client()
    client.post(f"/api/v1/bookings/{number}/cancel/")
    clock.move_to(IN_TIME)
    assert refused(check_in(client, number)) == (409, "wrong_status")


def test_only_the_partner_that_booked_checks_in(number: str, clock: time_machine.Traveller) -> None:
    clock.move_to(IN_TIME)
    assert refused(check_in(anyone(), number)) == (401, "not_authenticated")
    assert refused(check_in(make_client("bookings:read"), number)) == (403, "forbidden")
    other = make_client(partner=make_partner("Kiosks", make_office()))
    assert refused(check_in(other, number)) == (404, "not_found")
