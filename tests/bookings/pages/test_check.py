"""The check page, its changes, and confirming."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from applicants.models import Account, Applicant, Message
from bookings.enums import Status
from bookings.models import Application, Booking, Slot
from offices.models import ServiceGuide
from tests.citizens import hold, make_account, signed_in
from tests.factories import NOW, make_office, make_slot, quota_of


@pytest.fixture
def held(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    return hold(citizen, slot, family)


def url(booking: Booking, page: str = "check") -> str:
    return f"/book/{booking.number}/{page}/"


def test_the_answers_are_shown_with_ways_to_change_them(citizen: Client, held: Booking) -> None:
    response = citizen.get(url(held))
    rows = {row["label"]: row for row in response.context["rows"]}
    assert rows["时间"]["value"] == "8月4日 周二 10:00–10:30"
    assert rows["接收通知"]["value"] == "138 0013 8000"
    assert [row["change_url"] for row in rows.values()] == [
        "/book/time/",
        "/book/office/",
        "/book/people/",
        "/book/",
        url(held, "contact"),
        url(held, "contact"),
    ]


def test_whoever_signed_in_without_a_contact_is_asked_for_one(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    Account.objects.update(contact="", medium="")
    held = hold(citizen, slot, family)
    assert citizen.get(url(held)).headers["Location"] == url(held, "contact")
    answer = {"phone": "", "email": "jane@example.com", "delivery": "pickup"}
    assert citizen.post(url(held, "contact"), answer).headers["Location"] == url(held)
    assert citizen.get(url(held)).status_code == 200


def test_the_end_of_the_hold_is_said_as_a_time(citizen: Client, held: Booking) -> None:
    assert "09:10" in citizen.get(url(held)).content.decode()


def test_numbers_are_shown_masked(citizen: Client, held: Booking, family: list[Applicant]) -> None:
    assert family[0].id_number not in citizen.get(url(held)).content.decode()


def test_materials_and_fees_are_shown_before_confirming(citizen: Client, held: Booking) -> None:
    page = citizen.get(url(held)).content.decode()
    assert "居民身份证" in page
    assert "证件费合计360元" in page


def test_what_cannot_be_moved_any_more_is_said_before_confirming(
    citizen: Client, family: list[Applicant]
) -> None:
    today = hold(citizen, make_slot(starts_at=NOW + dt.timedelta(hours=3)), family)
    page = citizen.get(url(today)).text
    assert "预约后不能在网上改期；8月3日 周一 12:00前可以在网上取消" in page
    assert 'href="tel:12367"' in page


def test_what_can_be_moved_needs_no_such_warning(citizen: Client, held: Booking) -> None:
    assert "不能在网上改期" not in citizen.get(url(held)).text


@pytest.mark.parametrize(
    ("hours", "promised"),
    [
        (26, "我们已发送预约通知，并会在前一天和临近时提醒您。"),
        (3, "我们已发送预约通知，并会在临近时提醒您。"),
        (1, "我们已发送预约通知。"),
    ],
)
def test_only_reminders_that_are_sent_are_promised(
    citizen: Client, family: list[Applicant], hours: int, promised: str
) -> None:
    held = hold(citizen, make_slot(starts_at=NOW + dt.timedelta(hours=hours)), family)
    citizen.post(url(held, "confirm"))
    assert promised in citizen.get(f"/bookings/{held.number}/confirmed/").text
    sent = Message.objects.filter(reference=held.number, kind__startswith="reminder")
    assert sent.count() == promised.count("前一天") + promised.count("临近")


def test_confirming_leads_to_the_number(citizen: Client, held: Booking) -> None:
    response = citizen.post(url(held, "confirm"))
    held.refresh_from_db()
    assert response.headers["Location"] == f"/bookings/{held.number}/confirmed/"
    assert held.status == Status.CONFIRMED
    assert "draft" not in citizen.session


def test_a_double_click_confirms_once(citizen: Client, held: Booking) -> None:
    first, second = (citizen.post(url(held, "confirm")) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Message.objects.filter(kind="confirmed").count() == 1


@pytest.mark.row("XM-15")
def test_the_guide_that_was_shown_is_kept_with_the_booking(citizen: Client, held: Booking) -> None:
    citizen.post(url(held, "confirm"))
    application = Application.objects.select_related("guide").first()
    assert application is not None
    shown = application.guide
    ServiceGuide.objects.create(
        service=application.service, valid_from=dt.date(2026, 8, 3), fee="777.77", materials=[]
    )
    application.refresh_from_db()
    assert application.guide == shown
    assert "777.77" not in citizen.get(f"/bookings/{held.number}/").content.decode()


class TestWhenTheTimeHasRunOut:
    @pytest.fixture
    def held(self, held: Booking, clock: time_machine.Traveller) -> Booking:
        clock.shift(dt.timedelta(minutes=10))
        return held

    @pytest.mark.parametrize("page", ["check", "contact"])
    def test_the_page_says_so(self, citizen: Client, held: Booking, page: str) -> None:
        response = citizen.get(url(held, page))
        assert response.status_code == 409
        assert "保留时间已过" in response.content.decode()

    def test_confirming_is_refused_and_the_answers_are_kept(
        self, citizen: Client, held: Booking, slot: Slot
    ) -> None:
        assert citizen.post(url(held, "confirm")).status_code == 409
        held.refresh_from_db()
        assert held.status != Status.CONFIRMED
        again = citizen.post(f"/book/time/?day={slot.date}", {"slot": slot.pk})
        fresh = Booking.objects.latest("pk")
        assert again.headers["Location"] == url(fresh)
        assert quota_of(slot).taken == 3

    def test_giving_up_leads_to_my_bookings(self, citizen: Client, held: Booking) -> None:
        assert citizen.post(url(held, "give-up")).headers["Location"] == "/bookings/"


class TestChanging:
    def test_the_same_answer_again_leads_back_to_the_check(
        self, citizen: Client, held: Booking, family: list[Applicant]
    ) -> None:
        answer = {"people": [str(member.pk) for member in family]}
        assert citizen.post("/book/people/", answer).headers["Location"] == url(held)
        assert Booking.objects.count() == 1

    @pytest.mark.usefixtures("held")
    def test_fewer_people_give_places_back_and_keep_the_window(
        self, citizen: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        answer = {"people": [str(member.pk) for member in family[:2]]}
        response = citizen.post("/book/people/", answer)
        fresh = Booking.objects.get(status=Status.HELD)
        assert response.headers["Location"] == url(fresh)
        assert (fresh.slot, fresh.places, quota_of(slot).taken) == (slot, 2, 2)

    @pytest.mark.usefixtures("held")
    def test_other_services_keep_the_window(self, citizen: Client, slot: Slot) -> None:
        response = citizen.post("/book/", {"services": ["hkm-permit-first"], "purpose": "tourism"})
        fresh = Booking.objects.get(status=Status.HELD)
        assert response.headers["Location"] == url(fresh)
        codes = Application.objects.filter(attendee__booking=fresh).values_list("service__code")
        assert set(codes) == {("hkm-permit-first",)}
        assert quota_of(slot).taken == 3

    def test_another_office_keeps_the_places_until_another_window_is_taken(
        self, citizen: Client, held: Booking, slot: Slot
    ) -> None:
        there = make_slot(office=make_office("other"))
        assert citizen.post("/book/office/", {"office": "other"}).status_code == 302
        assert quota_of(slot).taken == 3
        response = citizen.post(f"/book/time/?day={there.date}", {"slot": there.pk})
        assert response.headers["Location"] == url(held)
        held.refresh_from_db()
        assert (held.slot, quota_of(slot).taken, quota_of(there).taken) == (there, 0, 3)

    def test_giving_up_gives_the_places_back(
        self, citizen: Client, held: Booking, slot: Slot
    ) -> None:
        citizen.post(url(held, "give-up"))
        held.refresh_from_db()
        assert (held.status, quota_of(slot).taken) == (Status.CANCELLED, 0)


class TestContact:
    def answer(self, **fields: str) -> dict[str, str]:
        given = {"phone": "138 0013 8000", "email": "", "delivery": "pickup"}
        return given | fields

    def test_the_sign_in_contact_is_filled_in(self, citizen: Client, held: Booking) -> None:
        form = citizen.get(url(held, "contact")).context["form"]
        assert (form["phone"].value(), form["delivery"].value()) == ("138 0013 8000", "pickup")

    def test_an_account_by_e_mail_needs_no_phone(self, slot: Slot, family: list[Applicant]) -> None:
        mail = make_account("li@example.com", "email")
        for member in family:
            member.account = mail
            member.save()
        booking = hold(signed_in(mail), slot, family)
        assert (booking.contact_phone, booking.contact_email) == ("", "li@example.com")

    @pytest.mark.row("XM-09")
    def test_the_address_is_kept_only_for_courier(self, citizen: Client, held: Booking) -> None:
        address = "演示甲 厦门市思明区演示路1号"
        citizen.post(url(held, "contact"), self.answer(delivery_address=address))
        held.refresh_from_db()
        assert (held.delivery, held.delivery_address) == ("pickup", "")
        courier = self.answer(delivery="courier", delivery_address=address)
        assert citizen.post(url(held, "contact"), courier).headers["Location"] == url(held)
        held.refresh_from_db()
        assert (held.delivery, held.delivery_address) == ("courier", address)

    def test_courier_without_an_address_is_refused(self, citizen: Client, held: Booking) -> None:
        form = citizen.post(url(held, "contact"), self.answer(delivery="courier")).context["form"]
        assert form.errors["delivery_address"] == ["请填写收件地址。"]

    def test_without_phone_and_e_mail_nobody_could_be_reached(
        self, citizen: Client, held: Booking
    ) -> None:
        form = citizen.post(url(held, "contact"), self.answer(phone="")).context["form"]
        assert form.errors["phone"] == ["请填写手机号码或电子邮箱。"]

    def test_what_was_said_stays_said_when_the_people_change(
        self, citizen: Client, held: Booking, family: list[Applicant]
    ) -> None:
        citizen.post(url(held, "contact"), self.answer(phone="+852 5123 4567"))
        citizen.post("/book/people/", {"people": [str(family[0].pk)]})
        assert Booking.objects.get(status=Status.HELD).contact_phone == "+85251234567"


@pytest.mark.parametrize("page", ["check", "contact", "confirm", "give-up"])
def test_somebody_elses_hold_does_not_exist(held: Booking, page: str) -> None:
    stranger = signed_in(make_account("+8613900139000"))
    if page not in {"confirm", "give-up"}:
        assert stranger.get(url(held, page)).status_code == 404
    assert stranger.post(url(held, page)).status_code in {404, 405}
    held.refresh_from_db()
    assert held.status == Status.HELD


@pytest.mark.parametrize("page", ["confirm", "give-up"])
def test_a_link_alone_changes_nothing(citizen: Client, held: Booking, page: str) -> None:
    assert citizen.get(url(held, page)).status_code == 405


def test_the_pages_of_an_unknown_number_do_not_exist(citizen: Client) -> None:
    assert citizen.get("/book/000000000000/check/").status_code == 404


def test_a_forged_request_is_refused(held: Booking, account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account)
    assert strict.post(url(held, "confirm")).status_code == 403


def test_the_purpose_is_shown_and_follows_a_changed_answer(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    held = hold(citizen, slot, family, purpose="study")
    assert held.purpose == "study"
    assert "学习" in citizen.get(url(held)).text
    citizen.post("/book/", {"services": ["passport-first"], "purpose": "family"})
    held.refresh_from_db()
    assert (held.purpose, held.status) == ("family", Status.HELD)
