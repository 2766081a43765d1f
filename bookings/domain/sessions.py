"""Dated sessions with a quota of their own, one or a series of them: added by staff, published
at once (XM-05, FS-20)."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.allocation import lock
from bookings.domain.errors import BookingError
from bookings.domain.in_the_way import BookingInTheWay, bookings_of_slots
from bookings.domain.parties import Actor
from bookings.domain.publishing import PublishReport, publish, queue_with_publishers
from bookings.models import Quota, Slot
from offices.domain.changes import note_change
from offices.enums import Matters
from offices.models import Office, OrganisationChange, Session, SessionSeries
from offices.wording import say_day, say_hours, say_list


@dataclass
class SessionBooked(BookingError):
    """A session that people are booked for isn't removed."""

    code: ClassVar[str] = "session_booked"
    bookings: int

    @property
    def message(self) -> str:
        text = ngettext(
            "%(count)s booking is made for this session, so it can't be removed. "
            "Move or cancel it first, or close the windows.",
            "%(count)s bookings are made for this session, so it can't be removed. "
            "Move or cancel them first, or close the windows.",
            self.bookings,
        )
        return text % {"count": self.bookings}


@dataclass
class SessionsOverlap(BookingError):
    """The line has sessions at these times already."""

    code: ClassVar[str] = "sessions_overlap"
    days: Sequence[dt.date]

    @property
    def message(self) -> str:
        return _("There is a session at this time already: %(days)s.") % {
            "days": say_list(say_day(day) for day in self.days)
        }


def add_session(session: Session, now: dt.datetime, *, reason: str, actor: Actor) -> PublishReport:
    """Save a new session and publish its windows, if its day is within the horizon already.

    Raises SessionsOverlap.
    """
    with transaction.atomic():
        queue_with_publishers(session.office_id)
        _refuse_overlap(session, [session.date])
        session.save()
        _note_added([session], reason, actor, now)
        return publish(session.office, now, reason=reason, actor=actor)


def add_series(
    draft: Session, days: Sequence[dt.date], now: dt.datetime, *, reason: str, actor: Actor
) -> tuple[SessionSeries, PublishReport]:
    """Save a session like the draft for each of the days, and publish all in one go.

    Raises SessionsOverlap; then nothing is added.
    """
    with transaction.atomic():
        queue_with_publishers(draft.office_id)
        _refuse_overlap(draft, days)
        series = SessionSeries.objects.create(
            office=draft.office, line=draft.line, created_by=draft.created_by
        )
        added = Session.objects.bulk_create(_on(draft, day, series) for day in days)
        _note_added(added, reason, actor, now)
        return series, publish(draft.office, now, reason=reason, actor=actor)


def remove_session(
    session: Session, now: dt.datetime, *, reason: str, actor: Actor
) -> PublishReport:
    """Remove a session and its windows; the weekly hours stand in its place again.

    One that somebody else has just removed is gone, and nothing more is noted. Raises
    SessionBooked.
    """
    with transaction.atomic():
        booked = _in_the_way(session.office, [session.pk], now)
        if not Session.objects.filter(pk=session.pk).exists():
            return PublishReport()
        if booked:
            raise SessionBooked(len(booked))
        _note_removed([session], reason, actor, now)
        session.delete()
        return publish(session.office, now, reason=reason, actor=actor)


def remove_series(
    series: SessionSeries,
    now: dt.datetime,
    *,
    reason: str,
    actor: Actor,
    unbooked_only: bool = False,
) -> int:
    """Remove the sessions of a series that haven't begun; how many.

    Raises SessionBooked where people are booked for any; with `unbooked_only` those stay.
    """
    with transaction.atomic():
        coming = coming_sessions(series, now)
        booked = _in_the_way(series.office, coming.values_list("pk", flat=True), now)
        if booked and not unbooked_only:
            raise SessionBooked(len(booked))
        kept = Slot.objects.filter(pk__in={booking.slot_id for booking in booked})
        leaving = coming.exclude(pk__in=list(kept.values_list("session_id", flat=True)))
        removed = list(leaving)
        _note_removed(removed, reason, actor, now)
        leaving.delete()
        if not series.sessions.exists():
            series.delete()
        publish(series.office, now, reason=reason, actor=actor)
    return len(removed)


def changes_of_sessions(office: Office) -> "QuerySet[OrganisationChange]":
    """Who added and removed which sessions, when and why; the latest first."""
    changes = OrganisationChange.objects.filter(office=office, kind=Matters.SESSION)
    return changes.select_related("account")


def coming_sessions(series: SessionSeries, now: dt.datetime) -> "QuerySet[Session]":
    """Those that haven't begun on the office's clock. The others stay as the record they are."""
    local = now.astimezone(series.office.zone)
    begun = Q(date__lt=local.date()) | Q(date=local.date(), opens__lte=local.time())
    return series.sessions.exclude(begun)


def bookings_of_sessions(session_ids: Collection[int], now: dt.datetime) -> list[BookingInTheWay]:
    """The bookings that hold places of these sessions, in order of time."""
    return bookings_of_slots(_slots_of(session_ids), now)


def _in_the_way(
    office: Office, session_ids: Iterable[int], now: dt.datetime
) -> list[BookingInTheWay]:
    """As they stay until the transaction ends: nobody takes places of these sessions meanwhile."""
    queue_with_publishers(office.pk)
    slot_ids = _slots_of(session_ids)
    lock(list(Quota.objects.filter(slot__in=slot_ids).values_list("pk", flat=True)))
    return bookings_of_slots(slot_ids, now)


def _note_added(sessions: Sequence[Session], reason: str, actor: Actor, now: dt.datetime) -> None:
    office, subject, values = _shown(sessions)
    note_change(Matters.SESSION, office, subject, {}, values, reason, actor.person, now)


def _note_removed(sessions: Sequence[Session], reason: str, actor: Actor, now: dt.datetime) -> None:
    if sessions:
        office, subject, values = _shown(sessions)
        note_change(Matters.SESSION, office, subject, values, {}, reason, actor.person, now)


def _shown(sessions: Sequence[Session]) -> tuple[Office, str, dict[str, Any]]:
    """What is kept of sessions that are alike but for their day."""
    first = sessions[0]
    values = {
        "name": first.name,
        "name_en": first.name_en,
        "kind": first.kind,
        "line": first.line.code,
        "hours": say_hours(first.opens, first.closes),
        "days": [session.date.isoformat() for session in sessions],
    }
    return first.office, first.name or first.kind, values


def _slots_of(session_ids: Iterable[int]) -> list[int]:
    slots = Slot.objects.filter(session__in=list(session_ids))
    return list(slots.values_list("pk", flat=True))


def _refuse_overlap(session: Session, days: Sequence[dt.date]) -> None:
    others = Session.objects.filter(
        office=session.office,
        line=session.line,
        date__in=days,
        opens__lt=session.closes,
        closes__gt=session.opens,
    )
    if taken := sorted(set(others.values_list("date", flat=True))):
        raise SessionsOverlap(taken)


_OWN = {"id", "date", "series_id", "created_at"}


def _on(draft: Session, day: dt.date, series: SessionSeries) -> Session:
    alike = {
        field.attname: getattr(draft, field.attname)
        for field in Session._meta.concrete_fields
        if field.attname not in _OWN
    }
    return Session(**alike, date=day, series=series)
