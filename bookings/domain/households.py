"""From the household of an account to the people of a party."""

import datetime as dt

from applicants.enums import Medium
from applicants.identity import age_on
from applicants.models import Account, Applicant
from bookings.domain.eligibility import GUARDIAN_AGE
from bookings.domain.parties import Contact, Person


def as_person(member: Applicant, services: list[str], *, accompanied: bool = False) -> Person:
    return Person(
        name=member.name,
        identity=member.identity,
        services=tuple(services),
        birth_date=member.birth_date,
        nationality=member.nationality,
        priority=member.priority,
        accompanied=accompanied,
        is_student=member.is_student,
        home_city=member.home_city,
    )


def is_child(member: Applicant, today: dt.date) -> bool:
    return age_on(today, member.birth_date) < GUARDIAN_AGE


def contact_of(account: Account) -> Contact:
    """How the account is reached, until the booker says otherwise."""
    first: dict[str, str] = {}
    for medium, address in account.ways:
        first.setdefault(medium, address)
    return Contact(phone=first.get(Medium.SMS, ""), email=first.get(Medium.EMAIL, ""))
