"""After booking: contact and delivery, booking again, coming late."""

import datetime as dt
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from applicants.domain.manage_code import manage_code
from applicants.enums import MessageKind, MessageState
from applicants.models import Account, Applicant, Message
from bookings.domain.lateness import late_today
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.enums import EventKind, Status
from bookings.models import Booking, Slot
from bookings.pages.citizen.announced import ABOUT_A_BOOKING, ABOUT_THE_REST
from offices.models import Office
from tests.citizens import confirmed, hold, make_account, signed_in
from tests.factories import NOW
from tests.staff import make_staff, sign_in

COURIER = {"delivery": "courier_both", "delivery_address": "厦门市文曾路7号 演示甲 13800138000"}


@pytest.fixture
def booking(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    return confirmed(citizen, slot, family)


def url(booking: Booking, page: str = "") -> str:
    return f"/bookings/{booking.number}/{page}"


def contact(**fields: Any) -> dict[str, Any]:
    return {
        "phone": "138 0013 8000",
        "email": "",
        "language": "zh-hans",
        "delivery": "pickup",
        "delivery_address": "",
    } | fields


class TestContactAndDelivery:
    @pytest.mark.row("XM-09")
    def test_an_address_is_kept_only_if_a_courier_is_chosen(
        self, citizen: Client, booking: Booking
    ) -> None:
        for delivery in ("courier", "courier_both"):
            without = citizen.post(url(booking, "contact/"), contact(delivery=delivery))
            assert "请填写收件地址" in without.text
            citizen.post(url(booking, "contact/"), contact(**COURIER | {"delivery": delivery}))
            booking.refresh_from_db()
            assert booking.delivery_address == COURIER["delivery_address"]
        citizen.post(url(booking, "contact/"), contact(**COURIER | {"delivery": "pickup"}))
        booking.refresh_from_db()
        assert (booking.delivery, booking.delivery_address) == ("pickup", "")

    def test_both_ways_is_one_parcel_as_well(self, citizen: Client, booking: Booking) -> None:
        citizen.post(url(booking, "contact/"), contact(**COURIER))
        text = citizen.get(url(booking)).text
        assert "双向速递，合并为一个包裹寄送：厦门市文曾路7号" in text
        assert citizen.get(url(booking)).context["by_courier"]

    def test_reminders_follow_to_the_new_number(self, citizen: Client, booking: Booking) -> None:
        citizen.post(url(booking, "contact/"), contact(phone="139 0013 9000", language="en"))
        pending = Message.objects.filter(
            reference=booking.number, state=MessageState.PENDING
        ).exclude(kind=MessageKind.CONFIRMED)
        assert {(one.recipient, one.language) for one in pending} == {("+8613900139000", "en")}
        assert pending.count() == 2

    def test_the_history_says_what_and_nothing_personal(
        self, citizen: Client, booking: Booking
    ) -> None:
        citizen.post(url(booking, "contact/"), contact(**COURIER))
        event = booking.events.get(kind=EventKind.CORRECTED)
        assert event.data == {"changed": ["delivery", "delivery_address"]}
        assert citizen.get(url(booking)).context["events"][0].what == "信息已修改"

    def test_saving_the_same_changes_nothing(self, citizen: Client, booking: Booking) -> None:
        citizen.post(url(booking, "contact/"), contact())
        assert not booking.events.filter(kind=EventKind.CORRECTED).exists()

    def test_it_is_possible_until_the_deadline(
        self, citizen: Client, booking: Booking, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC))
        for answer in (
            citizen.get(url(booking, "contact/")),
            citizen.post(url(booking, "contact/"), contact(**COURIER)),
        ):
            assert answer.status_code == 409
        booking.refresh_from_db()
        assert booking.delivery == "pickup"

    def test_neither_strangers_nor_the_code_turn_the_parcel_their_way(
        self, booking: Booking
    ) -> None:
        stranger = signed_in(make_account("+8613900139000"))
        assert stranger.post(url(booking, "contact/"), contact(**COURIER)).status_code == 404
        opened = Client()
        code = manage_code(booking.number)
        opened.post("/manage/", {"number": booking.number, "code": code})
        assert opened.get(url(booking)).status_code == 200
        answer = opened.post(url(booking, "contact/"), contact(**COURIER))
        assert answer.headers["Location"].startswith("/sign-in/")


