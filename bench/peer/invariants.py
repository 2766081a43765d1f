"""What must hold in pretix's tables after a load, or its figures are worth nothing."""

from collections.abc import Callable
from typing import Any

Rows = Callable[[str], list[tuple[Any, ...]]]

# An order takes places while it is pending or paid; a position, until it is cancelled.
_TAKEN = """
    SELECT position.item_id, position.subevent_id
    FROM pretixbase_orderposition position
    JOIN pretixbase_order placed ON placed.id = position.order_id
    WHERE NOT position.canceled AND placed.status IN ('n', 'p')
"""
_OVERSOLD = f"""
    SELECT quota.id, quota.size, count(*)
    FROM pretixbase_quota quota
    JOIN pretixbase_quota_items offered ON offered.quota_id = quota.id
    JOIN ({_TAKEN}) taken
        ON taken.item_id = offered.item_id AND taken.subevent_id = quota.subevent_id
    GROUP BY quota.id, quota.size
    HAVING count(*) > quota.size
    ORDER BY quota.id
"""
# pretix keeps every answer to a request with an idempotency key.
_ANSWERED = """
    SELECT convert_from(response_body, 'UTF8')::json ->> 'code' AS code
    FROM pretixapi_apicall WHERE response_code = 201
"""
_LOST = f"""
    SELECT answered.code FROM ({_ANSWERED}) answered
    WHERE NOT EXISTS (SELECT FROM pretixbase_order placed WHERE placed.code = answered.code)
    ORDER BY answered.code
"""
_HALF_DONE = """
    SELECT placed.code FROM pretixbase_order placed
    WHERE placed.status <> 'p'
        OR 1 <> (SELECT count(*) FROM pretixbase_orderposition position
                 WHERE position.order_id = placed.id AND NOT position.canceled)
        OR 1 <> (SELECT count(*) FROM pretixbase_orderpayment payment
                 WHERE payment.order_id = placed.id AND payment.state = 'confirmed')
    ORDER BY placed.code
"""


def broken(rows: Rows, answered: int) -> list[str]:
    """What doesn't hold, a sentence each. `answered` counts the answers 201 that a client saw."""
    [(kept,)] = rows(f"SELECT count(*) FROM ({_ANSWERED}) answered")
    told = [
        f"pretix sold {taken} places of quota {quota}, which has {size}"
        for quota, size, taken in rows(_OVERSOLD)
    ]
    told += [f"pretix answered 201 for order {code}, which isn't there" for (code,) in rows(_LOST)]
    told += [
        f"pretix's order {code} isn't one paid place with one payment"
        for (code,) in rows(_HALF_DONE)
    ]
    if kept < answered:
        told.append(f"pretix answered 201 {answered} times and knows of {kept} only")
    return told
