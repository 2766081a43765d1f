"""Share out the places of a day anew between the pools, e.g. 70/30 online and on site to 60/40."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bookings.domain.parties import Actor
from bookings.domain.quotas import QuotaEdit, set_quotas
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot
from offices.domain.policy import split_capacity, validate_shares
from offices.models import Office, ServiceLine


@dataclass(frozen=True, slots=True)
class SlotSplit:
    """A window's pools as they are and as they would be. `places` maps pools to capacities."""

    slot: Slot
    quotas: tuple[Quota, ...]
    places: Mapping[str, int]
    # False where what is taken keeps a pool above its share.
    exact: bool

    @property
    def versions(self) -> dict[int, int]:
        return {quota.pk: quota.version for quota in self.quotas}


def plan_split(
    office: Office,
    line: ServiceLine,
    day: dt.date,
    shares: Mapping[str, int],
    now: dt.datetime,
) -> list[SlotSplit]:
    """What the shares (percent by pool) make of each window of the day that isn't over.

    Raises ValidationError unless the shares add up to 100.
    """
    validate_shares(shares)
    slots = Slot.objects.of_line(office, line).filter(date=day, ends_at__gt=now)
    return [
        _split_slot(slot, shares) for slot in slots.prefetch_related("quotas").order_by("starts_at")
    ]


def split_day(
    office: Office,
    line: ServiceLine,
    day: dt.date,
    shares: Mapping[str, int],
    versions: Mapping[int, int],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[QuotaChange]:
    """Give every window of the day these shares, as near as what is taken allows.

    `versions` maps quota ids to the versions that the person saw. Raises QuotasRefused,
    ValidationError.
    """
    edits = [
        QuotaEdit(quota.pk, split.places[quota.pool], versions.get(quota.pk, 0))
        for split in plan_split(office, line, day, shares, now)
        for quota in split.quotas
    ]
    return set_quotas(edits, reason=reason, actor=actor, now=now, kind=QuotaChangeKind.MOVED)


def _split_slot(slot: Slot, shares: Mapping[str, int]) -> SlotSplit:
    quotas = tuple(slot.quotas.all())
    taken = {quota.pool: quota.taken for quota in quotas}
    capacity = sum(quota.capacity for quota in quotas)
    wanted = split_capacity(capacity, shares)
    places = no_less_than(taken, wanted)
    return SlotSplit(slot, quotas, places, exact=places == wanted)


def no_less_than(taken: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """The wanted places with each pool raised to what it has taken, at the cost of the roomiest.

    >>> no_less_than({"online": 20, "walk_in": 0}, {"online": 18, "walk_in": 12})
    {'online': 20, 'walk_in': 10}
    """
    places = {pool: max(wanted[pool], taken.get(pool, 0)) for pool in wanted}
    for _place in range(sum(places.values()) - sum(wanted.values())):
        roomiest = max(places, key=lambda pool: places[pool] - taken.get(pool, 0))
        places[roomiest] -= 1
    return places
