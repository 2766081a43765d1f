"""Messages leave once (rule 8): claimed, handed over, settled.

As many are in flight as the gateway takes at once, and no more: what a worker has claimed it is
asking for at that very moment. So a worker that is killed leaves at most that many messages whose
fate is unknown, and what is withdrawn before its turn never leaves.
"""

import datetime as dt
import sys
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any

import structlog

from applicants.domain.claims import (
    claim,
    settle,
    settle_again,
    settle_elsewhere,
    settle_sent,
)
from applicants.domain.texts.words import words_of
from applicants.enums import MessageKind, MessageState
from applicants.gateways import (
    Gateway,
    GatewayRefused,
    OutcomeUnknown,
    SendResult,
    current_gateway,
)
from applicants.models import Message

log = structlog.get_logger(__name__)

# Answers that come so shortly after one another are settled together.
GATHERING_SECONDS = 0.01
RETRY_AFTER = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))


def deliver_due(now: dt.datetime, seconds: float = 4, others: int = sys.maxsize) -> int:
    """Send messages until nothing is due; return how many were taken in hand.

    After `seconds` no more are begun; with 0 it is as many as the gateway takes at once. At most
    `others` are no sign-in codes. Safe to run by any number of workers at once.
    """
    gateway = current_gateway()
    with _threads(gateway) as threads:
        return _Delivery(gateway, threads, now).run(seconds, others)


def _threads(gateway: Gateway) -> Executor:
    return ThreadPoolExecutor(gateway.at_once) if gateway.at_once > 1 else _Here()


class _Here(Executor):
    """For a gateway that takes one message after the other: it is asked without any thread."""

    def submit(self, ask: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        try:
            answer.set_result(ask(*args, **kwargs))
        except Exception as error:
            answer.set_exception(error)
        return answer


class _Delivery:
    """The messages that one call has in flight, each with the answer that it waits for."""

    def __init__(self, gateway: Gateway, threads: Executor, now: dt.datetime) -> None:
        self._gateway = gateway
        self._threads = threads
        self._begun = now
        self._started = time.monotonic()
        self._in_flight: dict[Future[SendResult], Message] = {}

    def run(self, seconds: float, others: int) -> int:
        taken, more = 0, True
        try:
            while more or self._in_flight:
                if more:
                    room = self._gateway.at_once - len(self._in_flight)
                    claimed = claim(self._now(), room, others)
                    self._ask_for(claimed)
                    taken += len(claimed)
                    others -= sum(m.kind != MessageKind.SIGN_IN_CODE for m in claimed)
                    more = len(claimed) == room and self._elapsed() < seconds
                self._land()
        finally:
            # What was asked for has an answer within seconds: it is not given up for lost.
            wait(self._in_flight)
            self._land()
        return taken

    def _ask_for(self, messages: Iterable[Message]) -> None:
        for message in messages:
            try:
                words = words_of(message)
            except (KeyError, TypeError, ValueError):
                # One message that lacks what its text needs must not hold up the others.
                log.exception("message_unreadable", kind=message.kind, reference=message.reference)
                settle(message, state=MessageState.FAILED)
                continue
            # What a thread logs names the task as well.
            context = copy_context()
            answer = self._threads.submit(context.run, self._gateway.send, message, words)
            self._in_flight[answer] = message

    def _land(self) -> None:
        """Settle what has been answered, once there is something."""
        wait(self._in_flight, return_when=FIRST_COMPLETED)
        answered = wait(self._in_flight, timeout=GATHERING_SECONDS).done
        now = self._now()
        sent: dict[Message, str] = {}
        for answer in answered:
            message = self._in_flight.pop(answer)
            error = answer.exception()
            if error is None:
                sent[message] = answer.result().reference[:80]
            else:
                _settle_trouble(message, error, now)
        settle_sent(sent, now)

    def _now(self) -> dt.datetime:
        return self._begun + dt.timedelta(seconds=self._elapsed())

    def _elapsed(self) -> float:
        return time.monotonic() - self._started


def _settle_trouble(message: Message, error: BaseException, now: dt.datetime) -> None:
    if isinstance(error, GatewayRefused):
        _settle_refused(message, error, now)
        return
    # Whatever happened, the gateway may have sent it.
    settle(message, state=MessageState.UNKNOWN)
    reason = error.code if isinstance(error, OutcomeUnknown) else type(error).__name__
    _log_trouble("message_outcome_unknown", message, reason)


def _settle_refused(message: Message, refusal: GatewayRefused, now: dt.datetime) -> None:
    """Try again later, or by the next medium, as long as that is in time; else it has failed."""
    _log_trouble("message_refused", message, refusal.code)
    if not refusal.final and message.attempts <= len(RETRY_AFTER):
        later = now + RETRY_AFTER[message.attempts - 1]
        if settle_again(message, later):
            return
    # What can't wait for another attempt here may still be in time elsewhere.
    if not settle_elsewhere(message, now):
        settle(message, state=MessageState.FAILED)


def _log_trouble(event: str, message: Message, reason: str) -> None:
    log.warning(
        event,
        kind=message.kind,
        reference=message.reference,
        medium=message.medium,
        attempts=message.attempts,
        reason=reason,
    )
