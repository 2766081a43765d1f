"""Giving places and taking them back: the sole writer of `Quota.taken`.

Every verb is one conditional UPDATE whose changed rows are counted, and several quotas are
locked in the order of their ids. Callers write the rows that nobody contends for first and
settle last, right before COMMIT: lock late. In any transaction bookings are locked before
quotas, so that no two of them wait for each other.
"""

from collections.abc import Mapping

from django.db import connection
from django.db.models import F

from bookings.models import Quota


class NoPlaces(Exception):
    """The quota has fewer places than asked for, or was closed meanwhile."""

    def __init__(self, quota_id: int) -> None:
        super().__init__(quota_id)
        self.quota_id = quota_id


def settle(changes: Mapping[int, int]) -> None:
    """Take places (positive) and give back places (negative), all or none.

    `changes` maps quota ids to numbers of places. Raises NoPlaces; the caller's transaction
    must then be rolled back.
    """
    for quota_id in sorted(changes):
        places = changes[quota_id]
        if places > 0 and not _take(quota_id, places):
            raise NoPlaces(quota_id)
        if places < 0:
            _give_back(quota_id, -places)


_TAKE = """
    UPDATE bookings_quota SET taken = taken + %s
     WHERE id = %s AND taken + %s <= capacity AND NOT closed
"""
_GIVE_BACK = "UPDATE bookings_quota SET taken = taken - %s WHERE id = %s"


def _take(quota_id: int, places: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [places, quota_id, places])
        return cursor.rowcount == 1


def _give_back(quota_id: int, places: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [places, quota_id])


def give_back_many(places: Mapping[int, int]) -> None:
    """Give back places of many quotas in two statements, whatever their number."""
    if not places:
        return
    quota_ids = sorted(places)
    lock(quota_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_quota SET taken = taken - back.places"
            " FROM unnest(%s::bigint[], %s::int[]) AS back (id, places)"
            " WHERE bookings_quota.id = back.id",
            [quota_ids, [places[quota_id] for quota_id in quota_ids]],
        )


def lock(quota_ids: list[int]) -> dict[int, Quota]:
    """The quotas, locked in the order of their ids until the transaction ends."""
    quotas = Quota.objects.filter(pk__in=quota_ids).order_by("pk").select_for_update(no_key=True)
    return {quota.pk: quota for quota in quotas}


def set_capacity(quota_id: int, capacity: int, version: int, *, edited: bool = True) -> bool:
    """Set the capacity if nobody changed it since `version` and nobody's place is lost.

    False, and nothing changed, where either doesn't hold (rule 7).
    """
    return (
        Quota.objects.filter(pk=quota_id, version=version, taken__lte=capacity).update(
            capacity=capacity, version=version + 1, edited=edited
        )
        == 1
    )


def shift_many(differences: Mapping[int, int]) -> None:
    """Change the capacities of quotas that the caller has locked, in one statement.

    The differences of a slot's quotas add up to zero, and none takes what is taken.
    """
    quota_ids = sorted(differences)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_quota"
            " SET capacity = capacity + shift.places, version = version + 1"
            " FROM unnest(%s::bigint[], %s::int[]) AS shift (id, places)"
            " WHERE bookings_quota.id = shift.id",
            [quota_ids, [differences[quota_id] for quota_id in quota_ids]],
        )


def close_quotas(slot_ids: list[int], *, closed: bool) -> None:
    """Stop or resume giving out places of these slots; what is taken stays taken."""
    quota_ids = list(Quota.objects.filter(slot__in=slot_ids).values_list("pk", flat=True))
    lock(quota_ids)
    Quota.objects.filter(pk__in=quota_ids).update(closed=closed, version=F("version") + 1)
