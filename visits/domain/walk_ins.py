"""Numbers for whoever comes without a booking (FS-12, FS-13)."""

import datetime as dt

from django.db import transaction

from applicants.enums import Priority
from bookings.domain.parties import Actor
from offices.domain.policy import policy_for
from offices.domain.walk_in import walk_in_allowed
from offices.models import Office, ServiceLine
from visits.domain.errors import ByAppointmentOnly
from visits.domain.tickets import issue, next_number
from visits.enums import Series
from visits.models import Ticket


@transaction.atomic
def give_walk_in_number(
    office: Office, line: ServiceLine, priority: str, actor: Actor, now: dt.datetime
) -> Ticket:
    """Nobody is refused for lack of a booking, however many come (rule 9).

    Where an office works by appointment only, the priority lane is exempt (JJ-09); others are
    booked for at the counter. Raises ByAppointmentOnly.
    """
    day = office.local_date(now)
    if priority == Priority.NONE and not walk_in_allowed(policy_for(office), day):
        raise ByAppointmentOnly(office.label)
    number = next_number(office, day, Series.WALK_IN)
    return issue(office, line, Series.WALK_IN, number, actor, now, priority=priority)
