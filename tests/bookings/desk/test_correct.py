"""Staff put right who is booked, and for what (帮办)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from bookings.domain.parties import Actor
from bookings.domain.promise import book, hold_places
from bookings.enums import EventKind
from bookings.models import Attendee, Booking, BookingEvent, Slot
from offices.enums import Role
from tests.citizens import PHONE, make_account, signed_in
from tests.factories import (
    NOW,
    make_identity,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(hall) -> Slot:
    return make_slot(10, office=hall)


@pytest.fixture
def booking(slot: Slot) -> Booking:
    people = (make_person(name="演示甲"), make_person(name="演示乙"))
    return book(make_party(slot, people=people, phone=PHONE), Actor(account=make_account()), NOW)


def url(booking: Booking, position: int = 0) -> str:
    return f"/desk/xiamen-zhenhai/bookings/{booking.number}/correct/{position}/"


def typed(one: Attendee, **fields: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "id_type": one.id_type,
        "id_number": "",
        "priority": one.priority,
        "services": ["passport-first"],
        "checked": ["name", "materials"],
        "reason": "document_shown",
    } | fields


def somebody(booking: Booking, position: int = 0) -> Attendee:
    return booking.attendees.get(position=position)


@pytest.mark.row("JJ-03")
def test_staff_correct_details_and_the_history_names_the_operator_and_says_assisted(
    desk: Client, booking: Booking
) -> None:
    services = ["passport-first", "hkm-permit-first"]
    form = typed(somebody(booking), name="演示佳", services=services)
    answer = desk.post(url(booking), form, follow=True)
    assert answer.redirect_chain == [(f"/desk/xiamen-zhenhai/bookings/{booking.number}/", 302)]
    one = somebody(booking)
    assert one.name == "演示佳"
    assert [each.service.code for each in one.applications.all()] == services
    event = BookingEvent.objects.get(booking=booking, kind=EventKind.CORRECTED)
    assert event.account is not None
    assert event.account.username == "supervisor"
    text = answer.text
    assert "帮办 supervisor" in text
    assert "姓名、办理业务 · 与出示的证件不一致 · 已与证件核对姓名 · 材料齐全，或已告知缺项" in text


def test_the_history_holds_nothing_of_the_person(desk: Client, booking: Booking) -> None:
    desk.post(url(booking), typed(somebody(booking), name="演示佳"))
    event = BookingEvent.objects.get(booking=booking, kind=EventKind.CORRECTED)
    assert event.data == {
        "position": 0,
        "changed": ["name"],
        "reason": "document_shown",
        "checked": ["name", "materials"],
    }


def test_the_holder_is_told_and_sees_it(desk: Client, booking: Booking) -> None:
    desk.post(url(booking), typed(somebody(booking), services=["hkm-permit-first"]))
    told = Message.objects.get(reference=booking.number, kind=MessageKind.OFFICE_NOTICE)
    assert "工作人员已帮您更正此预约的信息，请核对" in render(told)
    page = signed_in(make_account()).get(f"/bookings/{booking.number}/")
    assert page.context["events"][0].what == "工作人员帮办：信息已更正"
    reminders = Message.objects.filter(reference=booking.number, kind=MessageKind.REMINDER_DAY)
    states = dict(reminders.values_list("version", "state"))
    assert states == {0: MessageState.WITHDRAWN, 1: MessageState.PENDING}


def test_the_form_shows_no_number_in_full_and_an_empty_one_stays(
    desk: Client, booking: Booking
) -> None:
    one = somebody(booking)
    page = desk.get(url(booking)).text
    assert one.id_number not in page
    assert one.masked_number in page
    desk.post(url(booking), typed(one, name="演示佳"))
    assert somebody(booking).id_number == one.id_number


def test_another_number_makes_them_another_person(desk: Client, booking: Booking) -> None:
    right = make_identity()
    desk.post(url(booking, 1), typed(somebody(booking, 1), id_number=right.number))
    assert bytes(somebody(booking, 1).identity_hash) == right.hash


def test_a_person_who_is_booked_already_is_refused(
    desk: Client, booking: Booking, slot: Slot
) -> None:
    other = make_person()
    book(make_party(slot, people=(other,)), Actor(), NOW)
    answer = desk.post(url(booking), typed(somebody(booking), id_number=other.identity.number))
    assert answer.status_code == 200
    assert "演示甲" in str(answer.context["form"].non_field_errors())
    assert bytes(somebody(booking).identity_hash) != other.identity.hash
    assert not booking.events.filter(kind=EventKind.CORRECTED).exists()


def test_a_hold_of_them_that_has_run_out_is_not_in_the_way(
    desk: Client, booking: Booking, slot: Slot
) -> None:
    other = make_person()
    held = hold_places(make_party(slot, people=(other,)), Actor(), NOW)
    Booking.objects.filter(pk=held.pk).update(expires_at=NOW)
    desk.post(url(booking), typed(somebody(booking), id_number=other.identity.number))
    assert bytes(somebody(booking).identity_hash) == other.identity.hash
    assert quota_of(slot).taken == 2


def test_a_child_left_alone_by_the_correction_is_refused(desk: Client, slot: Slot) -> None:
    alone = book(make_party(slot, people=(make_person(name="演示丙"),)), Actor(), NOW)
    child = make_identity(dt.date(2017, 6, 1))
    answer = desk.post(url(alone), typed(somebody(alone), id_number=child.number))
    assert "监护人" in answer.text
    accompanied = typed(somebody(alone), id_number=child.number, accompanied="on")
    assert desk.post(url(alone), accompanied).status_code == 302


def test_services_of_other_counters_are_no_choice(desk: Client, booking: Booking) -> None:
    answer = desk.post(url(booking), typed(somebody(booking), services=["visa-extension"]))
    assert answer.status_code == 200
    assert [e.service.code for e in somebody(booking).applications.all()] == ["passport-first"]


def test_where_a_place_is_for_each_document_one_more_takes_one_more(client: Client) -> None:
    hall = make_office("per-document", policy={"place_per_document": True})
    slot = make_slot(2, office=hall)
    own = book(make_party(slot, people=(make_person(name="演示丙"),)), Actor(), NOW)
    sign_in(client, make_staff(office=hall))
    page = f"/desk/per-document/bookings/{own.number}/correct/0/"
    two, three = ["passport-first", "hkm-permit-first"], ["tw-permit-first"]
    client.post(page, typed(somebody(own), services=two))
    own.refresh_from_db()
    assert (own.places, quota_of(slot).taken) == (2, 2)
    refused = client.post(page, typed(somebody(own), services=two + three))
    assert refused.status_code == 200
    assert quota_of(slot).taken == 2
    client.post(page, typed(somebody(own), services=three))
    assert quota_of(slot).taken == 1


def test_nothing_changed_is_no_correction(desk: Client, booking: Booking) -> None:
    desk.post(url(booking), typed(somebody(booking)))
    assert not booking.events.filter(kind=EventKind.CORRECTED).exists()


def test_somebody_who_is_not_there_and_a_booking_that_is_over(
    desk: Client, booking: Booking
) -> None:
    assert desk.get(url(booking, 7)).status_code == 404
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")
    assert desk.get(url(booking)).status_code == 404


def test_an_auditor_who_only_looks_may_not(client: Client, booking: Booking, hall) -> None:
    sign_in(client, make_staff(Role.OVERSEER, office=hall))
    assert client.post(url(booking), typed(somebody(booking))).status_code in {403, 404}
