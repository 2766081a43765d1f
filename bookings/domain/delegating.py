"""Who must come in person, and who may be represented with a letter of authorisation (亲友帮办).

First documents are applied for in person (Passport Law, article 5); so are new and replaced ones,
where fingerprints and photo are taken. A new endorsement may be entrusted to somebody else, and so
may collection. Foreigners may be represented under 16, from 60 on, or where they can hardly move.
"""

import datetime as dt

from applicants.enums import Priority
from applicants.identity import age_on
from bookings.domain.eligibility import GUARDIAN_AGE
from bookings.models import Application, Attendee
from offices.enums import Audience, Matter

DELEGABLE = frozenset({Matter.RE_ENDORSEMENT, Matter.COLLECTION})
ELDERLY_AGE = 60


def may_send_somebody(attendee: Attendee, applications: list[Application], day: dt.date) -> bool:
    """Whether this person need not come for any of what they want on that day."""
    return all(_may_delegate(attendee, application, day) for application in applications)


def is_minor(attendee: Attendee, day: dt.date) -> bool:
    """Comes with a guardian, or with an adult whom the guardian entrusts in writing."""
    born = _born(attendee)
    return born is not None and age_on(day, born) < GUARDIAN_AGE


def _may_delegate(attendee: Attendee, application: Application, day: dt.date) -> bool:
    service = application.service
    if service.matter in DELEGABLE:
        return True
    return service.audience == Audience.FOREIGN and _is_frail(attendee, day)


def _is_frail(attendee: Attendee, day: dt.date) -> bool:
    born = _born(attendee)
    age = age_on(day, born) if born else None
    of_age = age is not None and (age < GUARDIAN_AGE or age >= ELDERLY_AGE)
    return of_age or attendee.priority == Priority.DISABLED


def _born(attendee: Attendee) -> dt.date | None:
    text = attendee.birth_date_text
    return dt.date.fromisoformat(text) if text else None
