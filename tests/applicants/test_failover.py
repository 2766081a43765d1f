"""One message, one medium after the other, sent once."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection

from applicants.domain import delivery, outbox
from applicants.domain.claims import claim, settle_elsewhere
from applicants.enums import Medium, MessageState
from applicants.gateways import GatewayRefused, OutcomeUnknown
from applicants.models import Message
from applicants.models.message import as_alternatives
from tests.applicants.test_outbox import MINUTE, NOW, code_message
from tests.gateways import Recorder

pytestmark = pytest.mark.django_db

EMAIL = (Medium.EMAIL, "lin@example.com")
WECHAT = (Medium.WECHAT, "openid-1")


def write(*ways: tuple[str, str], **fields: Any) -> None:
    hour = {"not_after": NOW + dt.timedelta(hours=1)}
    outbox.write([code_message(alternatives=as_alternatives(ways), **hour | fields)])


def asked(gateway: Recorder) -> list[str]:
    """Notes by which medium and whose address it is asked to send."""
    notes: list[str] = []
    refuse = gateway.answer

    def answer(message: Message) -> object:
        notes.append(f"{message.medium} {message.recipient}")
        return refuse(message)

    gateway.answer = answer
    return notes


def refuse_by(medium: Medium, *, final: bool = True) -> Any:
    def answer(message: Message) -> None:
        if message.medium == medium:
            raise GatewayRefused("no", final=final)

    return answer


def stored() -> tuple[str, str, str]:
    message = Message.objects.get()
    return message.state, message.medium, message.recipient


def test_what_one_medium_refuses_for_good_leaves_by_the_next(gateway: Recorder) -> None:
    write(EMAIL, WECHAT)
    gateway.answer = refuse_by(Medium.SMS)
    notes = asked(gateway)

    delivery.deliver_due(NOW)
    delivery.deliver_due(NOW + MINUTE)

    assert notes == ["sms +8613800138000", "email lin@example.com"]
    assert stored() == (MessageState.SENT, "email", "lin@example.com")
    message = Message.objects.get()
    assert (message.attempts, json.loads(message.alternatives)) == (1, [list(WECHAT)])


def test_without_another_medium_it_has_failed(gateway: Recorder) -> None:
    write(EMAIL)
    gateway.answer = lambda _message: (_ for _ in ()).throw(GatewayRefused("no", final=True))
    notes = asked(gateway)

    for minutes in range(3):
        delivery.deliver_due(NOW + minutes * MINUTE)

    assert notes == ["sms +8613800138000", "email lin@example.com"]
    assert stored() == (MessageState.FAILED, "email", "lin@example.com")


def test_a_busy_medium_has_its_attempts_first(gateway: Recorder) -> None:
    write(EMAIL)
    gateway.answer = refuse_by(Medium.SMS, final=False)
    notes = asked(gateway)

    for minutes in range(40):
        delivery.deliver_due(NOW + minutes * MINUTE)

    assert notes == [*["sms +8613800138000"] * 4, "email lin@example.com"]
    assert stored() == (MessageState.SENT, "email", "lin@example.com")


def test_what_can_not_wait_for_another_attempt_leaves_by_the_next_at_once(
    gateway: Recorder,
) -> None:
    write(EMAIL, not_after=NOW + MINUTE / 2)
    gateway.answer = refuse_by(Medium.SMS, final=False)
    notes = asked(gateway)

    delivery.deliver_due(NOW)
    delivery.deliver_due(NOW + MINUTE / 6)

    assert notes == ["sms +8613800138000", "email lin@example.com"]


@pytest.mark.parametrize("trouble", [OutcomeUnknown("timeout"), ConnectionResetError()])
def test_what_may_have_left_is_told_by_no_other_medium(
    gateway: Recorder, trouble: Exception
) -> None:
    write(EMAIL)

    def lose(_message: Message) -> None:
        raise trouble

    gateway.answer = lose
    notes = asked(gateway)

    for minutes in range(40):
        delivery.deliver_due(NOW + minutes * MINUTE)

    assert notes == ["sms +8613800138000"]
    assert stored() == (MessageState.UNKNOWN, "sms", "+8613800138000")


def test_a_worker_killed_before_it_wrote_down_a_refusal_leaves_it_in_doubt(
    gateway: Recorder,
) -> None:
    write(EMAIL)
    claim(NOW, 1, 1)
    notes = asked(gateway)

    outbox.settle_lost(NOW + 11 * MINUTE)
    delivery.deliver_due(NOW + 12 * MINUTE)

    assert notes == []
    assert stored() == (MessageState.UNKNOWN, "sms", "+8613800138000")


def test_a_worker_killed_after_handing_it_over_leaves_it_to_another(gateway: Recorder) -> None:
    write(EMAIL)
    (message,) = claim(NOW, 1, 1)
    assert settle_elsewhere(message, NOW)
    notes = asked(gateway)

    # What the first worker would still have to say about its attempt is of no account any more.
    assert not settle_elsewhere(message, NOW)
    delivery.deliver_due(NOW)

    assert notes == ["email lin@example.com"]
    assert stored() == (MessageState.SENT, "email", "lin@example.com")


def test_what_was_withdrawn_meanwhile_is_not_handed_over(gateway: Recorder) -> None:
    write(EMAIL)
    (message,) = claim(NOW, 1, 1)
    outbox.withdraw(["code:1"], [message.kind])

    assert not settle_elsewhere(message, NOW + MINUTE / 60)


def test_the_database_can_not_read_where_else_it_may_go() -> None:
    write(EMAIL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT alternatives FROM applicants_message")
        ((stored,),) = cursor.fetchall()
    assert bytes(stored)
    assert b"example.com" not in bytes(stored)
