"""What the holder of a booking sees of the messages about it."""

import datetime as dt

import pytest
from django.test import Client

from applicants.enums import MessageState
from applicants.models import Message
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.models import Booking
from tests.citizens import make_account, signed_in
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking() -> Booking:
    return book(make_party(make_slot()), Actor(account=make_account()), NOW)


def told(booking: Booking, citizen: Client | None = None) -> str:
    page = (citizen or signed_in()).get(f"/bookings/{booking.number}/").content.decode()
    return page.partition("<h2>已发送的消息</h2>")[2].partition("</ul>")[0]


def settle(kind: str, state: MessageState, medium: str = "sms") -> None:
    sent_at = NOW + dt.timedelta(minutes=5) if state == MessageState.SENT else None
    Message.objects.filter(kind=kind).update(state=state, medium=medium, sent_at=sent_at)


def test_nothing_is_said_of_what_still_waits(booking: Booking) -> None:
    assert told(booking) == ""


def test_it_says_what_went_when_and_by_which_way(booking: Booking) -> None:
    settle("confirmed", MessageState.SENT, "email")
    settle("reminder_day", MessageState.FAILED)
    settle("reminder_hours", MessageState.WITHDRAWN)

    shown = told(booking)

    assert shown.index("前一天提醒 · 短信 · 发送失败") < shown.index("预约成功 · 电子邮件")
    assert "9:05" in shown
    assert shown.count("<li>") == 2


def test_it_shows_no_address_and_no_words(booking: Booking) -> None:
    settle("confirmed", MessageState.SENT)
    assert "138" not in told(booking)
    assert "【" not in told(booking)
