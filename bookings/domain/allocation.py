"""Giving places and taking them back: the sole writer of `Quota.taken`.

Every verb is one conditional UPDATE whose changed rows are counted, and several quotas are
locked in the order of their ids. Callers write the rows that nobody contends for first and
settle last, right before COMMIT: lock late. In any transaction bookings are locked before
quotas, so that no two of them wait for each other.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Value

from bookings.models import Quota, Slot


class NoPlaces(Exception):
    """The quota has fewer places than asked for, or was closed meanwhile."""

    def __init__(self, quota_id: int) -> None:
        super().__init__(quota_id)
        self.quota_id = quota_id


class Later(NamedTuple):
    """Places of this quota that come back at `now` are shown from `at` on, if it was full."""

    quota_id: int
    now: dt.datetime
    at: dt.datetime


def settle(
    changes: Mapping[int, int], later: Later | None = None, *, taking: Collection[int] = ()
) -> None:
    """Take places (positive) and give back places (negative), all or none.

    `changes` maps quota ids to numbers of places. Of the quotas that somebody is `taking` places
    from, those that expired holds return are deducted already: they may get more than they give,
    and yet give none once they are closed. Raises NoPlaces; the caller's transaction must then be
    rolled back.
    """
    for quota_id in sorted(changes):
        places = changes[quota_id]
        if places > 0 or quota_id in taking:
            if not _take(quota_id, places):
                raise NoPlaces(quota_id)
        elif places < 0 and later and later.quota_id == quota_id:
            _give_back_later(later, -places)
        elif places < 0:
            _give_back(quota_id, -places)


def net(taken: dict[int, int], given_back: Counter[int]) -> dict[int, int]:
    """Changes by quota id: places taken less places given back."""
    quota_ids = taken.keys() | given_back.keys()
    return {quota_id: taken.get(quota_id, 0) - given_back[quota_id] for quota_id in quota_ids}


# Whoever may see places that are still coming back has taken some of them with the last ones.
_TAKE = """/*prepared*/
    UPDATE bookings_quota
       SET taken = taken + %s, coming_back = least(coming_back, capacity - taken - %s)
     WHERE id = %s AND taken + %s <= capacity AND NOT closed
"""
# What comes back is never more than what was left before: a capacity may have been lowered since,
# and what nobody gave back on purpose isn't kept out of sight (rule 6).
_STILL_COMING = "least(coming_back, capacity - taken)"
_GIVE_BACK = f"""/*prepared*/
    UPDATE bookings_quota SET taken = taken - %s, coming_back = {_STILL_COMING} WHERE id = %s
"""  # noqa: S608 (put together from constants)


def _take(quota_id: int, places: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [places, places, quota_id, places])
        return cursor.rowcount == 1


def _give_back(quota_id: int, places: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [places, quota_id])


# What comes back while other places are on their way joins them, so that none waits for ever. The
# other pools are no self-service: nobody lies in wait there.
_HIDDEN = f"CASE WHEN back_at > %(now)s THEN {_STILL_COMING} ELSE 0 END"
_GIVE_BACK_LATER = f"""
    UPDATE bookings_quota
       SET taken = taken - %(places)s,
           coming_back = {_HIDDEN} + CASE WHEN pool = 'online' AND capacity - taken <= {_HIDDEN}
                                          THEN %(places)s ELSE 0 END,
           back_at = CASE WHEN {_HIDDEN} > 0 THEN back_at ELSE %(at)s END
     WHERE id = %(quota_id)s
"""  # noqa: S608 (put together from constants)


def _give_back_later(later: Later, places: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK_LATER, later._asdict() | {"places": places})


_GIVE_BACK_MANY = f"""
WITH locked AS (
    SELECT id FROM bookings_quota WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
)
UPDATE bookings_quota SET taken = taken - back.places, coming_back = {_STILL_COMING}
  FROM locked JOIN unnest(%(ids)s::bigint[], %(places)s::int[]) AS back (id, places) USING (id)
 WHERE bookings_quota.id = locked.id
"""  # noqa: S608 (put together from constants)


def give_back_many(places: Mapping[int, int]) -> None:
    """Give back places of many quotas in one statement, whatever their number."""
    if places:
        parameters = {"ids": list(places), "places": list(places.values())}
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK_MANY, parameters)


def lock(quota_ids: list[int]) -> dict[int, Quota]:
    """The quotas, locked in the order of their ids until the transaction ends."""
    quotas = Quota.objects.filter(pk__in=quota_ids).order_by("pk").select_for_update(no_key=True)
    return {quota.pk: quota for quota in quotas}


def lock_slots(slot_ids: list[int]) -> None:
    """Lock all quotas of these slots likewise, without reading them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM bookings_quota WHERE slot_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [slot_ids],
        )


class NewCapacity(NamedTuple):
    """What a quota is to have, by somebody who saw it in `version`."""

    quota_id: int
    capacity: int
    version: int
    # Whether the number stays from now on, whatever the hours say.
    edited: bool = True


_SET = """
    UPDATE bookings_quota AS quota
       SET capacity = new.capacity, version = new.version + 1, edited = new.edited
      FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::bool[])
           AS new (id, capacity, version, edited)
     WHERE quota.id = new.id AND quota.version = new.version AND quota.taken <= new.capacity
    RETURNING quota.id
"""


def set_capacities(wanted: Sequence[NewCapacity]) -> set[int]:
    """Set each capacity if nobody changed it since its version and nobody's place is lost.

    Returns the ids of those that were set; the others are as they were (rule 7). Of several, the
    caller has locked all. One statement, for the locks are held while bookings wait.
    """
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_SET, [list(column) for column in zip(*wanted, strict=True)])
        return {quota_id for (quota_id,) in cursor.fetchall()}


def set_capacity(quota_id: int, capacity: int, version: int) -> bool:
    """The same for one quota."""
    return bool(set_capacities([NewCapacity(quota_id, capacity, version)]))


def close_quotas(slot_ids: list[int], *, closed: bool) -> list[Quota]:
    """Stop or resume giving out places of these slots; the quotas as they were before.

    What is taken stays taken, and what is frozen stays frozen when its slot opens.
    """
    quota_ids = list(Quota.objects.filter(slot__in=slot_ids).values_list("pk", flat=True))
    quotas = list(lock(quota_ids).values())
    Quota.objects.filter(pk__in=quota_ids).update(
        closed=Value(True) if closed else F("frozen"), version=F("version") + 1
    )
    return quotas


def freeze_quotas(quota_ids: list[int], *, frozen: bool) -> None:
    """Stop or resume giving out places of these quotas, which the caller has locked.

    Whoever closes a slot locks its quotas first, so whether it is closed can't change meanwhile.
    """
    closed_slot = Slot.objects.filter(pk=OuterRef("slot_id"), closed_at__isnull=False)
    Quota.objects.filter(pk__in=quota_ids).update(
        frozen=frozen,
        closed=Value(True) if frozen else Exists(closed_slot),
        version=F("version") + 1,
    )
