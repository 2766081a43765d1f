"""What people agree to, each thing by itself and in words that have a version (PIPL 14, 29, 31)."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction

from applicants.enums import ConsentKind
from applicants.identity import age_on
from applicants.models import Account, Applicant, Consent

# Under this age the parents or another guardian consent (PIPL 31).
CHILD_AGE = 14
# The day from which the words hold that are shown now; other words are another version.
VERSIONS: Mapping[str, str] = {
    ConsentKind.NOTICE: "2026-11-22",
    ConsentKind.SENSITIVE: "2026-11-22",
    ConsentKind.CHILD: "2026-11-01",
}


def give(
    account: Account, kind: str, applicant: Applicant | None, version: str, now: dt.datetime
) -> None:
    """Note the consent; given again, it stays as it was. Without `applicant`: for the account."""
    try:
        with transaction.atomic():
            Consent.objects.create(
                account=account, applicant=applicant, kind=kind, version=version, given_at=now
            )
    except IntegrityError:
        if not has(account, kind, applicant, version):
            raise


def has(account: Account, kind: str, applicant: Applicant | None, version: str) -> bool:
    """Whether it was given in these words and not taken back."""
    return Consent.objects.filter(
        account=account,
        applicant=applicant,
        kind=kind,
        version=version,
        withdrawn_at=None,
    ).exists()


def agree(account: Account, now: dt.datetime) -> None:
    """The notice is read, and sensitive data may be used: two agreements (PIPL 17, 29)."""
    for kind in (ConsentKind.NOTICE, ConsentKind.SENSITIVE):
        give(account, kind, None, VERSIONS[kind], now)


def agrees(account: Account) -> bool:
    """Whether sensitive data of the household may be kept, by the words that are shown now."""
    return has(account, ConsentKind.SENSITIVE, None, VERSIONS[ConsentKind.SENSITIVE])


def take_back(account: Account, now: dt.datetime) -> None:
    """Every consent of the account; those of before stay provable."""
    account.consents.filter(withdrawn_at=None).update(withdrawn_at=now)


def is_young(born: dt.date, today: dt.date) -> bool:
    return age_on(today, born) < CHILD_AGE


def lacking(account: Account, household: Iterable[Applicant], today: dt.date) -> set[int]:
    """Keys of the children for whom their guardian hasn't consented. One query, or none."""
    children = {one.pk for one in household if is_young(one.birth_date, today)}
    if not children:
        return set()
    given = Consent.objects.filter(
        account=account,
        applicant__in=children,
        kind=ConsentKind.CHILD,
        version=VERSIONS[ConsentKind.CHILD],
        withdrawn_at=None,
    )
    return children - set(given.values_list("applicant", flat=True))
