"""/book/time/ and the page of a full window: days, windows, places left, and the hold."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from applicants.models import Account, Applicant, Suspension
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.enums import Status
from bookings.models import Booking, Slot
from offices.models import Session
from tests.citizens import hold, make_account, make_member, signed_in, start_booking
from tests.factories import (
    NOW,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

URL = "/book/time/"


@pytest.fixture
def asking(citizen: Client, family: list[Applicant]) -> Client:
    start_booking(citizen, family)
    return citizen


def windows(citizen: Client, day: object = "") -> dict[str, Any]:
    groups = citizen.get(f"{URL}?day={day}").context["form"].fields["slot"].choices
    return {value: card for _part, cards in groups for value, card in cards}


def test_without_an_office_it_is_asked_for_first(asking: Client, family: list[Applicant]) -> None:
    start_booking(asking, family, office="")
    assert asking.get(URL).headers["Location"] == "/book/office/"


def test_every_day_of_the_horizon_is_shown_with_its_places(asking: Client, slot: Slot) -> None:
    cells = asking.get(URL).context["calendar"].cells
    assert [cell.date for cell in cells] == [
        dt.date(2026, 8, 3) + dt.timedelta(days=n) for n in range(15)
    ]
    assert [(cell.level, cell.left) for cell in cells[:3]] == [
        ("closed", 0),
        ("plenty", 10),
        ("closed", 0),
    ]


def test_the_first_day_with_room_is_open(asking: Client, slot: Slot) -> None:
    calendar = asking.get(URL).context["calendar"]
    assert calendar.day == slot.date


def test_places_are_a_number_and_a_word(asking: Client, slot: Slot) -> None:
    page = asking.get(URL).content.decode()
    assert "宽松" in page
    assert "余10" in page


@pytest.mark.row("HB-17")
def test_each_half_hour_has_places_of_its_own(asking: Client, slot: Slot) -> None:
    later = make_slot(4, starts_at=slot.starts_at + dt.timedelta(minutes=30))
    assert {value: card.left for value, card in windows(asking, slot.date).items()} == {
        str(slot.pk): 10,
        str(later.pk): 4,
    }


def test_a_window_too_small_for_the_party_leads_to_similar_ones(asking: Client, slot: Slot) -> None:
    slot.quotas.filter(pool="online").update(capacity=2)
    make_slot(9, starts_at=slot.starts_at + dt.timedelta(hours=1))
    card = windows(asking, slot.date)[str(slot.pk)]
    assert (card.problem, card.link_url) == ("名额不足3个", f"/book/time/{slot.pk}/full/")


def test_a_window_that_is_not_released_yet_says_when(asking: Client) -> None:
    later = make_slot(starts_at=NOW + dt.timedelta(days=10), opens_at=NOW + dt.timedelta(days=1))
    card = windows(asking, later.date)[str(later.pk)]
    assert (card.level, card.opens) == ("not_yet_open", "8月4日 周二 09:00")


def test_a_session_says_for_whom_it_is(asking: Client) -> None:
    session = Session.objects.create(
        office=make_office(),
        line=make_slot(starts_at=NOW + dt.timedelta(days=2)).line,
        kind="student",
        date=dt.date(2026, 8, 9),
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=20,
        min_age=6,
        max_age=25,
    )
    special = make_slot(starts_at=NOW + dt.timedelta(days=6), session=session)
    card = windows(asking, special.date)[str(special.pk)]
    assert (card.tag, card.hints) == ("学生专场", ("限6至25周岁人员",))
    refused = asking.post(f"{URL}?day={special.date}", {"slot": special.pk})
    assert refused.status_code == 422
    assert "演示甲的年龄不符合" in refused.content.decode()


@pytest.mark.row("FS-06")
def test_a_family_of_three_takes_three_places_of_one_window(
    asking: Client, slot: Slot, account: Account
) -> None:
    response = asking.post(URL, {"slot": slot.pk})
    booking = Booking.objects.get()
    assert response.headers["Location"] == f"/book/{booking.number}/check/"
    assert (booking.status, booking.places, booking.account) == (Status.HELD, 3, account)
    assert booking.attendees.count() == 3
    assert quota_of(slot).taken == 3
    # All or none: two left are none for three.
    slot.quotas.filter(pool="online").update(capacity=5)
    others = make_account("+8613900139000")
    second = signed_in(others)
    start_booking(second, [make_member(others, relation="other") for _ in range(3)])
    assert second.post(URL, {"slot": slot.pk}).headers["Location"] == f"{URL}{slot.pk}/full/"
    assert (Booking.objects.count(), quota_of(slot).taken) == (1, 3)


def test_a_double_click_holds_once(asking: Client, slot: Slot) -> None:
    first, second = (asking.post(URL, {"slot": slot.pk}) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert quota_of(slot).taken == 3


def test_the_same_people_in_another_tab_move_their_hold(asking: Client, slot: Slot) -> None:
    other = make_slot(starts_at=slot.starts_at + dt.timedelta(hours=1))
    asking.post(URL, {"slot": slot.pk})
    asking.post(URL, {"slot": other.pk})
    booking = Booking.objects.get()
    assert (booking.slot, booking.status) == (other, Status.HELD)
    assert (quota_of(slot).taken, quota_of(other).taken) == (0, 3)


def test_the_window_that_is_held_is_marked_with_a_way_back(asking: Client, slot: Slot) -> None:
    slot.quotas.filter(pool="online").update(capacity=3)
    check = asking.post(URL, {"slot": slot.pk}).headers["Location"]
    assert windows(asking)[str(slot.pk)].problem == "您已预约的时段"
    assert f'class="back-link" href="{check}"' in asking.get(URL).content.decode()


def test_answers_of_an_older_version_do_no_harm(asking: Client, family: list[Applicant]) -> None:
    start_booking(asking, family, colour="blue")
    assert asking.get(URL).status_code == 200


def test_a_hold_moved_to_a_full_window_stays_where_it_is(asking: Client, slot: Slot) -> None:
    other = make_slot(2, starts_at=slot.starts_at + dt.timedelta(hours=1))
    asking.post(URL, {"slot": slot.pk})
    assert asking.post(URL, {"slot": other.pk}).headers["Location"] == f"{URL}{other.pk}/full/"
    assert Booking.objects.get().slot == slot


def test_no_choice_says_so(asking: Client, slot: Slot) -> None:
    assert asking.post(URL, {}).context["form"].errors["slot"] == ["请选择时段。"]


def test_a_window_of_another_office_or_line_is_not_taken(asking: Client) -> None:
    for other in (make_slot(office=make_office("other")), make_slot(line="foreigners")):
        form = asking.post(URL, {"slot": other.pk}).context["form"]
        assert form.errors["slot"] == ["该时段已不能预约，请选择其他时段。"]
    assert not Booking.objects.exists()


def test_who_chose_from_a_day_that_is_full_by_now_is_led_to_other_times(
    asking: Client, slot: Slot
) -> None:
    later = make_slot(10, starts_at=slot.starts_at + dt.timedelta(days=1))
    assert str(slot.pk) in asking.get(URL).text
    slot.quotas.update(capacity=0)
    answer = asking.post(URL, {"slot": slot.pk}, follow=True)
    assert answer.redirect_chain == [(f"{URL}{slot.pk}/full/", 302)]
    assert f'value="{later.pk}"' in answer.text


def test_who_chose_another_time_that_is_full_by_now_is_led_on(asking: Client, slot: Slot) -> None:
    others = [
        make_slot(10, starts_at=slot.starts_at + dt.timedelta(days=days)) for days in (1, 2, 3, 4)
    ]
    slot.quotas.update(capacity=0)
    full = f"{URL}{slot.pk}/full/"
    assert f'value="{others[0].pk}"' in asking.get(full).text
    others[0].quotas.update(capacity=0)
    answer = asking.post(full, {"slot": others[0].pk}, follow=True)
    assert answer.redirect_chain == [(f"{URL}{others[0].pk}/full/", 302)]
    assert f'value="{others[1].pk}"' in answer.text


def test_a_closed_window_says_so(asking: Client, slot: Slot, clock: time_machine.Traveller) -> None:
    form_page = asking.get(URL)
    assert str(slot.pk) in form_page.content.decode()
    Slot.objects.update(closed_at=NOW)
    page = asking.post(f"{URL}?day={slot.date}", {"slot": slot.pk}, follow=True).content.decode()
    assert "不能预约" in page


def test_the_channel_is_the_website_or_wechat(
    account: Account, family: list[Applicant], slot: Slot
) -> None:
    agent = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"
    assert hold(signed_in(account), slot, family).channel == "web"
    Booking.objects.all().delete()
    wechat = signed_in(account, **{"User-Agent": agent})
    assert hold(wechat, slot, family).channel == "wechat"


def test_the_booking_is_in_the_language_of_the_page(asking: Client, slot: Slot) -> None:
    asking.cookies["django_language"] = "en"
    asking.post(URL, {"slot": slot.pk})
    booking = Booking.objects.get()
    assert (booking.language, booking.contact_phone) == ("en", "+8613800138000")


class TestRefusals:
    def test_somebody_who_booked_elsewhere_is_named(
        self, asking: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        person = make_person(identity=family[1].identity, name="演示乙")
        book(make_party(slot, people=(person,)), Actor(), NOW)
        response = asking.post(URL, {"slot": slot.pk})
        assert response.status_code == 409
        assert "演示乙已预约同类事项" in response.content.decode()
        assert response.context["bookings"] == []

    def test_ones_own_booking_in_the_way_is_linked(
        self, asking: Client, slot: Slot, family: list[Applicant], account: Account
    ) -> None:
        person = make_person(identity=family[1].identity)
        own = book(make_party(slot, people=(person,)), Actor(account=account), NOW)
        page = asking.post(URL, {"slot": slot.pk}).content.decode()
        assert f'href="/bookings/{own.number}/"' in page

    def test_who_is_suspended_reads_what_stays_open(
        self, asking: Client, slot: Slot, family: list[Applicant]
    ) -> None:
        Suspension.objects.create(
            identity_hash=family[0].identity_hash,
            starts_at=NOW,
            ends_at=NOW + dt.timedelta(days=30),
            no_shows=3,
        )
        response = asking.post(URL, {"slot": slot.pk})
        assert response.status_code == 403
        page = response.content.decode()
        assert "取现场号" in page
        assert "12367" in page
        assert not Booking.objects.exists()


class TestFull:
    @pytest.fixture
    def full(self, slot: Slot) -> Slot:
        slot.quotas.filter(pool="online").update(capacity=2)
        return slot

    @pytest.fixture
    def others(self, full: Slot) -> list[Slot]:
        """Later the same day, the emptiest last."""
        return [
            make_slot(places, starts_at=full.starts_at + dt.timedelta(minutes=30 * (index + 1)))
            for index, places in enumerate((20, 2, 30, 40, 50))
        ]

    def test_the_three_least_loaded_windows_are_offered(
        self, asking: Client, full: Slot, others: list[Slot]
    ) -> None:
        book(make_party(others[0], 4), Actor(), NOW)
        choices = asking.get(f"{URL}{full.pk}/full/").context["form"].fields["slot"].choices
        assert [value for value, _card in choices] == [str(others[index].pk) for index in (2, 3, 4)]

    def test_one_of_them_is_taken_with_all_answers_kept(
        self, asking: Client, full: Slot, others: list[Slot]
    ) -> None:
        response = asking.post(f"{URL}{full.pk}/full/", {"slot": others[3].pk})
        booking = Booking.objects.get()
        assert response.headers["Location"] == f"/book/{booking.number}/check/"
        assert (booking.slot, booking.places) == (others[3], 3)

    def test_when_all_is_full_the_other_ways_are_named(self, asking: Client, full: Slot) -> None:
        page = asking.get(f"{URL}{full.pk}/full/").content.decode()
        assert "现场号" in page

    def test_a_window_of_another_office_is_not_found(self, asking: Client) -> None:
        elsewhere = make_slot(office=make_office("other"))
        assert asking.get(f"{URL}{elsewhere.pk}/full/").status_code == 404
