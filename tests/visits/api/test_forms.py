"""POST /api/v1/forms/: who may, what is filled in, what stays hidden."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Booking
from tests.api import anyone, make_client, make_partner
from tests.factories import NOW, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db
URL = "/api/v1/forms/"


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def booking() -> Booking:
    """Of two, for today, by whomever."""
    people = (make_person("passport-first", "hkm-permit-first", name="演示甲"), make_person())
    slot = make_slot(starts_at=NOW + dt.timedelta(minutes=15))
    return book(make_party(slot, people=people, purpose="tourism"), SYSTEM, NOW)


def card(booking: Booking, **fields: Any) -> dict[str, Any]:
    one = booking.attendees.get(position=0)
    asked = {"office": "xiamen-zhenhai", "id_type": one.id_type, "id_number": one.id_number}
    return asked | fields


def test_a_card_returns_the_booking_and_what_fills_the_form(booking: Booking) -> None:
    one = booking.attendees.get(position=0)
    response = make_client("bookings:read").post(URL, card(booking))
    assert response.status_code == 200
    (form,) = response.json()["forms"]
    slot = form.pop("slot")
    assert slot["id"] == booking.slot_id
    assert form == {
        "booking": booking.number,
        "status": "confirmed",
        "person": {
            "position": 0,
            "name": "演**",
            "id_type": "resident_id",
            "id_number": one.masked_number,
            "services": ["passport-first", "hkm-permit-first"],
            "priority": "none",
        },
        "nationality": "",
        "delivery": "pickup",
        "purpose": "tourism",
        "people": 2,
    }


def test_without_a_booking_for_today_the_list_is_empty(booking: Booking) -> None:
    client = make_client("bookings:read")
    asked = card(booking)
    cancel(booking.pk, SYSTEM, NOW, by_staff=True)
    tomorrow = make_person()
    book(make_party(make_slot(), people=(tomorrow,)), SYSTEM, NOW)
    assert client.post(URL, asked).json() == {"forms": []}
    later = asked | {"id_number": tomorrow.identity.number}
    assert client.post(URL, later).json() == {"forms": []}


def test_only_at_the_offices_of_the_key(booking: Booking) -> None:
    elsewhere = make_client(partner=make_partner("Kiosks", make_office("harbin-city")))
    assert elsewhere.post(URL, card(booking)).status_code == 404
    assert elsewhere.post(URL, card(booking, office="harbin-city")).json() == {"forms": []}


def test_a_key_that_may_only_write_and_no_key_are_refused(booking: Booking) -> None:
    assert make_client("bookings:write").post(URL, card(booking)).status_code == 403
    assert anyone().post(URL, card(booking)).status_code == 401


def test_a_number_that_can_not_be_is_refused_at_its_field(booking: Booking) -> None:
    response = make_client("bookings:read").post(URL, card(booking, id_number="123"))
    assert response.status_code == 400
    assert [each["pointer"] for each in response.json()["errors"]] == ["#/id_number"]


def test_the_party_costs_no_queries(booking: Booking, django_assert_num_queries: Any) -> None:
    client, asked = make_client("bookings:read"), card(booking)
    client.post(URL, asked)
    with django_assert_num_queries(6):
        client.post(URL, asked)
