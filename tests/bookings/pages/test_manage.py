"""A booking by its number and code, without an account."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pypdf import PdfReader
from redis.exceptions import ConnectionError as RedisAway

from applicants.domain.manage_code import manage_code
from applicants.models import Applicant
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.enums import EventKind, Status
from bookings.models import Booking, BookingEvent, Slot
from tests.citizens import confirmed, make_account, signed_in
from tests.factories import make_office, make_party, make_slot, quota_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
REFUSED = "没有与该预约号和管理码相符的预约"
UNKNOWN = "408823911677"


@pytest.fixture
def booking(slot: Slot) -> Booking:
    """Made for a caller: no account has it."""
    return book(make_party(slot, 2, channel="partner"), SYSTEM, slot.opens_at)


@pytest.fixture
def phone() -> Client:
    return Client()


def url(booking: Booking, page: str = "") -> str:
    return f"/bookings/{booking.number}/{page}"


def enter(client: Client, number: str, code: str, **headers: Any) -> Any:
    return client.post("/manage/", {"number": number, "code": code}, **headers)


@pytest.fixture
def opened(phone: Client, booking: Booking) -> Client:
    answer = enter(phone, booking.number, manage_code(booking.number))
    assert answer.headers["Location"] == url(booking)
    return phone


def wrong_code(booking: Booking) -> str:
    return f"{(int(manage_code(booking.number)) + 1) % 10**8:08d}"


class TestTheCode:
    def test_it_has_eight_digits_that_follow_from_the_number(self) -> None:
        codes = {number: manage_code(number) for number in ("408823911672", "408823911680")}
        assert all(len(code) == 8 and code.isdigit() for code in codes.values())
        assert len(set(codes.values())) == 2
        assert manage_code("408823911672") == codes["408823911672"]

    def test_the_page_after_booking_and_the_booking_show_it(
        self, citizen: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        own = confirmed(citizen, slot, family)
        code = manage_code(own.number)
        for page in ("", "confirmed/"):
            assert f"{code[:4]} {code[4:]}" in citizen.get(url(own, page)).content.decode()

    def test_no_row_holds_it(self, booking: Booking, opened: Client) -> None:
        code = manage_code(booking.number)
        opened.get(url(booking))
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            for table in tables:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" row WHERE row::text LIKE %s', [f"%{code}%"]
                )
                assert (table, cursor.fetchone()) == (table, (0,))


class TestOpening:
    def test_it_shows_the_booking(self, opened: Client, booking: Booking) -> None:
        page = opened.get(url(booking))
        text = page.content.decode()
        assert "您已凭管理码打开此预约，09:30自动关闭" in text
        assert page.headers["Cache-Control"] == "no-store"

    def test_spaces_and_wide_digits_do_no_harm(self, phone: Client, booking: Booking) -> None:
        number, code = booking.number, manage_code(booking.number)
        wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
        answer = enter(phone, f"{number[:4]} {number[4:8]} {number[8:]}", f"{wide[:4]} {wide[4:]}")
        assert answer.headers["Location"] == url(booking)

    def test_phone_and_address_stay_hidden(self, slot: Slot, phone: Client) -> None:
        party = make_party(
            slot, channel="partner", delivery="courier", delivery_address="文曾路7号"
        )
        sent = book(party, SYSTEM, slot.opens_at)
        enter(phone, sent.number, manage_code(sent.number))
        text = phone.get(url(sent)).content.decode()
        assert "138****8000" in text
        assert "138 0013 8000" not in text
        assert "文曾路7号" not in text

    def test_the_form_to_print_has_no_identity_number_and_no_address(
        self, slot: Slot, phone: Client
    ) -> None:
        courier = {"delivery": "courier_both", "delivery_address": "文曾路7号"}
        sent = book(make_party(slot, channel="partner", **courier), SYSTEM, slot.opens_at)
        enter(phone, sent.number, manage_code(sent.number))
        one = sent.attendees.get()
        for page in ("form.pdf", "confirmation.pdf"):
            pages = PdfReader(BytesIO(phone.get(url(sent, page)).content)).pages
            text = "".join(page.extract_text() for page in pages)
            assert one.name in text
            assert one.id_number not in text
            assert "文曾路" not in text

    def test_number_and_code_are_required_in_their_form(self, phone: Client) -> None:
        text = enter(phone, "408823911671", "123").content.decode()
        assert "管理码为8位数字" in text
        assert "408823911671" in text
        assert "请输入预约号" in phone.post("/manage/").content.decode()

    def test_a_hold_a_training_office_and_the_distant_past_are_not_opened(
        self, slot: Slot, phone: Client, clock: time_machine.Traveller
    ) -> None:
        held = hold_places(make_party(slot, channel="partner"), SYSTEM, slot.opens_at)
        drill = make_slot(office=make_office("drill", is_training=True))
        made = book(make_party(slot, channel="partner"), SYSTEM, slot.opens_at)
        training = book(make_party(drill, channel="partner"), SYSTEM, drill.opens_at)
        for one in (held, training):
            assert REFUSED in enter(phone, one.number, manage_code(one.number)).content.decode()
        clock.move_to(slot.ends_at + dt.timedelta(days=31))
        assert REFUSED in enter(phone, made.number, manage_code(made.number)).content.decode()

    def test_its_own_account_needs_no_grant(
        self, citizen: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        own = confirmed(citizen, slot, family)
        enter(citizen, own.number, manage_code(own.number))
        assert citizen.get(url(own)).context["by_code_until"] is None


class TestGuessing:
    def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(
        self, phone: Client, booking: Booking
    ) -> None:
        unknown = enter(phone, UNKNOWN, "12345678")
        wrong = enter(phone, booking.number, wrong_code(booking))
        assert (unknown.status_code, wrong.status_code) == (200, 200)
        assert unknown.context["form"].errors == wrong.context["form"].errors
        assert REFUSED in wrong.content.decode()
        assert phone.get(url(booking)).headers["Location"].startswith("/sign-in/")

    def test_tries_of_one_number_are_limited_from_wherever(
        self, booking: Booking, settings: Any
    ) -> None:
        settings.MANAGE_TRIES_PER_NUMBER_AND_HOUR = 3
        for n in range(3):
            enter(Client(), booking.number, wrong_code(booking), REMOTE_ADDR=f"192.0.2.{n}")
        right = enter(
            Client(), booking.number, manage_code(booking.number), REMOTE_ADDR="198.51.100.1"
        )
        assert right.status_code == 429
        assert "尝试次数过多" in right.content.decode()

    def test_a_number_that_does_not_exist_is_limited_alike(
        self, phone: Client, settings: Any
    ) -> None:
        settings.MANAGE_TRIES_PER_NUMBER_AND_HOUR = 1
        answers = [enter(phone, UNKNOWN, "12345678").status_code for _try in range(2)]
        assert answers == [200, 429]

    def test_tries_from_one_address_are_limited_whatever_the_number(
        self, phone: Client, booking: Booking, settings: Any
    ) -> None:
        settings.MANAGE_TRIES_PER_ADDRESS_AND_HOUR = 1
        enter(phone, UNKNOWN, "12345678")
        assert enter(phone, booking.number, manage_code(booking.number)).status_code == 429

    def test_an_hour_later_it_may_be_tried_again(
        self, booking: Booking, phone: Client, settings: Any, clock: time_machine.Traveller
    ) -> None:
        settings.MANAGE_TRIES_PER_NUMBER_AND_HOUR = 1
        enter(phone, booking.number, wrong_code(booking))
        clock.shift(dt.timedelta(hours=1))
        assert enter(phone, booking.number, manage_code(booking.number)).status_code == 302

    def test_without_the_cache_that_counts_nobody_gets_in(
        self, booking: Booking, phone: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_args: object, **_kwargs: object) -> None:
            raise RedisAway

        for verb in ("add", "incr"):
            monkeypatch.setattr(cache._cache, verb, away)
        assert enter(phone, booking.number, manage_code(booking.number)).status_code == 429


class TestTheGrant:
    def test_it_opens_no_other_booking_and_no_household(
        self, opened: Client, booking: Booking, slot: Slot
    ) -> None:
        other = book(make_party(slot, channel="partner"), SYSTEM, slot.opens_at)
        later = make_slot(starts_at=slot.starts_at + dt.timedelta(hours=1))
        pages = ("", "confirmed/", "form/", "cancel/", "move/", "leave/", f"move/{later.pk}/full/")
        assert [opened.get(url(other, page)).status_code for page in pages] == [404] * len(pages)
        assert opened.post(url(other, "cancel/")).status_code == 404
        assert opened.get(url(booking)).status_code == 200
        for elsewhere in ("/family/", "/household/", "/bookings/", "/account/", "/waiting/"):
            answer = opened.get(elsewhere)
            assert answer.status_code in (302, 404)
            assert answer.headers.get("Location", "/sign-in/").startswith("/sign-in/")
        earlier = opened.post(url(booking, "earlier/"))
        assert earlier.headers["Location"].startswith("/sign-in/")

    def test_a_second_booking_takes_the_place_of_the_first(
        self, opened: Client, booking: Booking, slot: Slot
    ) -> None:
        other = book(make_party(slot, channel="partner"), SYSTEM, slot.opens_at)
        enter(opened, other.number, manage_code(other.number))
        statuses = [opened.get(url(one)).status_code for one in (other, booking)]
        assert statuses == [200, 404]

    def test_it_ends_after_half_an_hour(
        self, opened: Client, booking: Booking, clock: time_machine.Traveller
    ) -> None:
        clock.shift(dt.timedelta(minutes=30))
        answer = opened.post(url(booking, "cancel/"), follow=True)
        assert answer.redirect_chain == [("/manage/", 302)]
        assert "已超过30分钟" in answer.content.decode()
        booking.refresh_from_db()
        assert booking.status == Status.CONFIRMED
        assert opened.get(url(booking)).headers["Location"].startswith("/sign-in/")

    def test_it_can_be_ended_at_once(self, opened: Client, booking: Booking) -> None:
        assert opened.post("/manage/leave/").headers["Location"] == "/"
        assert opened.get(url(booking)).headers["Location"].startswith("/sign-in/")

    def test_a_citizen_who_opened_one_for_a_neighbour_keeps_their_own(
        self, citizen: Client, slot: Slot, family: list[Applicant], booking: Booking
    ) -> None:
        own = confirmed(citizen, slot, family)
        enter(citizen, booking.number, manage_code(booking.number))
        assert [citizen.get(url(one)).status_code for one in (own, booking)] == [200, 200]
        assert signed_in(make_account("+8613900139000")).get(url(booking)).status_code == 404

    def test_staff_of_a_desk_need_the_code_as_everybody_does(self, booking: Booking) -> None:
        client = Client()
        client.force_login(make_staff())
        assert client.get(url(booking)).headers["Location"].startswith("/sign-in/")


class TestChanging:
    def test_the_booking_moves(self, opened: Client, booking: Booking, slot: Slot) -> None:
        later = make_slot(5, starts_at=slot.starts_at + dt.timedelta(hours=1))
        page = opened.get(url(booking, f"move/?day={later.date}"))
        assert page.status_code == 200
        opened.post(url(booking, f"move/?day={later.date}"), {"slot": later.pk})
        booking.refresh_from_db()
        assert (booking.slot, quota_of(slot).taken, quota_of(later).taken) == (later, 0, 2)

    def test_one_person_leaves_and_then_it_is_cancelled(
        self, opened: Client, booking: Booking, slot: Slot
    ) -> None:
        opened.post(url(booking, "leave/"), {"people": ["1"]})
        assert quota_of(slot).taken == 1
        assert opened.get(url(booking, "cancel/")).status_code == 200
        opened.post(url(booking, "cancel/"))
        booking.refresh_from_db()
        assert (booking.status, quota_of(slot).taken) == (Status.CANCELLED, 0)

    def test_the_history_says_that_it_was_the_code(self, opened: Client, booking: Booking) -> None:
        opened.post(url(booking, "cancel/"))
        event = BookingEvent.objects.get(booking=booking, kind=EventKind.CANCELLED)
        assert (event.account, event.data) == (None, {"by_code": True})
        events = opened.get(url(booking)).context["events"]
        assert events[0].what == "预约已取消，名额已退回（凭管理码）"

    def test_what_others_have_cancelled_is_still_shown(
        self, opened: Client, booking: Booking, slot: Slot
    ) -> None:
        cancel(booking.pk, SYSTEM, slot.opens_at)
        assert opened.get(url(booking)).status_code == 200
        assert opened.get(url(booking, "move/")).headers["Location"] == url(booking)
