"""Two workers look into the outbox at the same moment, on real connections."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection

from applicants.domain import outbox
from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from tests.gateways import Recorder

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


def deliver_at_once(gateway: Recorder) -> None:
    """Every worker begins at the same moment and goes on until nothing is due."""
    # Sending takes long enough for every worker to meet the others.
    gateway.seconds = 0.005
    barrier = threading.Barrier(WORKERS)

    def work() -> None:
        try:
            barrier.wait()
            while outbox.deliver_due(NOW, limit=10):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_without_lease_and_claim_people_get_the_same_message_twice(
    gateway: Recorder, due_messages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_lease", lambda now, limit: list(Message.objects.due(now)[:limit]))
    monkeypatch.setattr(outbox, "_claim", lambda *_: True)
    monkeypatch.setattr(
        outbox,
        "_settle",
        lambda message, **outcome: Message.objects.filter(pk=message.pk).update(**outcome),
    )

    deliver_at_once(gateway)

    assert len(gateway.sent) > MESSAGES


def test_the_claim_alone_is_enough(
    gateway: Recorder, due_messages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lease that has run out, or overlaps, costs a look but no second message."""
    monkeypatch.setattr(outbox, "_lease", lambda now, limit: list(Message.objects.due(now)[:limit]))

    deliver_at_once(gateway)

    assert_sent_once(gateway)


def test_workers_at_once_send_each_message_once(gateway: Recorder, due_messages: None) -> None:
    deliver_at_once(gateway)

    assert_sent_once(gateway)


def assert_sent_once(gateway: Recorder) -> None:
    assert Counter(reference for reference, _text in gateway.sent) == Counter(
        f"code:{n}" for n in range(MESSAGES)
    )
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}
