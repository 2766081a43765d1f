"""The phone desk: an operator books for a caller."""

import datetime as dt

import pytest
from django.test import Client

from applicants.domain.consents import VERSIONS
from applicants.domain.texts import render
from applicants.enums import ConsentKind, MessageKind
from applicants.models import Message
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.enums import Channel, EventKind, Status
from bookings.models import Booking
from offices.enums import Pool, Role, SessionKind
from offices.models import Session
from tests.factories import (
    NOW,
    make_identity,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
BOOK = "/desk/xiamen-zhenhai/book/"


@pytest.fixture
def operator(client: Client, hall) -> Client:
    return sign_in(client, make_staff(Role.CLERK, office=hall, username="operator"))


def person(position: int = 0, **fields: object) -> dict[str, object]:
    typed = {
        "name": f"演示{'甲乙丙'[position]}",
        "id_type": "resident_id",
        "id_number": make_identity().number,
        "priority": "none",
        "services": ["passport-first"],
        **fields,
    }
    return {f"people-{position}-{name}": value for name, value in typed.items()}


def call(
    window, *people: dict[str, object], do: str = "book", **fields: object
) -> dict[str, object]:
    sheet: dict[str, object] = {
        "do": do,
        "channel": "phone",
        "line": window.line.code,
        "date": window.date.isoformat(),
        "slot": window.pk,
        "phone": "138 0013 8000",
        "language": "zh-hans",
        "notice_read": "on",
        "people-TOTAL_FORMS": len(people),
        "people-INITIAL_FORMS": 0,
    }
    for one in people:
        sheet |= one
    return sheet | fields


@pytest.mark.row("XM-12")
def test_an_operator_books_for_a_caller_who_gets_a_text_message(operator):
    slot = make_slot(online=5, assisted=5)
    response = operator.post(BOOK, call(slot, person()), follow=True)
    booking = Booking.objects.get()
    assert (booking.status, booking.channel) == (Status.CONFIRMED, Channel.PHONE)
    assert (booking.operator.username, booking.account) == ("operator", None)
    assert booking.quota == quota_of(slot, Pool.ASSISTED)
    assert response.redirect_chain == [(f"/desk/xiamen-zhenhai/bookings/{booking.number}/", 302)]
    number = booking.number
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in response.text
    assert "请报读预约号" in response.text
    message = Message.objects.get(kind=MessageKind.CONFIRMED)
    assert (message.medium, message.recipient) == ("sms", "+8613800138000")
    assert number[:4] in render(message)


def test_a_party_with_several_services_is_booked_as_one(operator):
    slot = make_slot(online=5, assisted=5)
    both = person(1, services=["passport-first", "hkm-permit-first"])
    operator.post(BOOK, call(slot, person(), both, person(2)))
    booking = Booking.objects.get()
    assert (booking.places, booking.attendees.count()) == (3, 3)
    assert [a.applications.count() for a in booking.attendees.all()] == [1, 2, 1]


def test_a_row_in_which_nothing_was_typed_is_left_out(operator):
    slot = make_slot(assisted=5)
    empty = {"people-1-id_type": "resident_id", "people-1-priority": "none"}
    operator.post(BOOK, call(slot, person(), empty))
    assert Booking.objects.get().places == 1


def test_adding_a_person_and_showing_other_times_keep_what_was_typed(operator):
    slot = make_slot(assisted=5)
    typed = person(services=["passport-first", "hkm-permit-first"])
    response = operator.post(BOOK, call(slot, typed, do="more"))
    people = response.context["people"]
    assert people.total_form_count() == 2
    assert people[0]["name"].value() == "演示甲"
    assert people[0]["services"].value() == ["passport-first", "hkm-permit-first"]
    assert response.context["form"]["phone"].value() == "138 0013 8000"
    assert "error-summary" not in response.text
    other_day = operator.post(BOOK, call(slot, typed, do="show", date="2026-08-05"))
    assert other_day.context["people"][0]["id_number"].value() == typed["people-0-id_number"]
    assert other_day.context["windows"] == []
    assert Booking.objects.count() == 0


def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(operator):
    slot = make_slot(assisted=5)
    wrong = person(id_number="350000199001010011")
    response = operator.post(BOOK, call(slot, wrong, phone="12"))
    assert list(response.context["form"].errors) == ["phone"]
    assert list(response.context["people"][0].errors) == ["id_number"]
    assert response.context["people"][0]["name"].value() == "演示甲"
    assert response.context["chosen"] == str(slot.pk)
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"slot": ""}, "slot"), ({"phone": ""}, "phone"), ({"slot": "0"}, "slot")],
)
def test_a_call_needs_a_window_and_a_phone(operator, fields, wrong):
    response = operator.post(BOOK, call(make_slot(assisted=5), person(), **fields))
    assert list(response.context["form"].errors) == [wrong]


