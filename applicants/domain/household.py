"""The people whom an account books for."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applicants.domain.consents import VERSIONS, give
from applicants.enums import ConsentKind
from applicants.identity import Identity
from applicants.models import Account, Applicant

# A household, not an agency: those book as partners.
MAX_MEMBERS = 12


class HouseholdError(Exception):
    """A refusal. `str()` is a sentence in the user's language."""


class HouseholdFull(HouseholdError):
    def __str__(self) -> str:
        return _("The list has %(n)s people already. Remove somebody first.") % {"n": MAX_MEMBERS}


class AlreadyInHousehold(HouseholdError):
    def __str__(self) -> str:
        return _("This person is already in your list.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to book for; `birth_date` is known whether or not the number carries it."""

    name: str
    identity: Identity
    birth_date: dt.date
    relation: str
    priority: str
    nationality: str = ""
    # As they state it.
    is_student: bool = False
    home_city: str = ""
    # Of the passport or permit that they hold, to be told when it may be renewed.
    document_expires: dt.date | None = None


def add_person(
    account: Account, person: NewPerson, *, guardian_agreed_at: dt.datetime | None = None
) -> Applicant:
    """`guardian_agreed_at`: when the guardian of a child under 14 agreed to what is kept of it.

    Raises HouseholdFull, AlreadyInHousehold.
    """
    if account.household.count() >= MAX_MEMBERS:
        raise HouseholdFull
    try:
        with transaction.atomic():
            added = _create(account, person)
            if guardian_agreed_at:
                guardian_agrees(added, guardian_agreed_at)
            return added
    except IntegrityError:
        raise AlreadyInHousehold from None


def guardian_agrees(child: Applicant, now: dt.datetime) -> None:
    """To the words about children that are shown now."""
    kind = ConsentKind.CHILD
    give(child.account, kind, child, VERSIONS[kind], now)


def _create(account: Account, person: NewPerson) -> Applicant:
    return Applicant.objects.create(
        account=account,
        relation=person.relation,
        name=person.name,
        id_type=person.identity.id_type,
        id_number=person.identity.number,
        identity_hash=person.identity.hash,
        birth_date_text=person.birth_date.isoformat(),
        nationality=person.nationality,
        priority=person.priority,
        is_student=person.is_student,
        home_city=person.home_city,
        document_expires_text=_as_text(person.document_expires),
    )


def change_person(
    applicant: Applicant,
    *,
    name: str,
    relation: str,
    priority: str,
    is_student: bool,
    home_city: str,
    document_expires: dt.date | None,
) -> None:
    """The document stays: another document is another person to the counters."""
    applicant.name, applicant.relation, applicant.priority = name, relation, priority
    applicant.is_student, applicant.home_city = is_student, home_city
    applicant.document_expires_text = _as_text(document_expires)
    changed = ["name", "relation", "priority", "is_student", "home_city", "document_expires_text"]
    applicant.save(update_fields=changed)


def _as_text(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def remove_person(applicant: Applicant) -> None:
    """Bookings keep their own copy of whoever they were made for."""
    applicant.delete()
