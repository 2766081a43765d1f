"""What is forgotten of people who sign in and are written to: codes, recipients, sessions."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from applicants import tasks
from applicants.domain import retention
from applicants.domain.retention import (
    due_recipients,
    forget_recipients,
    forget_sessions,
    forget_sign_in_codes,
    forget_suspensions,
)
from applicants.domain.sign_in import send_code
from applicants.models import Message, SignInCode, Suspension
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


def sent(at: dt.datetime, **fields: object) -> Message:
    values = {
        "reference": f"booking-{at:%Y%m%d%H}-{fields.get('state', 'sent')}",
        "kind": "confirmed",
        "medium": "sms",
        "recipient": "+8613800138000",
        "alternatives": '[["email", "a@example.com"]]',
        "secret": "123456",
        "language": "zh-hans",
        "due_at": at - HOUR,
        "not_after": at + HOUR,
        "state": "sent",
        "sent_at": at,
        **fields,
    }
    return Message.objects.create(**values)


def personal(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.recipient, message.alternatives, message.secret


def test_a_month_after_sending_nobody_knows_to_whom() -> None:
    old, young = sent(NOW - 31 * DAY), sent(NOW - 29 * DAY)
    assert forget_recipients(NOW) == 1
    assert forget_recipients(NOW) == 0
    assert personal(old) == ("", "", "")
    assert all(personal(young))
    old.refresh_from_db()
    assert (old.state, old.sent_at) == ("sent", NOW - 31 * DAY)


@pytest.mark.parametrize("state", ["failed", "unknown", "withdrawn"])
def test_what_never_left_is_emptied_as_well(state: str) -> None:
    lost = sent(NOW - 40 * DAY, state=state, sent_at=None)
    assert forget_recipients(NOW) == 1
    assert personal(lost) == ("", "", "")


@pytest.mark.parametrize("state", ["pending", "sending"])
def test_what_still_leaves_is_left_alone(state: str) -> None:
    waiting = sent(NOW - 40 * DAY, state=state, sent_at=None)
    assert forget_recipients(NOW) == 0
    assert all(personal(waiting))


def test_due_recipients_are_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = due_recipients(NOW).explain()
    assert "message_to_forget" in plan


def test_suspensions_go_half_a_year_after_their_end() -> None:
    for n, days in enumerate((181, 179)):
        Suspension.objects.create(
            identity_hash=bytes([n]) * 32,
            starts_at=NOW - (days + 30) * DAY,
            ends_at=NOW - days * DAY,
            no_shows=3,
        )
    assert forget_suspensions(NOW) == 1
    assert forget_suspensions(NOW) == 0
    assert Suspension.objects.get().ends_at == NOW - 179 * DAY


def test_sessions_that_have_ended_are_deleted() -> None:
    for key, ends in (("a" * 32, NOW - DAY), ("b" * 32, NOW + DAY)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    assert forget_sessions(NOW) == 1
    assert Session.objects.get().session_key == "b" * 32


def test_the_tasks_do_it_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in range(3):
        sent(timezone.now() - 31 * DAY - hours * HOUR)
    monkeypatch.setattr(tasks, "BATCH", 2)
    tasks.forget_recipients()
    tasks.forget_ended()
    assert not Message.objects.exclude(recipient="").exists()