def test_somebody_at_the_counter_needs_no_phone(operator):
    slot = make_slot(assisted=5)
    operator.post(BOOK, call(slot, person(), channel="counter", phone=""))
    assert Booking.objects.get().channel == Channel.COUNTER
    assert Message.objects.count() == 0


def test_places_left_are_those_of_the_phone(operator):
    make_slot(online=3, assisted=5)
    [window] = operator.get(f"{BOOK}?date=2026-08-04").context["windows"]
    assert window.view.places_left == 5


def test_a_window_that_is_full_meanwhile_is_refused_kindly(operator):
    slot = make_slot(online=0, assisted=1)
    sheet = call(slot, person(), person(1))
    response = operator.post(BOOK, sheet)
    assert len(response.context["problems"]) == 1
    assert response.context["people"][1]["name"].value() == "演示乙"
    assert Booking.objects.count() == 0


def test_who_has_a_booking_already_is_named(operator):
    slot = make_slot(online=5, assisted=5)
    known = make_person(name="演示甲")
    book(make_party(slot, people=(known,)), SYSTEM, NOW)
    response = operator.post(BOOK, call(slot, person(id_number=known.identity.number)))
    assert "演示甲" in response.context["problems"][0]
    assert Booking.objects.count() == 1


def test_every_reason_against_a_party_is_said(operator):
    slot = make_slot(assisted=5)
    passport = person(
        id_type="passport", id_number="E1234567", birth_date="1990-01-01", nationality="FR"
    )
    response = operator.post(BOOK, call(slot, passport))
    assert len(response.context["problems"]) == 1


def test_more_people_than_a_party_may_have_are_not_offered(operator):
    slot = make_slot(assisted=9)
    rows = [person(0)] + [{} for _row in range(4)]
    assert not operator.post(BOOK, call(slot, *rows, do="more")).context["room_for_more"]


def test_a_window_of_another_office_is_not_booked_from_this_desk(operator):
    make_slot(assisted=5)
    foreign = make_slot(assisted=5, office=make_office("harbin-city"))
    response = operator.post(BOOK, call(foreign, person()))
    assert list(response.context["form"].errors) == ["slot"]


def test_an_office_without_windows_says_so(operator):
    assert "尚未放号" in operator.get(BOOK).text


def test_a_student_is_booked_into_a_session_for_students(operator, hall):
    session = Session.objects.create(
        office=hall,
        line=make_line(),
        kind=SessionKind.STUDENT,
        date=dt.date(2026, 8, 8),
        opens=dt.time(9),
        closes=dt.time(10),
        capacity=5,
        students_only=True,
        residents_of="厦门",
    )
    slot = make_slot(assisted=5, session=session, starts_at=NOW + dt.timedelta(days=5))
    sheet = operator.get(BOOK, {"date": "2026-08-08"})
    assert "09:00–09:30 · 学生专场 · 限学生及陪同的成年人 · 限厦门居民" in sheet.text
    response = operator.post(BOOK, call(slot, person()))
    assert [problem[:6] for problem in response.context["problems"]] == ["“学生专场”"] * 2
    operator.post(BOOK, call(slot, person(is_student="on", home_city="厦门")))
    attendee = Booking.objects.get().attendees.get()
    assert (attendee.is_student, attendee.home_city) == (True, "厦门")


def test_the_purpose_is_noted_where_the_caller_says_it(operator):
    slot = make_slot(online=5, assisted=5)
    operator.post(BOOK, call(slot, person(), purpose="study"))
    operator.post(BOOK, call(slot, person()))
    assert list(Booking.objects.order_by("pk").values_list("purpose", flat=True)) == ["study", ""]


def test_the_notice_is_read_out_before_and_the_booking_remembers_it(operator):
    slot = make_slot(online=5, assisted=5)
    page = operator.post(BOOK, call(slot, person(), notice_read=""))
    assert "notice_read" in page.context["form"].errors
    assert "90天" in page.text
    operator.post(BOOK, call(slot, person()))
    event = Booking.objects.get().events.get(kind=EventKind.INFORMED)
    version = VERSIONS[ConsentKind.NOTICE]
    assert (event.account.username, event.data) == ("operator", {"version": version})
