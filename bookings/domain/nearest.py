"""The first window with room for a party at each of several offices."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import F

from bookings.models import Quota, Slot
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine


def nearest_slots(
    needs: Mapping[Office, int], line: ServiceLine, channel: str, now: dt.datetime
) -> dict[int, Slot]:
    """By office id. `needs` says how many places the party takes at each office.

    A guide for choosing an office: holds that expired within the last minute count as taken.
    One query for all offices with the same pools and need.
    """
    alike: dict[tuple[tuple[str, ...], int], list[Office]] = defaultdict(list)
    for office, places in needs.items():
        alike[policy_for(office).pools_for(channel), places].append(office)
    found: dict[int, Slot] = {}
    for (pools, places), offices in alike.items():
        for quota in _roomy(offices, line, pools, places, now):
            found[quota.slot.office_id] = quota.slot
    return found


def _roomy(
    offices: list[Office], line: ServiceLine, pools: tuple[str, ...], places: int, now: dt.datetime
) -> list[Quota]:
    quotas = Quota.objects.filter(
        slot__in=Slot.objects.bookable(now).filter(office__in=offices, line=line),
        pool__in=pools,
        closed=False,
        taken__lte=F("capacity") - places,
    )
    return list(
        quotas.select_related("slot")
        .order_by("slot__office_id", "slot__starts_at")
        .distinct("slot__office_id")
    )
