"""Staff close windows and days, and open them again. Nobody who is booked loses their place."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from bookings.domain import allocation
from bookings.domain.in_the_way import BookingInTheWay, bookings_of_slots
from bookings.domain.parties import Actor
from bookings.domain.publishing import publish, queue_with_publishers
from bookings.domain.quotas import record
from bookings.enums import QuotaChangeKind
from bookings.models import Slot
from bookings.models.slot import SlotQuerySet
from offices.models import Closure, Office, ServiceLine


def close_slots(
    slot_ids: Iterable[int], *, reason: str, actor: Actor, now: dt.datetime
) -> list[BookingInTheWay]:
    """Give out no more places of these windows; the bookings that stay valid at them.

    Windows that are closed already or over are left as they are.
    """
    if not reason.strip():
        raise ValueError("Closing needs a reason.")
    with transaction.atomic():
        closing = _ids(Slot.objects.filter(pk__in=slot_ids, closed_at=None, ends_at__gt=now))
        _switch(closing, QuotaChangeKind.CLOSED, reason, actor, now)
        Slot.objects.filter(pk__in=closing).update(closed_at=now, close_reason=reason.strip())
        return bookings_of_slots(closing, now)


def reopen_slots(
    slot_ids: Iterable[int], *, reason: str, actor: Actor, now: dt.datetime
) -> list[int]:
    """Give out places of these windows again; the ids of those that were closed and not over."""
    if not reason.strip():
        raise ValueError("Reopening needs a reason.")
    with transaction.atomic():
        closed = Slot.objects.filter(pk__in=slot_ids, closed_at__isnull=False, ends_at__gt=now)
        opening = _ids(closed)
        _switch(opening, QuotaChangeKind.REOPENED, reason, actor, now)
        Slot.objects.filter(pk__in=opening).update(closed_at=None, close_reason="")
        return opening


def open_slots_of_day(
    office: Office, line: ServiceLine | None, day: dt.date, now: dt.datetime
) -> SlotQuerySet:
    """The windows that closing this day, or one line of it, would close."""
    slots = Slot.objects.filter(office=office, date=day, closed_at=None, ends_at__gt=now)
    return slots.filter(line=line) if line else slots


def close_day(
    office: Office,
    line: ServiceLine | None,
    day: dt.date,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[BookingInTheWay]:
    """Close the windows of a day, of one line or (None) of all, and publish no more for it.

    Answers the bookings that stay valid.
    """
    with transaction.atomic():
        # Publishing must not create a window of a day while that day is being closed.
        queue_with_publishers(office.pk)
        closure = Closure.objects.create(
            office=office,
            line=line,
            first_day=day,
            last_day=day,
            reason=reason.strip(),
            created_by=actor.person,
        )
        # Its windows carry the same moment: that is how reopening tells them from others.
        Closure.objects.filter(pk=closure.pk).update(created_at=now)
        slots = open_slots_of_day(office, line, day, now)
        return close_slots(_ids(slots), reason=reason, actor=actor, now=now)


def reopen_day(closure: Closure, *, reason: str, actor: Actor, now: dt.datetime) -> list[int]:
    """Undo `close_day`: its windows open again, and missing ones are published."""
    with transaction.atomic():
        queue_with_publishers(closure.office_id)
        slots = Slot.objects.filter(
            Q(line=closure.line_id) if closure.line_id else Q(),
            office=closure.office_id,
            date__range=(closure.first_day, closure.last_day),
            closed_at=closure.created_at,
        )
        opened = reopen_slots(_ids(slots), reason=reason, actor=actor, now=now)
        closure.delete()
    # In a transaction of its own: it locks quotas with lower ids than those just reopened.
    publish(closure.office, now)
    return opened


def _ids(slots: SlotQuerySet) -> list[int]:
    return list(slots.order_by("pk").values_list("pk", flat=True))


def _switch(
    slot_ids: list[int], kind: QuotaChangeKind, reason: str, actor: Actor, now: dt.datetime
) -> None:
    quotas = allocation.close_quotas(slot_ids, closed=kind == QuotaChangeKind.CLOSED)
    record(quotas, kind, reason, actor, now)
