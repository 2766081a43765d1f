"""Two workers look into the outbox at the same moment, on real connections."""

import datetime as dt
import threading
import time
from collections import Counter

import pytest
from django.db import transaction

from applicants.domain import delivery, outbox
from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from tests.gateways import Recorder
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 8, 3, 10, 0, tzinfo=dt.UTC)
WORKERS = 4
MESSAGES = 60


@pytest.fixture
def due_messages() -> None:
    Message.objects.bulk_create(
        Message(
            reference=f"code:{n}",
            kind=MessageKind.SIGN_IN_CODE,
            medium="sms",
            recipient="+8613800138000",
            language="zh-hans",
            context={"minutes": 10},
            secret="123456",
            due_at=NOW,
            not_after=NOW + dt.timedelta(minutes=10),
        )
        for n in range(MESSAGES)
    )


def deliver_all() -> None:
    delivery.deliver_due(NOW, seconds=30)


def test_without_the_claim_people_get_the_same_message_twice(
    gateway: Recorder, due_messages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.seconds = 0.005

    def look(now: dt.datetime, limit: int, _others: int) -> list[Message]:
        return list(Message.objects.due(now)[:limit])

    def settle(sent: dict[Message, str], _now: dt.datetime) -> None:
        Message.objects.filter(pk__in=[message.pk for message in sent]).update(state="sent")

    monkeypatch.setattr(delivery, "claim", look)
    monkeypatch.setattr(delivery, "settle_sent", settle)

    at_once(*[deliver_all] * WORKERS)

    assert len(gateway.sent) > MESSAGES


@pytest.mark.parametrize("in_flight", [1, 4])
def test_workers_at_once_send_each_message_once(
    gateway: Recorder, due_messages: None, in_flight: int
) -> None:
    gateway.at_once = in_flight
    # Long enough for every worker to meet the others.
    gateway.seconds = 0.005

    at_once(*[deliver_all] * WORKERS)

    assert Counter(reference for reference, _text in gateway.sent) == Counter(
        f"code:{n}" for n in range(MESSAGES)
    )
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}


def test_bookings_that_end_while_messages_leave_wait_for_nobody_in_a_ring(
    gateway: Recorder, due_messages: None
) -> None:
    """Each ends a few at a time, last ones first, while workers settle them first ones first."""
    gateway.at_once = 8
    gateway.seconds = 0.002
    references = [f"code:{n}" for n in reversed(range(MESSAGES))]

    def withdraw_some() -> None:
        for first in range(0, MESSAGES, 12):
            with transaction.atomic():
                for reference in references[first : first + 12]:
                    outbox.withdraw([reference], [MessageKind.SIGN_IN_CODE])

    at_once(deliver_all, deliver_all, withdraw_some)

    left = [reference for reference, _text in gateway.sent]
    withdrawn = Message.objects.filter(state=MessageState.WITHDRAWN)
    assert set(left).isdisjoint(withdrawn.values_list("reference", flat=True))
    sent = Message.objects.filter(state=MessageState.SENT).values_list("reference", flat=True)
    assert sorted(left) == sorted(sent)
    assert len(left) + withdrawn.count() == MESSAGES


def test_what_is_being_withdrawn_while_it_leaves_is_settled_all_the_same(
    gateway: Recorder, due_messages: None
) -> None:
    gateway.at_once = 4
    asked, withdrawing = threading.Event(), threading.Event()

    def answer(_message: Message) -> None:
        asked.set()
        withdrawing.wait(timeout=10)

    def withdraw_slowly() -> None:
        asked.wait(timeout=10)
        with transaction.atomic():
            outbox.withdraw(["code:0"], [MessageKind.SIGN_IN_CODE])
            withdrawing.set()
            time.sleep(0.3)

    gateway.answer = answer

    at_once(withdraw_slowly, deliver_all)

    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert len(gateway.sent) == MESSAGES
