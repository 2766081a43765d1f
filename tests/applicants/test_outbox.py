"""The outbox: what is due leaves once, and whatever goes wrong is never sent a second time."""

import datetime as dt
import threading
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from applicants.domain import delivery, outbox
from applicants.enums import MessageKind, MessageState
from applicants.gateways import GatewayRefused
from applicants.models import Message
from tests.gateways import Recorder

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 8, 3, 10, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def code_message(reference: str = "code:1", **fields: Any) -> Message:
    values: dict[str, Any] = {
        "reference": reference,
        "kind": MessageKind.SIGN_IN_CODE,
        "medium": "sms",
        "recipient": "+8613800138000",
        "language": "zh-hans",
        "context": {"minutes": 10},
        "secret": "123456",
        "due_at": NOW,
        "not_after": NOW + 10 * MINUTE,
    }
    return Message(**values | fields)


def write(*messages: Message) -> None:
    outbox.write(messages)


def state_of(reference: str = "code:1") -> str:
    return Message.objects.get(reference=reference).state


def refuse(*, final: bool = False) -> Any:
    def answer(message: Message) -> None:
        raise GatewayRefused("busy", final=final)

    return answer


def lose_connection(message: Message) -> None:
    raise ConnectionResetError("the answer of +8613800138000 was lost")


def test_a_due_message_leaves_once(gateway: Recorder) -> None:
    write(code_message())

    assert delivery.deliver_due(NOW) == 1
    assert delivery.deliver_due(NOW + MINUTE) == 0

    message = Message.objects.get()
    text = "【一号预约】登录验证码123456，10分钟内有效。请勿告诉他人，工作人员不会向您索要验证码。"
    assert gateway.sent == [("code:1", text)]
    assert (message.state, message.gateway_reference, message.attempts) == (
        MessageState.SENT,
        "no-code:1",
        1,
    )
    assert message.sent_at is not None
    assert NOW <= message.sent_at < NOW + MINUTE


def test_the_same_message_is_written_once(gateway: Recorder) -> None:
    write(code_message(secret="111111"))
    write(code_message(secret="222222"))

    assert [message.secret for message in Message.objects.all()] == ["111111"]


def test_a_message_waits_for_its_time(gateway: Recorder) -> None:
    write(code_message(due_at=NOW + MINUTE))

    assert delivery.deliver_due(NOW) == 0
    assert delivery.deliver_due(NOW + MINUTE) == 1


def test_nothing_leaves_after_its_last_moment(gateway: Recorder) -> None:
    write(code_message())
    later = NOW + 10 * MINUTE

    assert delivery.deliver_due(later) == 0
    assert state_of() == MessageState.PENDING
    assert outbox.withdraw_outdated(later) == 1
    assert state_of() == MessageState.WITHDRAWN
    assert gateway.sent == []


def test_a_slow_batch_does_not_send_what_has_become_outdated_meanwhile(gateway: Recorder) -> None:
    gateway.seconds = 0.2
    write(
        code_message("code:1", due_at=NOW - MINUTE),
        code_message("code:2", not_after=NOW + dt.timedelta(seconds=0.1)),
    )

    delivery.deliver_due(NOW)

    assert [reference for reference, _text in gateway.sent] == ["code:1"]
    assert state_of("code:2") == MessageState.PENDING


def test_codes_leave_before_the_reminders_that_are_due_longer(gateway: Recorder) -> None:
    reminders = [
        code_message(f"R{n}", kind=MessageKind.NO_SHOW, due_at=NOW - MINUTE) for n in range(30)
    ]
    write(*reminders, code_message("code:1"))

    delivery.deliver_due(NOW, seconds=0)

    assert [reference for reference, _text in gateway.sent] == ["code:1"]


