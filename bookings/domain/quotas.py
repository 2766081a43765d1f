"""Staff decide how many places a window has, and for whom. Every change is kept with its reason."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from bookings.domain import allocation
from bookings.domain.errors import BelowTaken, ChangedMeanwhile, SlotOver
from bookings.domain.lifecycle import lapse
from bookings.domain.parties import Actor
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot


@dataclass(frozen=True, slots=True)
class QuotaEdit:
    """A capacity that somebody decided while looking at `version` of the quota."""

    quota_id: int
    capacity: int
    version: int
    # False where the number follows the hours again from now on.
    decided: bool = True


class QuotasRefused(Exception):
    """Some of several edits can't be made, so none was: BelowTaken or ChangedMeanwhile of each."""

    def __init__(self, refusals: "Sequence[BelowTaken | ChangedMeanwhile]") -> None:
        super().__init__(refusals)
        self.refusals = refusals


def set_quota(
    quota_id: int, capacity: int, *, version: int, reason: str, actor: Actor, now: dt.datetime
) -> Quota:
    """Raise or lower the places of one pool of a window; it counts from the next booking on.

    Setting what is already set changes nothing. Raises BelowTaken, ChangedMeanwhile,
    SlotOver, Quota.DoesNotExist.
    """
    edit = QuotaEdit(quota_id, capacity, version)
    try:
        set_quotas([edit], reason=reason, actor=actor, now=now)
    except QuotasRefused as refused:
        raise refused.refusals[0] from None
    return Quota.objects.get(pk=quota_id)


def set_quotas(
    edits: Iterable[QuotaEdit],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    kind: QuotaChangeKind = QuotaChangeKind.SET,
) -> list[QuotaChange]:
    """Make all the edits or none; what changed.

    Raises QuotasRefused, SlotOver, Quota.DoesNotExist.
    """
    if not reason.strip():
        raise ValueError("A change of quotas needs a reason.")
    by_id = {edit.quota_id: edit for edit in edits}
    with transaction.atomic():
        quotas = _lock(by_id, now)
        changing = [by_id[pk] for pk in sorted(by_id) if quotas[pk].capacity != by_id[pk].capacity]
        if refusals := _set(changing):
            raise QuotasRefused(refusals)
        return QuotaChange.objects.bulk_create(
            _change(quotas[edit.quota_id], edit.capacity, kind, reason, actor, now)
            for edit in changing
        )


def move_places(
    from_id: int,
    to_id: int,
    places: int,
    versions: Mapping[int, int],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[QuotaChange]:
    """Move places from one pool of a window to another; their sum stays.

    `versions` maps both quota ids to the versions that the person saw. Raises QuotasRefused,
    Quota.DoesNotExist.
    """
    quotas = Quota.objects.in_bulk([from_id, to_id])
    if len({quota.slot_id for quota in quotas.values()}) != 1 or len(quotas) != 2:
        raise Quota.DoesNotExist("Places move between two pools of one window.")
    edits = [
        QuotaEdit(quota_id, quotas[quota_id].capacity + difference, versions.get(quota_id, 0))
        for quota_id, difference in ((from_id, -places), (to_id, places))
    ]
    return set_quotas(edits, reason=reason, actor=actor, now=now, kind=QuotaChangeKind.MOVED)


def together_with(change: QuotaChange) -> list[QuotaChange]:
    """The changes that were made in one go with this one, itself among them."""
    siblings = QuotaChange.objects.filter(
        at=change.at,
        kind=change.kind,
        account=change.account_id,
        partner=change.partner_id,
        quota__slot__office=change.quota.slot.office_id,
        # Nothing was changed at a window that was long over.
        quota__slot__date__gte=change.at.date() - dt.timedelta(days=2),
    )
    return list(siblings.select_related("quota__slot").order_by("quota_id"))


def still_to_come(change: QuotaChange, now: dt.datetime) -> list[QuotaChange]:
    """Those of them that can be set back: of windows that aren't over.

    Raises SlotOver if all are.
    """
    changes = together_with(change)
    coming = [one for one in changes if one.quota.slot.ends_at > now]
    if not coming:
        raise SlotOver(change.quota.slot_id)
    return coming


def undo(
    change: QuotaChange,
    versions: Mapping[int, int],
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[QuotaChange]:
    """Set the quotas back to what they were before this change and those made in one go with it.

    One that followed the hours before does so again. Windows that are over stay as they are.
    `versions` maps quota ids to the versions that the person saw. Raises QuotasRefused, SlotOver.
    """
    edits = [
        QuotaEdit(
            one.quota_id,
            one.from_capacity,
            versions.get(one.quota_id, 0),
            decided=one.was_edited,
        )
        for one in still_to_come(change, now)
    ]
    # Numbers that were added and set back add up to none.
    added = change.kind == QuotaChangeKind.ADDED
    kind = QuotaChangeKind.ADDED if added else QuotaChangeKind.SET
    return set_quotas(edits, reason=reason, actor=actor, now=now, kind=kind)


def record(
    quotas: Iterable[Quota], kind: QuotaChangeKind, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Keep what was done to quotas whose capacity stayed: closing, freezing and their ends."""
    QuotaChange.objects.bulk_create(
        _change(quota, quota.capacity, kind, reason, actor, now) for quota in quotas
    )


def refuse_over(quota_ids: Iterable[int], now: dt.datetime) -> None:
    """Raises SlotOver if a window of these quotas has ended."""
    if over := Slot.objects.filter(quotas__in=list(quota_ids), ends_at__lte=now).first():
        raise SlotOver(over.pk)


def _lock(edits: Mapping[int, QuotaEdit], now: dt.datetime) -> dict[int, Quota]:
    """The quotas, locked, with the places of expired holds given back: those stand in no way."""
    refuse_over(edits, now)
    lapsed = lapse(Q(quota__in=list(edits)), now)
    quotas = allocation.lock(list(edits))
    if missing := edits.keys() - quotas.keys():
        raise Quota.DoesNotExist(f"There is no quota {min(missing)}.")
    allocation.give_back_many(lapsed)
    return quotas


def _set(edits: Sequence[QuotaEdit]) -> "list[BelowTaken | ChangedMeanwhile]":
    """Why some of them can't be; empty where all were set."""
    wanted = [
        allocation.NewCapacity(edit.quota_id, edit.capacity, edit.version, edit.decided)
        for edit in edits
    ]
    done = allocation.set_capacities(wanted)
    refused = {edit.quota_id: edit for edit in edits if edit.quota_id not in done}
    if not refused:
        return []
    return [_refusal(refused[pk], quota) for pk, quota in Quota.objects.in_bulk(refused).items()]


def _refusal(edit: QuotaEdit, quota: Quota) -> "BelowTaken | ChangedMeanwhile":
    if quota.version != edit.version:
        return changed_meanwhile(quota)
    return BelowTaken(quota.pk, edit.capacity, quota.taken)


def changed_meanwhile(quota: Quota) -> ChangedMeanwhile:
    """What to tell somebody who saw another version of it."""
    return ChangedMeanwhile(quota.pk, quota.version, quota.capacity)


def _change(
    quota: Quota,
    capacity: int,
    kind: QuotaChangeKind,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> QuotaChange:
    return QuotaChange(
        quota=quota,
        kind=kind,
        at=now,
        account=actor.person,
        partner=actor.partner,
        from_capacity=quota.capacity,
        to_capacity=capacity,
        version=quota.version + 1,
        was_edited=quota.edited,
        reason=reason.strip(),
    )
