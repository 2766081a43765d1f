"""Sign-in codes and the messages that carried them are forgotten after a day."""

import datetime as dt

import pytest

from applicants.domain import retention
from applicants.domain.retention import forget_sign_in_codes
from applicants.domain.sign_in import send_code
from applicants.models import Message, SignInCode
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def test_spent_codes_go_with_their_messages_and_nothing_else_does() -> None:
    book(make_party(make_slot()), SYSTEM, NOW - DAY)
    for n in range(3):
        send_code("sms", f"+861380013800{n}", "zh-hans", NOW)
    young = send_code("sms", "+8613800138009", "zh-hans", NOW + HOUR)

    assert forget_sign_in_codes(NOW + DAY + HOUR) == 3

    assert list(SignInCode.objects.all()) == [young]
    assert Message.objects.get(kind="sign_in_code").reference == young.reference
    assert Message.objects.exclude(kind="sign_in_code").count() == 3


def test_more_than_a_batch_is_forgotten_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for n in range(5):
        send_code("sms", f"+861380013800{n}", "zh-hans", NOW)
    assert forget_sign_in_codes(NOW + 2 * DAY) == 5
    assert (SignInCode.objects.count(), Message.objects.count()) == (0, 0)
