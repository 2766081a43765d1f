"""A caller without internet gets the same text message as everybody else (XM-12)."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from applicants.domain import delivery
from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from bookings.enums import Channel, Status
from bookings.models import Booking
from offices.enums import Role
from tests.factories import make_office, make_slot, resident_number
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.row("XM-12")
def test_an_operator_books_for_a_caller_who_gets_the_confirmation_by_text_message(
    client: Client,
) -> None:
    office = make_office()
    clerk = make_staff(Role.CLERK, office=office)
    slot = make_slot(office=office, assisted=2, starts_at=timezone.now() + dt.timedelta(days=1))

    answer = sign_in(client, clerk).post(
        f"/desk/{office.code}/book/",
        {
            "do": "book",
            "line": "mainland",
            "date": slot.date.isoformat(),
            "channel": Channel.PHONE,
            "slot": slot.pk,
            "phone": "138 0013 8000",
            "language": "zh-hans",
            "notice_read": "on",
            "people-TOTAL_FORMS": 1,
            "people-INITIAL_FORMS": 0,
            "people-0-name": "演示甲",
            "people-0-id_type": "resident_id",
            "people-0-id_number": resident_number(1),
            "people-0-priority": "none",
            "people-0-services": ["passport-first"],
        },
    )

    booking = Booking.objects.get()
    assert answer.status_code == 302
    assert (booking.status, booking.channel, booking.operator, booking.account) == (
        Status.CONFIRMED,
        Channel.PHONE,
        clerk,
        None,
    )
    delivery.deliver_due(timezone.now())
    confirmation = Message.objects.get(reference=booking.number, kind=MessageKind.CONFIRMED)
    assert (confirmation.state, confirmation.medium, confirmation.recipient) == (
        MessageState.SENT,
        "sms",
        "+8613800138000",
    )
    assert f"，厦门出入境办证大厅，预约号{booking.number}。" in render(confirmation)