def test_a_refused_message_is_tried_again_later(gateway: Recorder) -> None:
    gateway.answer = refuse()
    write(code_message())

    delivery.deliver_due(NOW)
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.PENDING, 1)
    assert MINUTE <= message.due_at - NOW < 2 * MINUTE

    gateway.forget()
    assert delivery.deliver_due(NOW + MINUTE / 2) == 0
    assert delivery.deliver_due(NOW + 2 * MINUTE) == 1
    assert state_of() == MessageState.SENT


def test_after_four_refusals_it_has_failed(gateway: Recorder) -> None:
    gateway.answer = refuse()
    write(code_message(not_after=NOW + 600 * MINUTE))

    for hours in range(1, 6):
        delivery.deliver_due(NOW + hours * 60 * MINUTE)

    assert len(gateway.sent) == 4
    assert state_of() == MessageState.FAILED


def test_a_final_refusal_is_not_tried_again(gateway: Recorder) -> None:
    gateway.answer = refuse(final=True)
    write(code_message())

    delivery.deliver_due(NOW)

    assert state_of() == MessageState.FAILED


def test_a_refusal_too_late_for_another_attempt_has_failed(gateway: Recorder) -> None:
    gateway.answer = refuse()
    write(code_message(not_after=NOW + MINUTE / 2))

    delivery.deliver_due(NOW)

    assert state_of() == MessageState.FAILED


def test_a_lost_answer_is_unknown_and_never_sent_again(gateway: Recorder) -> None:
    gateway.answer = lose_connection
    write(code_message())

    delivery.deliver_due(NOW)
    delivery.deliver_due(NOW + 9 * MINUTE)

    assert state_of() == MessageState.UNKNOWN
    assert len(gateway.sent) == 1


def test_what_a_killed_worker_was_sending_is_unknown_and_the_rest_leaves(
    gateway: Recorder,
) -> None:
    """The worker died after asking for the first of three messages, one at a time."""

    def die(message: Message) -> None:
        raise KeyboardInterrupt

    gateway.answer = die
    write(*[code_message(f"code:{n}", due_at=NOW + n * MINUTE / 60) for n in range(3)])
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver_due(NOW + MINUTE)
    gateway.forget()

    assert delivery.deliver_due(NOW + 2 * MINUTE) == 2
    assert outbox.settle_lost(NOW + 10 * MINUTE) == 0
    assert outbox.settle_lost(NOW + 12 * MINUTE) == 1
    assert delivery.deliver_due(NOW + 60 * MINUTE) == 0
    assert {m.reference: m.state for m in Message.objects.all()} == {
        "code:0": MessageState.UNKNOWN,
        "code:1": MessageState.SENT,
        "code:2": MessageState.SENT,
    }
    assert [reference for reference, _text in gateway.sent] == ["code:1", "code:2"]


def test_an_answer_that_came_after_all_is_kept(gateway: Recorder) -> None:
    def give_up_meanwhile(message: Message) -> None:
        outbox.settle_lost(NOW + 20 * MINUTE)
        assert state_of() == MessageState.UNKNOWN

    gateway.answer = give_up_meanwhile
    write(code_message())

    delivery.deliver_due(NOW)

    assert state_of() == MessageState.SENT


def test_a_withdrawn_message_does_not_leave(gateway: Recorder) -> None:
    write(code_message())

    assert outbox.withdraw(["code:1"], [MessageKind.SIGN_IN_CODE]) == 1
    assert delivery.deliver_due(NOW) == 0
    assert state_of() == MessageState.WITHDRAWN


def test_what_is_withdrawn_before_its_turn_does_not_leave(gateway: Recorder) -> None:
    gateway.answer = lambda _: outbox.withdraw(["code:2"], [MessageKind.SIGN_IN_CODE])
    write(code_message("code:1"), code_message("code:2", due_at=NOW + MINUTE / 60))

    delivery.deliver_due(NOW + MINUTE)

    assert [reference for reference, _text in gateway.sent] == ["code:1"]
    assert state_of("code:2") == MessageState.WITHDRAWN


