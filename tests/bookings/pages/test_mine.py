"""My bookings: the list, one booking, its confirmation and its printed form."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from applicants.models import Account, Applicant
from bookings.domain.lifecycle import cancel, mark_no_shows
from bookings.domain.numbers import printed_number
from bookings.domain.parties import Actor
from bookings.models import Booking, Slot
from tests.citizens import confirmed, hold, make_account, make_member, signed_in
from tests.factories import NOW, make_slot

THREE = ["passport-first", "hkm-permit-first", "tw-permit-first"]


@pytest.fixture
def booking(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    return confirmed(citizen, slot, family)


def url(booking: Booking, page: str = "") -> str:
    return f"/bookings/{booking.number}/{page}"


class TestTheList:
    @pytest.mark.django_db
    def test_it_takes_signing_in(self) -> None:
        assert Client().get("/bookings/").headers["Location"] == "/sign-in/?next=/bookings/"

    def test_without_bookings_it_leads_to_one(self, citizen: Client) -> None:
        page = citizen.get("/bookings/").content.decode()
        assert "暂无待办理的预约" in page
        assert 'href="/book/"' in page

    def test_what_is_to_come_and_what_is_past_stand_apart(
        self,
        citizen: Client,
        account: Account,
        booking: Booking,
        clock: time_machine.Traveller,
    ) -> None:
        later = make_slot(starts_at=booking.slot.starts_at + dt.timedelta(days=3))
        clock.move_to(booking.slot.ends_at + dt.timedelta(hours=1))
        mark_no_shows(dt.datetime.now(dt.UTC))
        next_one = confirmed(citizen, later, [make_member(account, relation="other")])
        context = citizen.get("/bookings/").context
        assert context["upcoming"] == [next_one]
        assert list(context["page"].object_list) == [booking]

    def test_a_hold_waits_for_its_confirmation(
        self, citizen: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        held = hold(citizen, slot, family)
        assert citizen.get("/bookings/").context["upcoming"] == [held]
        assert citizen.get(url(held)).headers["Location"] == f"/book/{held.number}/check/"

    def test_a_hold_that_ran_out_leaves_nothing_behind(
        self,
        citizen: Client,
        slot: Slot,
        family: list[Applicant],
        clock: time_machine.Traveller,
    ) -> None:
        hold(citizen, slot, family)
        clock.shift(dt.timedelta(minutes=11))
        context = citizen.get("/bookings/").context
        assert (context["upcoming"], list(context["page"].object_list)) == ([], [])

    @pytest.mark.usefixtures("booking")
    def test_bookings_of_others_are_not_shown(self) -> None:
        context = signed_in(make_account("+8613900139000")).get("/bookings/").context
        assert (context["upcoming"], list(context["page"].object_list)) == ([], [])

    def test_the_number_of_bookings_costs_no_queries(
        self, citizen: Client, account: Account, django_assert_num_queries: object
    ) -> None:
        made = 0
        for size in (1, 3):
            while made < size:
                made += 1
                there = make_slot(starts_at=NOW + dt.timedelta(days=made, hours=5))
                confirmed(citizen, there, [make_member(account, relation="other")])
            with django_assert_num_queries(7):  # type: ignore[operator]
                citizen.get("/bookings/")


class TestOneBooking:
    def test_it_says_when_where_and_who(self, citizen: Client, booking: Booking) -> None:
        page = citizen.get(url(booking)).content.decode()
        for fact in (
            "8月4日 周二 10:00–10:30",
            "厦门出入境办证大厅",
            printed_number(booking.number),
            "演示甲",
            "演示乙",
            "演示丙",
            "8月3日 周一 24:00前可以改期或取消",
        ):
            assert fact in page

    def test_its_history_is_told_in_words(
        self, citizen: Client, booking: Booking, account: Account
    ) -> None:
        cancel(booking.pk, Actor(account=account), NOW)
        events = citizen.get(url(booking)).context["events"]
        assert [event.what for event in events] == [
            "预约已取消，名额已退回",
            "预约成功",
            "已保留名额",
        ]

    def test_what_staff_did_is_said_to_be_theirs(self, citizen: Client, booking: Booking) -> None:
        clerk = Account.objects.create_staff("clerk-xiamen", None)
        cancel(booking.pk, Actor(operator=clerk), NOW, by_staff=True)
        events = citizen.get(url(booking)).context["events"]
        assert events[0].what == "预约已取消，名额已退回（由大厅办理）"

    def test_after_the_deadline_it_says_why_it_can_not_be_changed(
        self, citizen: Client, booking: Booking, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC))
        page = citizen.get(url(booking)).content.decode()
        assert "取消或改期的截止时间为8月3日 周一 24:00" in page
        assert url(booking, "cancel/") not in page

    @pytest.mark.parametrize("page", ["", "confirmed/", "form/", "cancel/", "move/"])
    def test_for_others_it_does_not_exist(self, booking: Booking, page: str) -> None:
        stranger = signed_in(make_account("+8613900139000"))
        assert stranger.get(url(booking, page)).status_code == 404

    @pytest.mark.parametrize("number", ["%00", "1%001", "%20"])
    def test_what_is_no_number_is_not_found(self, citizen: Client, number: str) -> None:
        assert citizen.get(f"/bookings/{number}/").status_code == 404


class TestTheConfirmation:
    def test_it_shows_the_number_and_its_code(self, citizen: Client, booking: Booking) -> None:
        page = citizen.get(url(booking, "confirmed/")).content.decode()
        assert printed_number(booking.number) in page
        assert '<svg class="qr" role="img"' in page
        assert "3人同行，一号到底" in page

    def test_the_code_obeys_the_content_security_policy(
        self, citizen: Client, booking: Booking
    ) -> None:
        response = citizen.get(url(booking, "confirmed/"))
        svg = response.content.decode().partition("<svg")[2].partition("</svg>")[0]
        assert "style" not in svg
        assert "style-src 'self'" in response.headers["Content-Security-Policy"]

    def test_a_booking_that_was_cancelled_is_not_confirmed_any_more(
        self, citizen: Client, booking: Booking, account: Account
    ) -> None:
        cancel(booking.pk, Actor(account=account), NOW)
        assert citizen.get(url(booking, "confirmed/")).headers["Location"] == url(booking)


class TestTheForm:
    @pytest.mark.row("XM-07")
    def test_three_documents_are_one_form_one_number_one_parcel(
        self, citizen: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        held = hold(citizen, slot, family[:1], services=THREE)
        citizen.post(
            f"/book/{held.number}/contact/",
            {
                "phone": "13800138000",
                "delivery": "courier",
                "delivery_address": "演示甲 厦门市思明区演示路1号",
            },
        )
        citizen.post(f"/book/{held.number}/confirm/")
        response = citizen.get(url(held, "form/"))
        [person] = response.context["people"]
        assert [each.service.code for each in person.applications] == THREE
        page = response.content.decode()
        assert page.count("<section") == 1
        assert page.count(printed_number(held.number)) == 3  # title, sheet, code
        assert "所有证件合并为一个包裹寄送" in page

    @pytest.mark.row("HB-16")
    def test_what_was_filled_in_is_printed_with_its_code(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        page = citizen.get(url(booking, "form/")).text
        assert page.count("<svg") >= 3
        assert page.count(printed_number(booking.number)) >= 3
        for member in family:
            assert member.name in page
        assert "普通护照" in page

    def test_each_person_has_a_sheet(self, citizen: Client, booking: Booking) -> None:
        page = citizen.get(url(booking, "form/")).content.decode()
        assert page.count('class="sheet"') == 3

    def test_numbers_are_masked_on_paper_too(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        assert family[0].id_number not in citizen.get(url(booking, "form/")).content.decode()
