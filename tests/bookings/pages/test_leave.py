"""Some of a party won't come: the page that takes them out of the booking."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from applicants.models import Applicant
from bookings.enums import Status
from bookings.models import Booking, Slot
from tests.citizens import confirmed, make_account, signed_in
from tests.factories import quota_of

MIDNIGHT = dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def booking(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    """Two parents and a child of nine."""
    return confirmed(citizen, slot, family)


def url(booking: Booking, page: str = "leave/") -> str:
    return f"/bookings/{booking.number}/{page}"


def test_the_booking_offers_it_to_a_party_of_several(citizen: Client, booking: Booking) -> None:
    assert f'href="{url(booking)}"' in citizen.get(url(booking, "")).text
    page = citizen.get(url(booking)).text
    assert "谁不来了？" in page
    assert [name in page for name in ("演示甲", "演示乙", "演示丙")] == [True] * 3


def test_who_leaves_is_on_no_list_any_more(citizen: Client, booking: Booking, slot: Slot) -> None:
    response = citizen.post(url(booking), {"people": ["0"]}, follow=True)
    assert response.redirect_chain == [(url(booking, ""), 302)]
    assert "其余人员的名额保留" in response.text
    assert "有人退出" in response.text
    for page in ("", "confirmed/", "form/", "leave/"):
        shown = citizen.get(url(booking, page)).text
        assert ("演示甲" in shown, "演示乙" in shown) == (False, True), page
    assert "演示甲" not in citizen.get("/bookings/").text
    assert quota_of(slot).taken == 2


def test_a_child_is_not_left_alone_and_may_come_with_somebody_else(
    citizen: Client, booking: Booking, slot: Slot
) -> None:
    response = citizen.post(url(booking), {"people": ["0", "1"]})
    assert "演示丙未满16周岁" in response.text
    assert "依据：" in response.text
    assert "checked" in response.text
    assert quota_of(slot).taken == 3
    citizen.post(url(booking), {"people": ["0", "1"], "accompanied": "on"})
    assert quota_of(slot).taken == 1


def test_when_all_leave_the_booking_is_cancelled(
    citizen: Client, booking: Booking, slot: Slot
) -> None:
    response = citizen.post(url(booking), {"people": ["0", "1", "2"]}, follow=True)
    booking.refresh_from_db()
    assert "预约已取消" in response.text
    assert (booking.status, quota_of(slot).taken) == (Status.CANCELLED, 0)


def test_one_person_cancels(citizen: Client, slot: Slot, family: list[Applicant]) -> None:
    booking = confirmed(citizen, slot, family[:1])
    assert citizen.get(url(booking)).headers["Location"] == url(booking, "cancel/")
    assert url(booking) not in citizen.get(url(booking, "")).text


@pytest.mark.parametrize("answer", [{}, {"people": ["7"]}, {"people": ["x"]}])
def test_an_answer_that_names_nobody_is_asked_again(
    citizen: Client, booking: Booking, slot: Slot, answer: dict[str, list[str]]
) -> None:
    response = citizen.post(url(booking), answer)
    assert (response.status_code, response.context["form"].is_valid()) == (200, False)
    assert quota_of(slot).taken == 3


def test_after_the_deadline_it_is_refused_with_a_way_on(
    citizen: Client, booking: Booking, clock: time_machine.Traveller
) -> None:
    clock.move_to(MIDNIGHT)
    response = citizen.post(url(booking), {"people": ["0"]})
    assert response.status_code == 409
    assert "截止时间为8月3日 周一 24:00" in response.text
    assert 'href="tel:12367"' in response.text


def test_somebody_elses_booking_is_not_there(booking: Booking) -> None:
    other = signed_in(make_account("+8613900139000"))
    assert other.get(url(booking)).status_code == 404
    assert other.post(url(booking), {"people": ["0"]}).status_code == 404
    assert Booking.objects.get().places == 3