class TestBookingAgain:
    def test_the_same_people_services_and_office_are_asked_for_a_time_only(
        self, citizen: Client, account: Account, booking: Booking
    ) -> None:
        cancel(booking.pk, SYSTEM, NOW)
        assert "按此再次预约" in citizen.get(url(booking)).text
        answer = citizen.post(url(booking, "again/"))
        assert answer.headers["Location"] == "/book/time/"
        citizen.post(f"/book/time/?day={booking.slot.date}", {"slot": booking.slot_id})
        again = Booking.objects.filter(account=account).latest("pk")
        assert (again.status, again.places, again.slot_id) == (Status.HELD, 3, booking.slot_id)

    def test_who_left_the_household_is_left_out(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        cancel(booking.pk, SYSTEM, NOW)
        family[1].delete()
        citizen.post(url(booking, "again/"))
        assert citizen.session["draft"]["people"] == [family[0].pk, family[2].pk]

    def test_what_is_still_to_come_is_not_booked_again(
        self, citizen: Client, booking: Booking
    ) -> None:
        assert "按此再次预约" not in citizen.get(url(booking)).text

    def test_bookings_of_others_are_no_pattern(self, booking: Booking) -> None:
        stranger = signed_in(make_account("+8613900139000"))
        assert stranger.post(url(booking, "again/")).status_code == 404


class TestComingLate:
    @pytest.fixture
    def soon(self, booking: Booking, clock: time_machine.Traveller) -> Booking:
        """Ten minutes after its window began; it ends in twenty, its grace in 35."""
        clock.move_to(booking.slot.starts_at + dt.timedelta(minutes=10))
        return booking

    def test_within_the_grace_the_booking_counts(self, citizen: Client, soon: Booking) -> None:
        answer = citizen.post(url(soon, "late/"), {"minutes": 20}, follow=True)
        assert "在10:45前到达，预约仍然有效" in answer.text
        assert "您已告知约10:30到达" in answer.text
        event = soon.events.get(kind=EventKind.RUNNING_LATE)
        assert event.data == {"minutes": 20}

    def test_after_it_there_is_a_walk_in_number_and_nobody_is_turned_away(
        self, citizen: Client, soon: Booking
    ) -> None:
        answer = citizen.post(url(soon, "late/"), {"minutes": 60}, follow=True)
        assert "预约保留至10:45，之后到达可领取现场号，照常办理" in answer.text

    def test_the_desk_sees_the_last_word(self, citizen: Client, soon: Booking) -> None:
        for minutes in (10, 60):
            citizen.post(url(soon, "late/"), {"minutes": minutes})
        office = soon.slot.office
        said = late_today(office, dt.datetime.now(dt.UTC))
        assert [(f"{one.expected:%H:%M}", one.in_time) for one in said] == [("11:10", False)]
        desk = sign_in(Client(), make_staff(office=office))
        text = desk.get(f"/desk/{office.code}/check-in/").text
        assert "即将迟到" in text
        assert "届时改领现场号" in text

    @pytest.mark.parametrize("minutes", [-121, 46])
    def test_it_is_asked_from_two_hours_before_until_the_grace_is_over(
        self, citizen: Client, booking: Booking, clock: time_machine.Traveller, minutes: int
    ) -> None:
        clock.move_to(booking.slot.starts_at + dt.timedelta(minutes=minutes))
        assert "我会迟到" not in citizen.get(url(booking)).text
        answer = citizen.post(url(booking, "late/"), {"minutes": 20})
        assert answer.headers["Location"] == url(booking)
        assert not booking.events.filter(kind=EventKind.RUNNING_LATE).exists()

    def test_the_button_stands_on_the_page(self, citizen: Client, soon: Booking) -> None:
        assert "我会迟到" in citizen.get(url(soon)).text
        assert "10:45" in citizen.get(url(soon, "late/")).text
        assert "请选择大约多久能到" in citizen.post(url(soon, "late/")).text

    def test_by_its_code_as_well_and_by_nobody_else(self, soon: Booking) -> None:
        opened, stranger = Client(), signed_in(make_account("+8613900139000"))
        opened.post("/manage/", {"number": soon.number, "code": manage_code(soon.number)})
        assert opened.post(url(soon, "late/"), {"minutes": 20}).status_code == 302
        assert soon.events.get(kind=EventKind.RUNNING_LATE).data == {"minutes": 20, "by_code": True}
        assert stranger.post(url(soon, "late/"), {"minutes": 20}).status_code == 404


class TestGettingThere:
    def test_address_note_phone_and_maps_that_open_no_window(
        self, citizen: Client, booking: Booking
    ) -> None:
        Office.objects.update(
            district="思明区",
            address="镇海路64号",
            phone="0592-2262203",
            note="地铁镇海路站3号口",
        )
        for page in (url(booking), url(booking, "confirmed/")):
            text = citizen.get(page).text
            assert "厦门思明区镇海路64号" in text
            assert "地铁镇海路站3号口" in text
            assert 'href="tel:0592-2262203"' in text
            query = quote("厦门思明区镇海路64号")
            assert f'href="https://uri.amap.com/search?keyword={query}" rel="external noref' in text
            assert f'href="geo:0,0?q={query}"' in text
            assert "_blank" not in text

    def test_what_is_announced_is_said_in_both_languages(self, citizen: Client) -> None:
        assert "会收到哪些通知" in citizen.get("/help/messages/").text
        english = Client(headers={"accept-language": "en"}).get("/help/messages/").text
        assert "There is never a link in a message" in english

    def test_every_kind_of_message_is_announced(self) -> None:
        said = [kind for kinds, *_words in ABOUT_A_BOOKING + ABOUT_THE_REST for kind in kinds]
        assert sorted(said) == sorted(MessageKind)


def test_a_hold_has_no_contact_page_of_its_own(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    held = hold(citizen, slot, family)
    assert citizen.get(url(held, "contact/")).headers["Location"] == url(held)
