"""The outbox: messages are written with their cause, and withdrawn with it.

delivery.py sends them. What nobody could send in time, or whose answer was lost, is settled here.
"""

import datetime as dt
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.db.models import Case, F, Value, When

from applicants.domain.nudge import nudge_on_commit
from applicants.enums import MessageState
from applicants.inserts import Insert
from applicants.models import Message
from applicants.models.message import MessageQuerySet

log = structlog.get_logger(__name__)

# Longer than any task runs: a message that is still being sent then has lost its worker.
ANSWER_LOST_AFTER = dt.timedelta(minutes=10)
BATCH = 1000
_INSTANT = dt.timedelta(microseconds=1)


_insert = Insert(Message, unless_there=True)


def write(messages: Iterable[Message]) -> None:
    """Put messages into the outbox, in the transaction of what causes them.

    One that is there already (same reference, kind and version) stays as it is.
    """
    _insert(list(messages))
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


def withdraw_outdated(now: dt.datetime) -> int:
    """A message that nobody could send in time is not sent late, e.g. a reminder."""
    outdated = Message.objects.due(now).filter(not_after__lte=now)
    withdrawn = _update_free(outdated, MessageState.WITHDRAWN)
    if withdrawn:
        log.warning("messages_outdated", count=withdrawn)
    return withdrawn


def settle_lost(now: dt.datetime) -> int:
    """Mark as unknown what a worker was sending when it vanished. It may have been sent."""
    silent = Message.objects.filter(
        state=MessageState.SENDING, claimed_at__lte=now - ANSWER_LOST_AFTER
    )
    lost = _update_free(silent, MessageState.UNKNOWN)
    if lost:
        log.error("message_outcomes_unknown", count=lost)
    return lost


def _update_free(messages: MessageQuerySet, state: MessageState) -> int:
    """Set the state of those that nobody else is changing; the others have their turn later."""
    updated = 0
    while True:
        done = _update_batch(messages, state)
        updated += done
        if done < BATCH:
            return updated


@transaction.atomic
def _update_batch(messages: MessageQuerySet, state: MessageState) -> int:
    free = messages.select_for_update(skip_locked=True, no_key=True)
    # By ids that are known: for a join the planner might read the messages of many months.
    ids = list(free.values_list("pk", flat=True)[:BATCH])
    return Message.objects.filter(pk__in=ids).update(state=state) if ids else 0
