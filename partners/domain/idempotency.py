"""A retried write gets the first answer and does nothing twice (rule 4).

The answer is written in the transaction that does the work, so both are there or neither is: a
request that died left nothing behind, and its retry simply works. An advisory lock of that
transaction keeps a second request with the same key out while the first is in flight; it goes
with the transaction, so there is no stale claim to clean up. Who knows the answer before the work
is done may keep it first, and needs no look beforehand.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from partners.models import IdempotencyKey, Partner

# For how long a retry is recognised.
KEPT_FOR = dt.timedelta(hours=24)


class InFlight(Exception):
    """Another request with this key has not been answered yet."""


class Reused(Exception):
    """The key came with another request before."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that carries a key."""

    partner: Partner
    key: str
    fingerprint: bytes

    @property
    def lock_id(self) -> int:
        digest = hashlib.sha256(f"{self.partner.pk}:{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def fingerprint(method: str, path: str, body: Any) -> bytes:
    """32 bytes that are the same for the same request. Keyed: bodies hold identity numbers."""
    canonical = json.dumps([method, path, body], sort_keys=True, separators=(",", ":"))
    return salted_hmac("partners.idempotency", canonical, algorithm="sha256").digest()


_FIRST = """/*prepared*/
    SELECT fingerprint, status, answer FROM partners_idempotencykey
     WHERE partner_id = %s AND key = %s
"""


def first_answer(attempt: Attempt) -> Answer | None:
    """The answer already given, or None. Raises Reused."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [attempt.partner.pk, attempt.key])
        row = cursor.fetchone()
    if row is None:
        return None
    fingerprint_then, status, answer = row
    if not constant_time_compare(bytes(fingerprint_then), attempt.fingerprint):
        raise Reused
    return Answer(status, **json.loads(answer))


def claim(attempt: Attempt) -> Answer | None:
    """Keep others with this key out until the transaction ends: first in that of the work.

    The answer already given, or None: then do the work and `keep_answer`. Raises InFlight, Reused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [attempt.lock_id])
        if not cursor.fetchone()[0]:
            raise InFlight
    # A statement of its own: its snapshot must be younger than the lock.
    return first_answer(attempt)


_KEEP = """/*prepared*/
    INSERT INTO partners_idempotencykey (partner_id, key, fingerprint, created_at, status, answer)
    SELECT %s, %s, %s, %s, %s, %s WHERE pg_try_advisory_xact_lock(%s)
    ON CONFLICT (partner_id, key) DO NOTHING
"""


def keep_answer(attempt: Attempt, answer: Answer, now: dt.datetime) -> None:
    """Keep it for the retries, in the transaction of the work.

    Raises InFlight when another request with this key is being answered, or just was: the
    transaction must then be rolled back.
    """
    kept = json.dumps({"body": answer.body, "headers": answer.headers})
    row: list[Any] = [
        attempt.partner.pk,
        attempt.key,
        attempt.fingerprint,
        now,
        answer.status,
        kept,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [*row, attempt.lock_id])
        if cursor.rowcount != 1:
            raise InFlight


def forget_answers(now: dt.datetime, limit: int = 10_000) -> int:
    """Delete up to `limit` answers that are past their time; safe to run twice."""
    old = IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    deleted, _by_model = IdempotencyKey.objects.filter(pk__in=old.values("pk")[:limit]).delete()
    return deleted
