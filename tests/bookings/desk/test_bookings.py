"""Finding a booking, and what staff do about it."""

import datetime as dt

import pytest

from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM, Person
from bookings.domain.promise import book
from bookings.enums import EventKind, Status
from bookings.models import Booking
from offices.enums import Role
from tests.factories import NOW, make_office, make_party, make_person, make_slot, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
FIND = "/desk/xiamen-zhenhai/bookings/"


@pytest.fixture
def somebody() -> Person:
    return make_person(name="演示甲")


@pytest.fixture
def booking(hall, somebody) -> Booking:
    return book(make_party(make_slot(online=5), people=(somebody,)), SYSTEM, NOW)


def url(booking: Booking) -> str:
    return f"{FIND}{booking.number}/"


@pytest.mark.parametrize("by", ["number", "phone", "resident_id"])
def test_one_booking_found_is_opened(desk, booking, somebody, by):
    text = {
        "number": f"{booking.number[:4]} {booking.number[4:8]} {booking.number[8:]}",
        "phone": "13800138000",
        "resident_id": somebody.identity.number.lower(),
    }[by]
    response = desk.post(FIND, {"by": by, "text": text})
    assert response.url == url(booking)


def test_several_are_listed_newest_first(desk, booking):
    later = book(make_party(make_slot(starts_at=NOW + 49 * HOUR)), SYSTEM, NOW)
    response = desk.post(FIND, {"by": "phone", "text": "13800138000"})
    assert response.context["found"] == [later, booking]


def test_none_found_is_said(desk, booking):
    response = desk.post(FIND, {"by": "phone", "text": "13900139000"})
    assert "本大厅没有相符的预约" in response.text


@pytest.mark.parametrize(
    ("by", "text"),
    [("number", "123456789012"), ("phone", "12"), ("resident_id", "3500"), ("number", "")],
)
def test_a_number_that_can_not_be_is_refused_at_its_field(desk, by, text):
    response = desk.post(FIND, {"by": by, "text": text})
    assert list(response.context["form"].errors) == ["text"]


def test_a_document_number_comes_into_no_address(desk, somebody, booking):
    response = desk.get(f"{FIND}?by=resident_id&text={somebody.identity.number}")
    assert response.context["found"] == []


def test_a_booking_of_another_office_is_not_found(desk):
    foreign = book(make_party(make_slot(office=make_office("harbin-city"))), SYSTEM, NOW)
    response = desk.post(FIND, {"by": "number", "text": foreign.number})
    assert response.context["found"] == []
    assert desk.get(url(foreign)).status_code == 404
    assert desk.post(url(foreign), {"act": "cancel", "sure": "on"}).status_code == 404


def test_the_booking_shows_its_people_with_masked_numbers(desk, booking, somebody):
    text = desk.get(url(booking)).text
    assert "演示甲" in text
    assert somebody.identity.masked in text
    assert somebody.identity.number not in text


def test_staff_move_a_booking_also_after_the_holders_deadline(desk, supervisor):
    today = make_slot(online=5, starts_at=NOW + HOUR)
    booking = book(make_party(today), SYSTEM, NOW)
    tomorrow = make_slot(online=5)
    desk.post(url(booking), {"act": "move", "slot": tomorrow.pk})
    booking.refresh_from_db()
    assert booking.slot == tomorrow
    assert (quota_of(today).taken, quota_of(tomorrow).taken) == (0, 1)
    moved = booking.events.get(kind=EventKind.RESCHEDULED)
    assert moved.account == supervisor
    assert Message.objects.filter(kind=MessageKind.RESCHEDULED).count() == 1


def test_a_booking_moves_to_no_full_window_and_no_other_office(desk, booking):
    full = make_slot(online=0, starts_at=NOW + 27 * HOUR)
    response = desk.post(url(booking), {"act": "move", "slot": full.pk})
    assert response.context["problem"] != ""
    foreign = make_slot(office=make_office("harbin-city"))
    for slot in (foreign.pk, "", "next"):
        assert desk.post(url(booking), {"act": "move", "slot": slot}).status_code == 404
    booking.refresh_from_db()
    assert booking.version == 0


def test_the_windows_of_another_day_are_offered(desk, booking):
    make_slot(online=5, starts_at=NOW + 49 * HOUR)
    response = desk.get(f"{url(booking)}?date=2026-08-05")
    assert [hours for _view, hours, _level in response.context["windows"]] == ["10:00–10:30"]


def test_a_booking_is_cancelled_only_when_one_is_sure(desk, booking):
    response = desk.post(url(booking), {"act": "cancel"})
    assert list(response.context["form"].errors) == ["sure"]
    desk.post(url(booking), {"act": "cancel", "sure": "on"})
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED
    assert quota_of(booking.slot).taken == 0


def test_the_holder_is_written_to_once_for_each_time(desk, booking):
    assert desk.get(url(booking)).context["tellable"]
    empty = desk.post(url(booking), {"act": "tell", "notice": ""})
    assert list(empty.context["form"].errors) == ["notice"]
    desk.post(url(booking), {"act": "tell", "notice": "请提前10分钟到达。"})
    assert Message.objects.get(kind=MessageKind.OFFICE_NOTICE).reference == booking.number
    assert not desk.get(url(booking)).context["tellable"]


def test_a_booking_that_has_ended_offers_nothing(desk, booking):
    cancel(booking.pk, SYSTEM, NOW)
    assert 'name="act"' not in desk.get(url(booking)).text
    response = desk.post(
        url(booking), {"act": "move", "slot": make_slot(starts_at=NOW + 30 * HOUR).pk}
    )
    assert response.context["problem"] != ""


def test_a_guide_finds_bookings_and_changes_none(client, hall, booking):
    sign_in(client, make_staff(Role.GUIDE, office=hall))
    assert 'name="act"' not in client.get(url(booking)).text
    assert client.post(url(booking), {"act": "cancel", "sure": "on"}).status_code == 403
    assert Booking.objects.get().status == Status.CONFIRMED


def test_an_act_that_does_not_exist_is_not_found(desk, booking):
    assert desk.post(url(booking), {"act": "frame"}).status_code == 404


def test_a_desk_for_training_says_that_its_messages_stay_here(client):
    drill = make_office("drill", is_training=True)
    sign_in(client, make_staff(office=drill, username="trainee"))
    booking = book(make_party(make_slot(office=drill)), SYSTEM, NOW)
    text = client.get(f"/desk/drill/bookings/{booking.number}/").text
    assert "培训用，不发短信和邮件" in text
    assert text.count("模拟，未实际发送") == Message.objects.count() == 3


def test_staff_take_one_of_three_out_and_the_holder_is_told(desk, hall):
    slot = make_slot(online=5)
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    response = desk.post(url(booking), {"act": "leave", "people": ["1"]})
    assert response.url == url(booking)
    booking.refresh_from_db()
    assert (booking.places, quota_of(slot).taken) == (2, 2)
    event = booking.events.last()
    assert (event.kind, event.account.is_staff) == (EventKind.REDUCED, True)
    assert Message.objects.filter(kind=MessageKind.PARTY_REDUCED).count() == 1
    gone = booking.attendees.get(position=1)
    assert gone.name not in desk.get(url(booking)).text


def test_staff_leave_no_child_alone_either(desk, hall):
    slot = make_slot(online=5)
    child = make_person(born=dt.date(2017, 6, 1))
    booking = book(make_party(slot, people=(make_person(), child)), SYSTEM, NOW)
    response = desk.post(url(booking), {"act": "leave", "people": ["0"]})
    assert "未满16周岁" in response.text
    assert quota_of(slot).taken == 2
