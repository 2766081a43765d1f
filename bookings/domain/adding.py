"""Extra numbers for people without a booking (加号), and the days on which there were some."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, QuerySet, Sum

from bookings.domain.freezing import PlacesFrozen
from bookings.domain.parties import Actor
from bookings.domain.quotas import QuotaEdit, QuotasRefused, set_quotas
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange
from offices.enums import Pool
from offices.models import Office, ServiceLine

ATTEMPTS = 3


class NoWindowLeft(Exception):
    """The day has no window that is open and not over."""


@dataclass(frozen=True, slots=True)
class Addition:
    """So many numbers on a day of a line: over its remaining windows, or all to one of them."""

    office: Office
    line: ServiceLine
    day: dt.date
    places: int
    slot_id: int | None = None

    def quotas(self, now: dt.datetime) -> QuerySet[Quota]:
        """The walk-in places that could get some; frozen ones get none, for nobody would have
        them."""
        open_ = Quota.objects.filter(
            pool=Pool.WALK_IN,
            slot__office=self.office,
            slot__line=self.line,
            slot__date=self.day,
            slot__closed_at=None,
            slot__ends_at__gt=now,
        ).order_by("slot__starts_at")
        return open_ if self.slot_id is None else open_.filter(slot=self.slot_id)


def add_numbers(
    addition: Addition, *, reason: str, actor: Actor, now: dt.datetime
) -> list[QuotaChange]:
    """Add walk-in numbers, evenly; where they don't divide, the earlier windows get one more.

    Raises NoWindowLeft, PlacesFrozen where all of them are frozen, and QuotasRefused if others
    keep changing the same windows.
    """
    for _attempt in range(ATTEMPTS):
        try:
            return set_quotas(
                _edits(addition, now),
                reason=reason,
                actor=actor,
                now=now,
                kind=QuotaChangeKind.ADDED,
            )
        except QuotasRefused as refused:
            # Adding says nothing about the number that was there: it is added to the new one.
            refusal = refused
    raise refusal


@dataclass(frozen=True, slots=True)
class AddedDay:
    """Numbers that a day of a line got in all, and why."""

    date: dt.date
    line: ServiceLine
    places: int
    reasons: tuple[str, ...]


def added_days(office: Office, first: dt.date, last: dt.date) -> list[AddedDay]:
    """The days that got numbers, latest first. What was set back isn't counted."""
    added = QuotaChange.objects.filter(
        kind=QuotaChangeKind.ADDED,
        quota__slot__office=office,
        quota__slot__date__range=(first, last),
    )
    days = (
        added.order_by()
        .values_list("quota__slot__date", "quota__slot__line")
        .annotate(
            places=Sum(F("to_capacity") - F("from_capacity")),
            reasons=ArrayAgg("reason", distinct=True),
        )
        .filter(places__gt=0)
        .order_by("-quota__slot__date", "quota__slot__line")
    )
    lines = ServiceLine.objects.in_bulk()
    return [AddedDay(day, lines[line], places, tuple(why)) for day, line, places, why in days]


def _edits(addition: Addition, now: dt.datetime) -> list[QuotaEdit]:
    found = list(addition.quotas(now))
    if not found:
        raise NoWindowLeft
    quotas = [quota for quota in found if not quota.frozen]
    if not quotas:
        raise PlacesFrozen(Pool.WALK_IN)
    each, rest = divmod(addition.places, len(quotas))
    return [
        QuotaEdit(quota.pk, quota.capacity + each + (position < rest), quota.version)
        for position, quota in enumerate(quotas)
    ]
