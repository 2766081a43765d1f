"""Queue numbers, and those that are given out without a booking (FS-18)."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from bookings.domain.parties import Actor
from offices.domain.hours import minute_of
from offices.domain.policy import policy_for
from offices.domain.walk_in import walk_in_allowed
from offices.models import Office, ServiceLine, Session
from visits.domain.errors import NoNumbersLeft, NotNow
from visits.enums import Series
from visits.models import Ticket


def sessions_on_site(office: Office, now: dt.datetime) -> "QuerySet[Session]":
    """Today's sessions that nobody books."""
    today = Session.objects.filter(office=office, date=office.local_date(now), booking_free=True)
    return today.select_related("line").order_by("opens", "pk")


def give_number(session: Session, actor: Actor, now: dt.datetime) -> Ticket:
    """A number for whoever has come to a session that is free of booking.

    From as long before it opens as one may check in, until it closes; as many as it has places.
    A supervisor may add some at any time. Raises NotNow, NoNumbersLeft.
    """
    office = session.office
    opens, closes = (
        dt.datetime.combine(session.date, time, tzinfo=office.zone)
        for time in (session.opens, session.closes)
    )
    first = opens - dt.timedelta(minutes=policy_for(office).check_in_early_minutes)
    if not (session.booking_free and first <= now < closes):
        raise NotNow(session.label, first, closes)
    with transaction.atomic():
        # Whoever asks at once waits here, and counts after the other.
        number = next_number(office, session.date, Series.WALK_IN)
        _refuse_beyond_places(session)
        more = {"session": session, "callable_from": max(now, opens)}
        return issue(office, session.line, Series.WALK_IN, number, actor, now, **more)


def numbers_left(session: Session) -> int:
    return max(_places(session) - session.tickets.count(), 0)


def _refuse_beyond_places(session: Session) -> None:
    if not numbers_left(session):
        office = session.office
        walk_in = walk_in_allowed(policy_for(office), session.date)
        raise NoNumbersLeft(session.label, session.tickets.count(), walk_in)


def _places(session: Session) -> int:
    """Of its open windows, with what staff have added and without what they have frozen; as
    planned, where none is published."""
    windows = session.slots.filter(closed_at=None)
    published = windows.aggregate(n=Sum("quotas__capacity", filter=Q(quotas__frozen=False)))["n"]
    if published is None and not session.slots.exists():
        minutes = minute_of(session.closes) - minute_of(session.opens)
        return minutes // policy_for(session.office).slot_minutes * session.capacity
    return published or 0


def issue(
    office: Office,
    line: ServiceLine,
    series: Series,
    number: int,
    actor: Actor,
    now: dt.datetime,
    **more: Any,
) -> Ticket:
    """Today's ticket with this number; called from now on, unless `more` says otherwise."""
    values = {"callable_from": now, **more}
    return Ticket.objects.create(
        office=office,
        line=line,
        date=office.local_date(now),
        series=series,
        number=number,
        operator=actor.operator,
        issued_at=now,
        **values,
    )


def next_number(office: Office, day: dt.date, series: str) -> int:
    """One statement: two machines that ask at once get two numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visits_ticketseries (office_id, date, series, last)"
            " VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (office_id, date, series)"
            " DO UPDATE SET last = visits_ticketseries.last + 1 RETURNING last",
            [office.pk, day, series],
        )
        return int(cursor.fetchone()[0])
