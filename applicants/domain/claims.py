"""Which worker has which message in hand: claimed before the gateway is asked, settled after.

Both are one statement, whatever the number of messages. Neither waits for a row while it holds
another, so that no two workers, and no booking that withdraws its messages, wait in a ring.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from applicants.models.message import MessageQuerySet, as_alternatives

# The ids go through an array: for a join the planner might read the whole table, which keeps the
# messages of many months.
_CLAIM = """
WITH codes AS (
    SELECT id FROM applicants_message
    WHERE state = 'pending' AND kind = 'sign_in_code'
      AND due_at <= %(now)s AND not_after > %(now)s
    ORDER BY due_at LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
), others AS (
    SELECT id FROM applicants_message
    WHERE state = 'pending' AND kind <> 'sign_in_code'
      AND due_at <= %(now)s AND not_after > %(now)s
    ORDER BY due_at LIMIT least(%(others)s, %(limit)s - (SELECT count(*) FROM codes))
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE applicants_message
SET state = 'sending', claimed_at = %(now)s, attempts = attempts + 1
WHERE id = ANY (ARRAY(SELECT id FROM codes UNION ALL SELECT id FROM others))
RETURNING *
"""
_SETTLE_SENT = """
WITH mine AS (
    SELECT message.id, answer.reference
    FROM unnest(%(ids)s::bigint[], %(claimed_at)s::timestamptz[], %(references)s::text[])
      AS answer (id, claimed_at, reference)
    JOIN applicants_message AS message USING (id, claimed_at)
    WHERE message.state IN ('sending', 'unknown')
    FOR NO KEY UPDATE OF message SKIP LOCKED
)
UPDATE applicants_message AS message
SET state = 'sent', sent_at = %(now)s, gateway_reference = mine.reference
FROM mine WHERE message.id = mine.id
RETURNING message.id
"""


def claim(now: dt.datetime, limit: int, others: int) -> list[Message]:
    """Mark up to `limit` due messages as being sent; they are ours, and nobody else's.

    Sign-in codes come first, because somebody waits for them; at most `others` are anything else.
    """
    parameters = {"now": now, "limit": limit, "others": others}
    # A message that can't be read, for want of the right key, stays as it was.
    with transaction.atomic():
        claimed = list(Message.objects.raw(_CLAIM, parameters))
    return sorted(claimed, key=_urgency)


def settle_sent(references: Mapping[Message, str], now: dt.datetime) -> None:
    """Write down what has left, with the gateway's own reference for each."""
    if not references:
        return
    parameters: dict[str, Any] = {
        "now": now,
        "ids": [message.pk for message in references],
        "claimed_at": [message.claimed_at for message in references],
        "references": list(references.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE_SENT, parameters)
        settled = {pk for (pk,) in cursor.fetchall()}
    for message, reference in references.items():
        # Somebody is withdrawing it, or giving it up for lost, this very moment.
        if message.pk not in settled:
            settle(message, state=MessageState.SENT, sent_at=now, gateway_reference=reference)


def settle(message: Message, **outcome: object) -> None:
    """Write the outcome of our own attempt, even if it was given up as lost meanwhile."""
    _ours(message).update(**outcome)


def settle_again(message: Message, due_at: dt.datetime, **changes: object) -> bool:
    """Put it back for another attempt; False where that would be too late."""
    return bool(
        _ours(message)
        .filter(not_after__gt=due_at)
        .update(state=MessageState.PENDING, due_at=due_at, claimed_at=None, **changes)
    )


def settle_elsewhere(message: Message, now: dt.datetime) -> bool:
    """Hand it to the next medium, which begins anew; False where there is none, or no time."""
    if not message.alternatives:
        return False
    (medium, recipient), *others = json.loads(message.alternatives)
    return settle_again(
        message,
        now,
        medium=medium,
        recipient=recipient,
        alternatives=as_alternatives(others),
        attempts=0,
    )


def _ours(message: Message) -> MessageQuerySet:
    return Message.objects.filter(
        pk=message.pk,
        state__in=[MessageState.SENDING, MessageState.UNKNOWN],
        claimed_at=message.claimed_at,
    )


def _urgency(message: Message) -> tuple[bool, dt.datetime]:
    return message.kind != MessageKind.SIGN_IN_CODE, message.due_at
