"""Messages leave once (rule 8): written with their cause, claimed, handed over, settled.

A worker leases a few due messages, and marks each as being sent, in a commit of its own, before
it asks the gateway. So a worker that is killed leaves at most one message whose fate is unknown;
the others are still pending and leave when their lease has run out.
"""

import datetime as dt
import time
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from applicants.domain.nudge import nudge_on_commit
from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.gateways import GatewayRefused, current_gateway
from applicants.models import Message

log = structlog.get_logger(__name__)

# A few slow answers of a gateway (ten seconds each) fit into a lease.
BATCH = 20
LEASE = dt.timedelta(minutes=5)
# Longer than any task runs: a message that is still being sent then has lost its worker.
ANSWER_LOST_AFTER = dt.timedelta(minutes=10)
RETRY_AFTER = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))
_INSTANT = dt.timedelta(microseconds=1)


def write(messages: Iterable[Message]) -> None:
    """Put messages into the outbox, in the transaction of what causes them.

    One that is there already (same reference, kind and version) stays as it is.
    """
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    nudge_on_commit()


def withdraw(references: Iterable[str], kinds: Iterable[str]) -> int:
    """Stop messages that have not left. One that is being sent right now is not tried again."""
    waiting = Message.objects.filter(
        reference__in=references,
        kind__in=kinds,
        state__in=[MessageState.PENDING, MessageState.SENDING],
    )
    return waiting.update(
        state=Case(
            When(state=MessageState.PENDING, then=Value(MessageState.WITHDRAWN)),
            default=F("state"),
        ),
        not_after=F("due_at") + _INSTANT,
    )


def deliver_due(now: dt.datetime, limit: int = BATCH) -> int:
    """Send up to `limit` due messages; return how many were taken in hand.

    Safe to run by any number of workers at once.
    """
    started = time.monotonic()
    leased = _lease(now, limit)
    for message in leased:
        _deliver(message, now + dt.timedelta(seconds=time.monotonic() - started))
    return len(leased)


def withdraw_outdated(now: dt.datetime) -> int:
    """A message that nobody could send in time is not sent late, e.g. a reminder."""
    outdated = Message.objects.due(now).filter(not_after__lte=now)
    withdrawn = outdated.update(state=MessageState.WITHDRAWN)
    if withdrawn:
        log.warning("messages_outdated", count=withdrawn)
    return withdrawn


def settle_lost(now: dt.datetime) -> int:
    """Mark as unknown what a worker was sending when it vanished. It may have been sent."""
    lost = Message.objects.filter(
        state=MessageState.SENDING, claimed_at__lte=now - ANSWER_LOST_AFTER
    ).update(state=MessageState.UNKNOWN)
    if lost:
        log.error("message_outcomes_unknown", count=lost)
    return lost


def _lease(now: dt.datetime, limit: int) -> list[Message]:
    """Take due messages that no other worker has; sign-in codes first, as somebody waits."""
    free = (
        Message.objects.due(now)
        .filter(Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - LEASE), not_after__gt=now)
        .select_for_update(skip_locked=True)
        .order_by("due_at")
    )
    with transaction.atomic():
        leased = list(free.filter(kind=MessageKind.SIGN_IN_CODE)[:limit])
        if len(leased) < limit:
            others = free.exclude(kind=MessageKind.SIGN_IN_CODE)
            leased += others[: limit - len(leased)]
        Message.objects.filter(pk__in=[m.pk for m in leased]).update(claimed_at=now)
    return leased


def _deliver(message: Message, now: dt.datetime) -> None:
    try:
        text = render(message)
    except (KeyError, TypeError, ValueError):
        _give_up_unreadable(message)
        return
    if _claim(message, now):
        _hand_over(message, text, now)


def _give_up_unreadable(message: Message) -> None:
    # One message that lacks what its text needs must not hold up the others.
    log.exception("message_unreadable", kind=message.kind, reference=message.reference)
    Message.objects.filter(pk=message.pk, state=MessageState.PENDING).update(
        state=MessageState.FAILED
    )


def _hand_over(message: Message, text: str, now: dt.datetime) -> None:
    try:
        result = current_gateway().send(message, text)
    except GatewayRefused as refusal:
        _settle_refused(message, refusal, now)
    except Exception as error:
        # Whatever happened, the gateway may have sent it.
        _settle(message, state=MessageState.UNKNOWN)
        _log_trouble("message_outcome_unknown", message, type(error).__name__)
    else:
        _settle(
            message,
            state=MessageState.SENT,
            sent_at=now,
            gateway_reference=result.reference[:80],
        )


def _claim(message: Message, now: dt.datetime) -> bool:
    """Mark one as being sent; False when it was withdrawn, taken or outdated meanwhile.

    Committed before the gateway is asked.
    """
    claimed = Message.objects.due(now).filter(pk=message.pk, not_after__gt=now)
    message.claimed_at = now
    message.attempts += 1
    return bool(
        claimed.update(state=MessageState.SENDING, claimed_at=now, attempts=message.attempts)
    )


def _settle(message: Message, **outcome: object) -> None:
    """Write the outcome of our own attempt, even if it was given up as lost meanwhile."""
    Message.objects.filter(
        pk=message.pk,
        state__in=[MessageState.SENDING, MessageState.UNKNOWN],
        claimed_at=message.claimed_at,
    ).update(**outcome)


def _settle_refused(message: Message, refusal: GatewayRefused, now: dt.datetime) -> None:
    """Try again later, as long as that is in time; otherwise it has failed."""
    _log_trouble("message_refused", message, refusal.code)
    if refusal.final or message.attempts > len(RETRY_AFTER):
        _settle(message, state=MessageState.FAILED)
        return
    due_at = now + RETRY_AFTER[message.attempts - 1]
    in_time = Q(not_after__gt=due_at)
    _settle(
        message,
        state=Case(
            When(in_time, then=Value(MessageState.PENDING)), default=Value(MessageState.FAILED)
        ),
        due_at=Case(When(in_time, then=Value(due_at)), default=F("due_at")),
        claimed_at=Case(When(in_time, then=Value(None)), default=F("claimed_at")),
    )


def _log_trouble(event: str, message: Message, reason: str) -> None:
    log.warning(
        event,
        kind=message.kind,
        reference=message.reference,
        attempts=message.attempts,
        reason=reason,
    )
