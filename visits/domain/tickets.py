"""Queue numbers, and those that are given out without a booking (FS-18)."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import QuerySet

from offices.domain.policy import policy_for
from offices.models import Office, Session
from visits.domain.errors import NotNow
from visits.enums import Series
from visits.models import Ticket


def sessions_on_site(office: Office, now: dt.datetime) -> "QuerySet[Session]":
    """Today's sessions that nobody books."""
    today = Session.objects.filter(office=office, date=office.local_date(now), booking_free=True)
    return today.select_related("line").order_by("opens", "pk")


def give_number(session: Session, now: dt.datetime) -> Ticket:
    """A number for whoever has come to a session that is free of booking.

    From as long before it opens as one may check in, until it closes. How many come is not
    limited: nobody is turned away (rule 9). Raises NotNow.
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
        return Ticket.objects.create(
            office=office,
            line=session.line,
            date=session.date,
            series=Series.WALK_IN,
            number=next_number(office, session.date, Series.WALK_IN),
            issued_at=now,
            callable_from=max(now, opens),
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
