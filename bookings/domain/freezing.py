"""Staff stop giving out the places of pools for a while. What is taken stays taken.

A frozen pool is skipped by every channel; opening a closed window, publishing and the evening's
release leave it frozen. At the start of its window what it has left goes to those who come
without a booking, as it does anywhere (rule 9).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.domain import allocation
from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.domain.quotas import QuotasRefused, changed_meanwhile, record, refuse_over
from bookings.enums import QuotaChangeKind
from bookings.models import Quota
from offices.enums import Pool


def freeze(
    versions: Mapping[int, int], *, reason: str, actor: Actor, now: dt.datetime
) -> list[Quota]:
    """Give out no more places of these quotas until they are thawed; those that weren't frozen.

    `versions` maps quota ids to the versions that the person saw. Raises QuotasRefused, SlotOver.
    """
    return _switch(versions, QuotaChangeKind.FROZEN, reason, actor, now)


def thaw(
    versions: Mapping[int, int], *, reason: str, actor: Actor, now: dt.datetime
) -> list[Quota]:
    """Give out their places again, unless their window is closed. Raises as `freeze` does."""
    return _switch(versions, QuotaChangeKind.THAWED, reason, actor, now)


@dataclass
class PlacesFrozen(BookingError):
    """Places that would be added to frozen pools alone: nobody could have them."""

    code: ClassVar[str] = "places_frozen"
    pool: Pool

    @property
    def message(self) -> str:
        return _(
            "The places of the pool “%(pool)s” are frozen in all these windows, so nobody would "
            "get what is added. Thaw them first under “Change over a range”, or choose other "
            "windows."
        ) % {"pool": self.pool.label}


@transaction.atomic
def _switch(
    versions: Mapping[int, int],
    kind: QuotaChangeKind,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[Quota]:
    if not reason.strip():
        raise ValueError("Freezing and thawing need a reason.")
    refuse_over(versions, now)
    frozen = kind == QuotaChangeKind.FROZEN
    locked = allocation.lock(list(versions)).values()
    changing = [quota for quota in locked if quota.frozen != frozen]
    if stale := [quota for quota in changing if quota.version != versions[quota.pk]]:
        raise QuotasRefused([changed_meanwhile(quota) for quota in stale])
    record(changing, kind, reason, actor, now)
    allocation.freeze_quotas([quota.pk for quota in changing], frozen=frozen)
    return changing
