"""/api/v1/bookings/{number}/ and confirm, cancel, reschedule: who may, what changes, what is
refused, and that a retry does nothing twice."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from bookings.domain.lifecycle import expire_holds
from bookings.models import Booking, BookingEvent
from offices.models import Session
from tests.api import anyone, attendee, booking_body, make_client, make_partner
from tests.factories import NOW, make_office, make_slot, quota_of, resident_number

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(minutes=11)
DAY_AFTER_TOMORROW = NOW + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def made(client: APIClient, slot: Any = None, *serials: int, **fields: Any) -> dict[str, Any]:
    response = client.post(
        "/api/v1/bookings/", booking_body((slot or make_slot()).pk, *serials, **fields)
    )
    assert response.status_code == 201
    shape: dict[str, Any] = response.json()
    return shape


def url(booking: dict[str, Any], action: str = "") -> str:
    return f"/api/v1/bookings/{booking['number']}/{action}"


def refused(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def events() -> list[str]:
    return list(BookingEvent.objects.values_list("kind", flat=True))


# --- Who may -----------------------------------------------------------------------------------

ACTIONS = [("get", ""), ("post", "confirm/"), ("post", "cancel/"), ("post", "reschedule/")]


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_without_a_key_there_is_nothing_to_see(method: str, action: str) -> None:
    booking = made(make_client())
    response = getattr(anyone(), method)(url(booking, action))
    assert refused(response) == (401, "not_authenticated")


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_each_method_needs_its_scope(method: str, action: str) -> None:
    booking = made(make_client())
    scope = "bookings:write" if method == "get" else "bookings:read"
    response = getattr(make_client(scope), method)(url(booking, action))
    assert refused(response) == (403, "forbidden")


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_another_partners_booking_is_not_there(method: str, action: str) -> None:
    booking = made(make_client())
    other = make_client(partner=make_partner("Kiosks"))
    response = getattr(other, method)(url(booking, action), {"slot": 1})
    assert refused(response) == (404, "not_found")
    assert Booking.objects.get().status == "confirmed"


@pytest.mark.parametrize(("method", "action"), ACTIONS)
def test_a_booking_at_an_office_that_the_partner_lost_is_not_there(
    method: str, action: str
) -> None:
    partner = make_partner()
    client = make_client(partner=partner)
    booking = made(client)
    partner.offices.set([make_office("jinjiang")])
    response = getattr(client, method)(url(booking, action), {"slot": 1})
    assert refused(response) == (404, "not_found")


# --- Reading -----------------------------------------------------------------------------------


def test_a_booking_reads_as_it_was_answered_when_made() -> None:
    client = make_client()
    booking = made(client, None, 1, 2)
    response = client.get(url(booking))
    # The code is said once, to whoever made it.
    del booking["manage_code"]
    assert (response.json(), response["Cache-Control"]) == (booking, "no-store")


def test_a_hold_past_its_time_reads_expired_before_it_is_swept(
    clock: time_machine.Traveller,
) -> None:
    client = make_client()
    booking = made(client, confirm=False)
    clock.move_to(NOW + LATER)
    before = client.get(url(booking)).json()
    assert expire_holds(NOW + LATER) == 1
    assert before == client.get(url(booking)).json()
    assert (before["status"], before["expires_at"]) == ("expired", None)
    assert list(before["links"]) == ["self"]


@pytest.mark.usefixtures("facts_kept")
def test_reading_takes_as_many_statements_for_three_people_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    client = make_client()
    slot = make_slot()
    for booking in (made(client, slot, 1), made(client, slot, 2, 3, 4)):
        with django_assert_num_queries(4):
            client.get(url(booking))


# --- Confirming --------------------------------------------------------------------------------


def test_a_hold_is_confirmed_once() -> None:
    client = make_client()
    booking = made(client, confirm=False)
    first = client.post(url(booking, "confirm/"))
    again = client.post(url(booking, "confirm/"))
    assert (first.status_code, first.json()["status"]) == (200, "confirmed")
    assert again.json() == first.json()
    assert events() == ["held", "confirmed"]


def test_a_hold_past_its_time_is_not_confirmed(clock: time_machine.Traveller) -> None:
    client = make_client()
    booking = made(client, confirm=False)
    clock.move_to(NOW + LATER)
    assert refused(client.post(url(booking, "confirm/"))) == (409, "hold_expired")


def test_a_cancelled_booking_is_not_confirmed() -> None:
    client = make_client()
    booking = made(client)
    client.post(url(booking, "cancel/"))
    assert refused(client.post(url(booking, "confirm/"))) == (409, "wrong_status")


# --- Cancelling --------------------------------------------------------------------------------


def test_cancelling_gives_the_places_back_once() -> None:
    client, slot = make_client(), make_slot()
    booking = made(client, slot, 1, 2)
    first = client.post(url(booking, "cancel/"))
    again = client.post(url(booking, "cancel/"))
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert again.json() == first.json()
    assert list(first.json()["links"]) == ["self"]
    assert quota_of(slot).taken == 0
    assert events() == ["held", "confirmed", "cancelled"]


def test_on_the_day_it_is_too_late_to_cancel(clock: time_machine.Traveller) -> None:
    client = make_client()
    booking = made(client)
    clock.move_to(NOW + dt.timedelta(days=1))
    response = client.post(url(booking, "cancel/"))
    assert refused(response) == (409, "too_late")
    assert response.json()["until"] == "2026-08-03T16:00:00Z"


def test_what_was_made_on_the_day_may_be_cancelled_and_not_moved() -> None:
    client, today = make_client(), make_slot(starts_at=NOW + dt.timedelta(hours=3))
    booking = made(client, today)
    moved = client.post(url(booking, "reschedule/"), {"slot": make_slot().pk})
    assert refused(moved) == (409, "too_late")
    assert client.post(url(booking, "cancel/")).json()["status"] == "cancelled"


# --- Moving ------------------------------------------------------------------------------------


def test_moving_takes_the_new_places_and_gives_back_the_old() -> None:
    client, slot = make_client(), make_slot()
    other = make_slot(starts_at=DAY_AFTER_TOMORROW)
    booking = made(client, slot, 1, 2)
    first = client.post(url(booking, "reschedule/"), {"slot": other.pk})
    again = client.post(url(booking, "reschedule/"), {"slot": other.pk})
    assert (first.status_code, first.json()["slot"]["id"]) == (200, other.pk)
    assert again.json() == first.json()
    assert (quota_of(slot).taken, quota_of(other).taken) == (0, 2)
    assert events() == ["held", "confirmed", "rescheduled"]


def test_alternatives_of_a_move_are_for_the_people_who_are_booked() -> None:
    client, slot = make_client(), make_slot()
    full = make_slot(online=1, starts_at=DAY_AFTER_TOMORROW)
    session = Session.objects.create(
        office=slot.office,
        line=slot.line,
        kind="student",
        date=full.date,
        opens=dt.time(14),
        closes=dt.time(17),
        capacity=10,
        students_only=True,
    )
    make_slot(starts_at=DAY_AFTER_TOMORROW + dt.timedelta(hours=5), session=session)
    open_to_all = make_slot(starts_at=DAY_AFTER_TOMORROW + dt.timedelta(hours=6))
    booking = made(client, slot, 1, 2)
    response = client.post(url(booking, "reschedule/"), {"slot": full.pk})
    assert [one["id"] for one in response.json()["alternatives"]] == [open_to_all.pk]


def test_without_room_the_booking_stays_where_it_is() -> None:
    client, slot = make_client(), make_slot()
    full = make_slot(online=1, starts_at=DAY_AFTER_TOMORROW)
    booking = made(client, slot, 1, 2)
    response = client.post(url(booking, "reschedule/"), {"slot": full.pk})
    assert refused(response) == (409, "slot_full")
    assert response.json()["alternatives"] == []
    del booking["manage_code"]
    assert client.get(url(booking)).json() == booking
    assert (quota_of(slot).taken, quota_of(full).taken) == (2, 0)


def test_a_booking_moves_among_the_partners_offices_only() -> None:
    client = make_client()
    booking = made(client)
    elsewhere = make_slot(office=make_office("jinjiang"), starts_at=DAY_AFTER_TOMORROW)
    response = client.post(url(booking, "reschedule/"), {"slot": elsewhere.pk})
    assert refused(response) == (400, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/slot"]


def test_a_booking_keeps_to_its_line() -> None:
    client = make_client()
    booking = made(client)
    other_line = make_slot(line="foreigners", starts_at=DAY_AFTER_TOMORROW)
    response = client.post(url(booking, "reschedule/"), {"slot": other_line.pk})
    assert refused(response) == (422, "not_eligible")
    assert [reason["code"] for reason in response.json()["reasons"]] == ["not_offered"]


def test_a_cancelled_booking_does_not_move() -> None:
    client = make_client()
    booking = made(client)
    client.post(url(booking, "cancel/"))
    other = make_slot(starts_at=DAY_AFTER_TOMORROW)
    response = client.post(url(booking, "reschedule/"), {"slot": other.pk})
    assert refused(response) == (409, "wrong_status")


@pytest.mark.parametrize("action", ["confirm/", "cancel/", "reschedule/"])
def test_a_retry_with_its_key_gets_the_first_answer(action: str) -> None:
    client = make_client()
    booking = made(client, confirm=False)
    slot = make_slot(starts_at=DAY_AFTER_TOMORROW)
    body = {"slot": slot.pk} if action == "reschedule/" else {}
    key = {"HTTP_IDEMPOTENCY_KEY": "2f1c"}
    first = client.post(url(booking, action), body, **key)
    # What happened since doesn't show in the first answer.
    client.post(url(booking, "cancel/"))
    again = client.post(url(booking, action), body, **key)
    assert first.status_code == 200
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")


# --- Some people leave -------------------------------------------------------------------------


def test_two_of_three_leave_and_the_answer_names_the_one_who_comes() -> None:
    slot, client = make_slot(online=5), make_client()
    booking = made(client, slot, 1, 2, 3)
    assert [one["position"] for one in booking["attendees"]] == [0, 1, 2]
    response = client.post(url(booking, "cancel/"), {"attendees": [0, 2]})
    shape = response.json()
    assert (response.status_code, shape["status"], shape["places"]) == (200, "confirmed", 1)
    assert [one["position"] for one in shape["attendees"]] == [1]
    assert client.get(url(booking)).json() == shape
    assert quota_of(slot).taken == 1
    again = client.post(url(booking, "cancel/"), {"attendees": [0, 2]})
    assert again.json() == shape
    assert events()[-1] == "reduced"


def test_a_child_is_not_left_alone_and_the_refusal_says_what_to_do() -> None:
    client = make_client()
    child = attendee(2, id_number=resident_number(2, dt.date(2017, 6, 1)))
    booking = made(client, None, attendees=[attendee(1), child])
    response = client.post(url(booking, "cancel/"), {"attendees": [0]})
    assert refused(response) == (422, "not_eligible")
    (reason,) = response.json()["reasons"]
    assert (reason["code"], reason["pointer"]) == ("guardian_needed", "#/attendees/1")
    assert reason["source"] == "National guidance on applying for exit-entry documents"
    assert reason["do"][0] == {
        "code": "bring_adult",
        "label": "Tick an adult as well, or say that an adult comes along",
        "url": "http://testserver/book/people/",
    }
    accompanied = {"attendees": [0], "accompanied": True}
    assert client.post(url(booking, "cancel/"), accompanied).json()["places"] == 1


@pytest.mark.parametrize("attendees", [[], [-1], [0, 2], ["x"], "all"])
def test_positions_are_those_of_the_answer(attendees: Any) -> None:
    client = make_client()
    booking = made(client, None, 1, 2)
    response = client.post(url(booking, "cancel/"), {"attendees": attendees})
    assert refused(response) == (400, "invalid")
    assert Booking.objects.get().places == 2
