"""Where a number stands, and about when it comes (XM-43)."""

import datetime as dt
from dataclasses import dataclass

from offices.domain.policy import policy_for
from offices.models import Office
from visits.domain.calling import ahead_of
from visits.domain.waiting import open_counters
from visits.models import Ticket


@dataclass(frozen=True, slots=True)
class Position:
    """People called before, and about how many minutes that takes."""

    ahead: int
    minutes: int


def position(ticket: Ticket, now: dt.datetime) -> Position:
    """Of a number that waits. Whoever began at a machine takes less time at the counter (WH-02)."""
    before = Ticket.objects.filter(pk__in=ahead_of(ticket, now))
    policy = policy_for(ticket.office)
    quick = before.filter(pre_accepted_at__isnull=False).count()
    slow = before.count() - quick
    work = slow * policy.minutes_per_person + quick * policy.minutes_pre_accepted
    wait = work / max(_counters(ticket.office, ticket.line_id, now), 1)
    until = max((ticket.callable_from - now).total_seconds() / 60, 0)
    return Position(slow + quick, round(max(wait, until)))


def _counters(office: Office, line_id: int, now: dt.datetime) -> int:
    return open_counters([office], now).get((office.pk, line_id), 0)
