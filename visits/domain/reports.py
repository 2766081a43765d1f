"""What the hall's visits add up to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, DurationField, F, Q

from offices.models import Office
from visits.enums import Series, TicketState
from visits.models import Ticket

# Whoever comes again for the same service within so long made a second trip for it.
SAME_MATTER_DAYS = 90

_VISITS = """
WITH finished AS (
    SELECT attendee.identity_hash, application.service_id, ticket.date,
           conditional.ticket_id IS NOT NULL AS with_gaps
      FROM visits_ticket AS ticket
      JOIN bookings_attendee AS attendee
        ON attendee.booking_id = ticket.booking_id AND attendee.left_at IS NULL
      JOIN bookings_application AS application ON application.attendee_id = attendee.id
      LEFT JOIN visits_conditionalacceptance AS conditional ON conditional.ticket_id = ticket.id
     WHERE ticket.office_id = %(office)s AND ticket.state = 'done'
       AND ticket.date BETWEEN %(since)s AND %(last)s
), closed AS (
    SELECT identity_hash, service_id, count(DISTINCT date) AS visits, bool_or(with_gaps) AS gaps,
           max(date) AS last
      FROM finished GROUP BY identity_hash, service_id
)
SELECT count(*), count(*) FILTER (WHERE visits = 1 AND NOT gaps)
  FROM closed WHERE last >= %(first)s
"""


@dataclass(frozen=True, slots=True)
class OneVisit:
    """Applications that were closed, and those of them for which one visit was enough (XM-02)."""

    closed: int
    at_once: int

    @property
    def percent(self) -> float | None:
        return round(self.at_once * 100 / self.closed, 1) if self.closed else None


def one_visit(office: Office, first: dt.date, last: dt.date) -> OneVisit:
    """Of the days from first to last.

    A person's application for a service is closed by the last visit for it. Accepted with
    something missing counts as a second trip.
    """
    values: dict[str, Any] = {
        "office": office.pk,
        "first": first,
        "last": last,
        "since": first - dt.timedelta(days=SAME_MATTER_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, values)
        return OneVisit(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Numbers:
    """Queue numbers of one series: given out, finished, and the mean minutes until the call."""

    series: str
    given: int
    finished: int
    wait: float | None


def numbers_of(office: Office, first: dt.date, last: dt.date) -> list[Numbers]:
    """Of the days from first to last, by series. Waiting begins when a number may be called."""
    waited = F("called_at") - F("callable_from")
    rows = (
        Ticket.objects.filter(office=office, date__range=(first, last))
        .order_by("series")
        .values("series")
        .annotate(
            given=Count("pk"),
            finished=Count("pk", filter=Q(state=TicketState.DONE)),
            waited=Avg(waited, output_field=DurationField()),
        )
    )
    return [
        Numbers(
            str(Series(row["series"]).label),
            row["given"],
            row["finished"],
            round(row["waited"].total_seconds() / 60, 1) if row["waited"] is not None else None,
        )
        for row in rows
    ]
