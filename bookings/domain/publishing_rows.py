"""What publishing writes: one statement for any number of slots."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from applicants.models import Account
from bookings.domain.planning import PlannedSlot
from bookings.domain.published import Published, PublishedQuota
from bookings.enums import QuotaChangeKind
from offices.enums import Pool
from offices.models import Office

_POOLS = tuple(Pool.values)
_CREATE = f"""
    WITH planned AS (
        SELECT * FROM unnest(
            %(line)s::bigint[], %(session)s::bigint[], %(date)s::date[],
            %(starts_at)s::timestamptz[], %(ends_at)s::timestamptz[], %(opens_at)s::timestamptz[],
            {", ".join(f"%({pool})s::int[]" for pool in _POOLS)}
        ) AS planned (
            line_id, session_id, date, starts_at, ends_at, opens_at, {", ".join(_POOLS)}
        )
    ), slot AS (
        INSERT INTO bookings_slot (
            office_id, line_id, session_id, date, starts_at, ends_at, opens_at, close_reason,
            withdrawn
        )
        SELECT %(office)s, line_id, session_id, date, starts_at, ends_at, opens_at, '', false
        FROM planned
        RETURNING id, line_id, starts_at
    )
    INSERT INTO bookings_quota (slot_id, pool, capacity, version, edited, closed)
    SELECT slot.id, quota.pool, quota.capacity, 1, false, false
    FROM slot JOIN planned USING (line_id, starts_at)
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"('{pool}', planned.{pool})" for pool in _POOLS)}
    ) AS quota (pool, capacity)
    ORDER BY slot.id
"""  # noqa: S608
_CHANGE_CAPACITIES = """
    WITH change AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(capacities)s::int[]) AS change (id, capacity)
    ), noted AS (
        INSERT INTO bookings_quotachange
            (quota_id, kind, at, account_id, from_capacity, to_capacity, version, reason)
        SELECT quota.id, %(kind)s, %(now)s, %(account)s::bigint, quota.capacity, change.capacity,
            quota.version + 1, %(reason)s
        FROM change JOIN bookings_quota quota ON quota.id = change.id
        ORDER BY quota.id
    )
    UPDATE bookings_quota SET capacity = change.capacity, version = version + 1
    FROM change WHERE bookings_quota.id = change.id
"""
_CHANGE_SLOTS = """
    UPDATE bookings_slot SET
        ends_at = new.ends_at, session_id = new.session_id, opens_at = new.opens_at,
        closed_at = new.closed_at, withdrawn = new.withdrawn
    FROM unnest(
        %(ids)s::bigint[], %(ends_at)s::timestamptz[], %(sessions)s::bigint[],
        %(opens_at)s::timestamptz[], %(closed_at)s::timestamptz[], %(withdrawn)s::bool[]
    ) AS new (id, ends_at, session_id, opens_at, closed_at, withdrawn)
    WHERE bookings_slot.id = new.id
"""


def create_slots(office: Office, planned: Sequence[PlannedSlot]) -> None:
    """The slots and their quotas."""
    if planned:
        _execute(
            _CREATE,
            office=office.pk,
            line=[plan.line for plan in planned],
            session=[plan.session for plan in planned],
            date=[plan.date for plan in planned],
            starts_at=[plan.starts_at for plan in planned],
            ends_at=[plan.ends_at for plan in planned],
            opens_at=[plan.opens_at for plan in planned],
            **{pool: [plan.places[pool] for plan in planned] for pool in _POOLS},
        )


@dataclass(frozen=True, slots=True)
class Occasion:
    """When the published follows the hours, and who changed them why: nobody, every night."""

    now: dt.datetime
    reason: str = ""
    account: Account | None = None


def change_capacities(changes: Iterable[tuple[PublishedQuota, int]], occasion: Occasion) -> None:
    """Of quotas that are locked, each with a line in its history."""
    by_id = {quota.id: capacity for quota, capacity in changes}
    if by_id:
        _execute(
            _CHANGE_CAPACITIES,
            ids=list(by_id),
            capacities=list(by_id.values()),
            kind=QuotaChangeKind.PUBLISHED,
            now=occasion.now,
            account=occasion.account.pk if occasion.account else None,
            reason=occasion.reason,
        )


def change_slots(slots: Sequence[Published]) -> None:
    """Write what may change of these slots."""
    if slots:
        _execute(
            _CHANGE_SLOTS,
            ids=[slot.id for slot in slots],
            ends_at=[slot.ends_at for slot in slots],
            sessions=[slot.session_id for slot in slots],
            opens_at=[slot.opens_at for slot in slots],
            closed_at=[slot.closed_at for slot in slots],
            withdrawn=[slot.withdrawn for slot in slots],
        )


def _execute(sql: str, **parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
