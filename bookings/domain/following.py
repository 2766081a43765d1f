"""Windows that were held back become the sessions that stand there, once nobody holds them or
staff keep those who do."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.domain.planning import planned_slots
from bookings.domain.publishing import publish
from bookings.enums import PENDING, Settlement, Status
from bookings.models import Booking, ConflictNote, Slot
from offices.models import Office, Session


def follow_sessions(now: dt.datetime) -> int:
    """Publish the offices where a window can follow by now; how many offices.

    Their places are nobody's until then, so nothing but time is lost if this runs late.
    """
    waiting: dict[int, list[Slot]] = defaultdict(list)
    for slot in _free_to_follow(now):
        if _can_follow(slot):
            waiting[slot.office_id].append(slot)
    offices = Office.objects.filter(pk__in=waiting).order_by("pk")
    following = [office for office in offices if _are_planned(waiting[office.pk], office, now)]
    for office in following:
        publish(office, now)
    return len(following)


def _are_planned(slots: Iterable[Slot], office: Office, now: dt.datetime) -> bool:
    """Whether any of them begins where a window of its session does: the others never follow."""
    planned = planned_slots(office, now)
    return any((slot.line_id, slot.starts_at) in planned for slot in slots)


def _can_follow(slot: Slot) -> bool:
    """Whom staff keep goes on coming to the office: no session elsewhere stands there for them."""
    session = session_that_replaces(slot)
    return session is not None and not (session.site and _bookings_of(slot).exists())


def _bookings_of(slot: Slot | OuterRef) -> QuerySet[Booking]:
    return Booking.objects.filter(slot=slot, status__in=PENDING)


def session_that_replaces(slot: Slot) -> Session | None:
    """The session that stands where this window does, if the window isn't of it yet."""
    start = slot.local_start.time()
    there = Session.objects.filter(
        office=slot.office_id,
        line=slot.line_id,
        date=slot.date,
        opens__lte=start,
        closes__gt=start,
    )
    return there.exclude(pk=slot.session_id or 0).first()


def _free_to_follow(now: dt.datetime) -> list[Slot]:
    """Found by the sessions to come, which are few: windows that ever were are millions."""
    coming = Session.objects.filter(date__gte=now.date() - dt.timedelta(days=1)).order_by()
    days = set(coming.values_list("office", "date"))
    if not days:
        return []
    lapsed = Q(status=Status.HELD, expires_at__lte=now)
    kept = ConflictNote.objects.filter(
        booking=OuterRef("pk"),
        slot=OuterRef("slot"),
        kind=Settlement.KEPT,
        at__gte=OuterRef("slot__closed_at"),
    )
    holding = _bookings_of(OuterRef("pk")).exclude(lapsed).filter(~Exists(kept))
    same_day = coming.filter(
        office=OuterRef("office"), line=OuterRef("line"), date=OuterRef("date")
    )
    withdrawn = Slot.objects.filter(
        Exists(same_day),
        ~Exists(holding),
        office__in={office for office, _date in days},
        date__in={date for _office, date in days},
        withdrawn=True,
        closed_at__isnull=False,
        close_reason="",
        starts_at__gt=now,
    )
    return list(withdrawn.select_related("office"))
