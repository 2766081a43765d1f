"""Places that nobody claimed go where somebody wants them. Safe to run twice, or by two at once.

- The evening before, what is left of the assisted pool goes online (XM-13).
- From the start of a window, what is left of both goes to walk-ins, and so does what no-shows
  give back at its end.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import F

from bookings.domain import allocation
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot
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
    return list(slots.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _release(slots: list[int], now: dt.datetime) -> int:
    quotas = _lock(slots)
    # Asked again under the locks: another worker may have released some of them meanwhile.
    waiting = Slot.objects.filter(pk__in=slots, reserve_released_at__isnull=True)
    still = set(waiting.values_list("pk", flat=True))
    moved = _pour(
        [quota for quota in quotas if quota.slot_id in still], {Pool.ASSISTED}, Pool.ONLINE, now
    )
    waiting.update(reserve_released_at=now)
    return moved


@transaction.atomic
def _hand_over(slots: list[int], now: dt.datetime) -> int:
    return _pour(_lock(slots), {Pool.ONLINE, Pool.ASSISTED}, Pool.WALK_IN, now)


def _lock(slots: list[int]) -> list[Quota]:
    quota_ids = Quota.objects.filter(slot__in=slots).values_list("pk", flat=True)
    return list(allocation.lock(list(quota_ids)).values())


def _pour(quotas: Iterable[Quota], sources: Collection[str], target: str, now: dt.datetime) -> int:
    """Move all that is left in the `sources` of each slot into its `target`; places moved."""
    by_slot: dict[int, dict[str, Quota]] = defaultdict(dict)
    for quota in quotas:
        by_slot[quota.slot_id][quota.pool] = quota
    differences: dict[Quota, int] = {}
    for pools in by_slot.values():
        emptied = {pools[pool]: -pools[pool].left for pool in sources & pools.keys()}
        left = -sum(emptied.values())
        if left and target in pools:
            differences |= {quota: places for quota, places in emptied.items() if places}
            differences[pools[target]] = left
    if differences:
        allocation.shift_many({quota.pk: places for quota, places in differences.items()})
        _record(differences, now)
    return sum(places for places in differences.values() if places > 0)


def _record(differences: dict[Quota, int], now: dt.datetime) -> None:
    QuotaChange.objects.bulk_create(
        QuotaChange(
            quota=quota,
            kind=QuotaChangeKind.RELEASED,
            at=now,
            from_capacity=quota.capacity,
            to_capacity=quota.capacity + places,
            version=quota.version + 1,
        )
        for quota, places in differences.items()
    )


def _batches(slots: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(slots)
    while batch := list(islice(remaining, BATCH)):
        yield batch