def test_what_is_withdrawn_while_it_is_being_sent_is_not_tried_again(gateway: Recorder) -> None:
    def withdraw_and_refuse(message: Message) -> None:
        outbox.withdraw([message.reference], [message.kind])
        raise GatewayRefused("busy")

    gateway.answer = withdraw_and_refuse
    write(code_message())

    delivery.deliver_due(NOW)

    assert state_of() == MessageState.FAILED


def test_only_the_named_kinds_are_withdrawn(gateway: Recorder) -> None:
    write(code_message("B1", kind=MessageKind.CONFIRMED))

    assert outbox.withdraw(["B1"], [MessageKind.REMINDER_DAY]) == 0


def test_a_message_without_a_fact_of_its_text_fails_alone(gateway: Recorder) -> None:
    write(code_message("code:1", context={}), code_message("code:2"))

    assert delivery.deliver_due(NOW) == 2
    assert state_of("code:1") == MessageState.FAILED
    assert state_of("code:2") == MessageState.SENT


def test_as_many_are_asked_for_at_once_as_the_gateway_takes(gateway: Recorder) -> None:
    gateway.at_once = 3
    all_three = threading.Barrier(3, timeout=10)
    gateway.answer = lambda _message: all_three.wait()
    write(*[code_message(f"code:{n}") for n in range(6)])

    assert delivery.deliver_due(NOW) == 6
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}


def test_a_slow_answer_holds_up_nobody_else(gateway: Recorder) -> None:
    gateway.at_once = 2
    others_left = threading.Event()

    def answer(message: Message) -> None:
        if message.reference == "code:0":
            assert others_left.wait(timeout=10)
        elif message.reference == "code:4":
            others_left.set()

    gateway.answer = answer
    write(*[code_message(f"code:{n}", due_at=NOW + n * MINUTE / 60) for n in range(5)])

    assert delivery.deliver_due(NOW + MINUTE) == 5
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_each_of_those_in_flight_gets_its_own_outcome(gateway: Recorder) -> None:
    gateway.at_once = 4

    def answer(message: Message) -> None:
        match message.reference:
            case "code:1":
                raise GatewayRefused("no_such_number", final=True)
            case "code:2":
                raise ConnectionResetError

    gateway.answer = answer
    write(*[code_message(f"code:{n}") for n in range(4)])

    delivery.deliver_due(NOW)

    assert {m.reference: (m.state, m.gateway_reference) for m in Message.objects.all()} == {
        "code:0": (MessageState.SENT, "no-code:0"),
        "code:1": (MessageState.FAILED, ""),
        "code:2": (MessageState.UNKNOWN, ""),
        "code:3": (MessageState.SENT, "no-code:3"),
    }


def test_of_what_nobody_waits_for_only_so_many_leave(gateway: Recorder) -> None:
    gateway.at_once = 4
    write(
        *[code_message(f"R{n}", kind=MessageKind.NO_SHOW) for n in range(3)],
        *[code_message(f"code:{n}") for n in range(6)],
    )

    assert delivery.deliver_due(NOW, others=2) == 8
    assert Message.objects.get(state=MessageState.PENDING).reference.startswith("R")
    assert delivery.deliver_due(NOW, others=0) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_in_flight_together_is_claimed_and_settled_in_one_statement_each(
    gateway: Recorder,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    gateway.at_once = 4
    # All are asked before the first answers, and a busy machine may take its time.
    gateway.seconds = 0.05
    monkeypatch.setattr(delivery, "GATHERING_SECONDS", 5)
    write(*[code_message(f"code:{n}") for n in range(count)])

    # The claim in its transaction (here a savepoint), and what has left.
    with django_assert_num_queries(4):
        delivery.deliver_due(NOW)


def test_one_message_at_a_time_costs_a_claim_and_an_outcome_each(
    gateway: Recorder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(*[code_message(f"code:{n}") for n in range(3)])

    # And a last look.
    with django_assert_num_queries(3 * 4 + 3):
        delivery.deliver_due(NOW)
