"""Places that nobody claimed go where somebody wants them. Safe to run twice, or by two at once.

- The evening before, what is left of the assisted pool goes online (XM-13).
- From the start of a window, what is left of both goes to walk-ins, and so does what no-shows
  give back at its end.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from bookings.domain import allocation
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, Slot
from offices.domain.policy import policy_for
from offices.enums import Pool
from offices.models import Office

# Slots of one transaction: its locks are held for some milliseconds.
BATCH = 200
# No-shows are found once the grace after their window is over.
HAND_OVER_LASTS = dt.timedelta(hours=4)
LONGEST_SLOT = dt.timedelta(days=1)


def release_reserve(now: dt.datetime) -> int:
    """Move unclaimed assisted places of each slot online, once, from the release time on.

    The release time is `policy.reserve_release_time` of the day before, on the office's clock.
    Returns the number of places moved.
    """
    slots = [pk for day, offices in _days_due(now).items() for pk in _unreleased(day, offices, now)]
    return sum(_release(batch, now) for batch in _batches(slots))


def hand_over_to_walk_in(now: dt.datetime) -> int:
    """Move unclaimed places of windows that have begun to walk-ins; the number of places."""
    begun = Slot.objects.filter(
        starts_at__lte=now,
        ends_at__range=(now - HAND_OVER_LASTS, now + LONGEST_SLOT),
        closed_at__isnull=True,
        quotas__pool__in=[Pool.ONLINE, Pool.ASSISTED],
        quotas__capacity__gt=F("quotas__taken"),
    )
    slots = begun.order_by("pk").distinct("pk").values_list("pk", flat=True)
    return sum(_hand_over(batch, now) for batch in _batches(slots))


def _days_due(now: dt.datetime) -> dict[dt.date, list[int]]:
    """The last day whose release time has come, to the ids of the offices where that is so."""
    days: dict[dt.date, list[int]] = defaultdict(list)
    for office in Office.objects.filter(is_active=True).select_related("bureau__parent"):
        local = now.astimezone(office.zone)
        tonight = local.time() >= policy_for(office).reserve_release_time
        days[local.date() + dt.timedelta(days=int(tonight))].append(office.pk)
    return days


def _unreleased(day: dt.date, offices: Collection[int], now: dt.datetime) -> list[int]:
    slots = Slot.objects.filter(
        office__in=offices,
        date__range=(day - dt.timedelta(days=1), day),
        starts_at__gt=now,
        closed_at__isnull=True,
        reserve_released_at__isnull=True,
    )
    # Frozen places aren't given out online either, and in a frozen pool they would be out of
    # everybody's reach: they go there once both are thawed.
    pools = [Pool.ONLINE, Pool.ASSISTED]
    frozen = Quota.objects.filter(slot=OuterRef("pk"), pool__in=pools, frozen=True)
    slots = slots.filter(~Exists(frozen))
    return list(slots.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _release(slots: list[int], now: dt.datetime) -> int:
    allocation.lock_slots(slots)
    # Asked under the locks: another worker may have released some of them meanwhile.
    waiting = Slot.objects.filter(pk__in=slots, reserve_released_at__isnull=True)
    still = list(waiting.values_list("pk", flat=True))
    moved = _pour(still, {Pool.ASSISTED}, Pool.ONLINE, now)
    waiting.update(reserve_released_at=now)
    return moved


@transaction.atomic
def _hand_over(slots: list[int], now: dt.datetime) -> int:
    allocation.lock_slots(slots)
    return _pour(slots, {Pool.ONLINE, Pool.ASSISTED}, Pool.WALK_IN, now)


_POUR = """
WITH spare AS (
    SELECT slot_id, sum(capacity - taken) AS places
      FROM bookings_quota
     WHERE slot_id = ANY(%(slots)s) AND pool = ANY(%(sources)s)
     GROUP BY slot_id HAVING sum(capacity - taken) > 0
), target AS (
    SELECT id, places FROM bookings_quota JOIN spare USING (slot_id) WHERE pool = %(target)s
), source AS (
    SELECT id, taken - capacity AS places FROM bookings_quota
     WHERE pool = ANY(%(sources)s) AND capacity > taken
       AND slot_id IN (SELECT slot_id FROM bookings_quota JOIN target USING (id))
), changed AS (
    UPDATE bookings_quota AS quota SET capacity = capacity + places, version = version + 1
      FROM (SELECT * FROM target UNION ALL SELECT * FROM source) AS moved
     WHERE quota.id = moved.id
    RETURNING quota.id, places, capacity, version, edited
)
INSERT INTO bookings_quotachange
    (quota_id, kind, at, from_capacity, to_capacity, version, was_edited, reason)
SELECT id, %(kind)s, %(now)s, capacity - places, capacity, version, edited, '' FROM changed
RETURNING to_capacity - from_capacity
"""


def _pour(slots: list[int], sources: Collection[str], target: str, now: dt.datetime) -> int:
    """Move all that is left in the `sources` of each slot into its `target`; places moved.

    The quotas are locked, and each change is kept. A slot without a target keeps its places.
    """
    parameters: dict[str, Any] = {
        "slots": slots,
        "sources": list(sources),
        "target": target,
        "kind": QuotaChangeKind.RELEASED,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POUR, parameters)
        return sum(places for (places,) in cursor.fetchall() if places > 0)


def _batches(slots: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(slots)
    while batch := list(islice(remaining, BATCH)):
        yield batch
