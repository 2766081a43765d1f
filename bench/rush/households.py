"""Citizens who have signed in before eight: accounts, themselves in the household, sessions.

Runs inside Django: python -m bench.rush.households FIRST COUNT writes a line of JSON for each.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bench import people

if TYPE_CHECKING:
    from bench.stage import Stage

BATCH = 2000
BACKEND = "django.contrib.auth.backends.ModelBackend"


def strangers(serials: Sequence[int]) -> list[dict[str, Any]]:
    """The same people before they have an account: what they would type."""
    return [
        {
            "serial": serial,
            "phone": people.phone(serial),
            # A typed name has no digits.
            "name": "演示" + "甲乙丙丁戊己庚辛壬癸"[serial % 10],
            "id_number": people.resident_number(serial),
        }
        for serial in serials
    ]


def signed_in(stage: "Stage", serials: range) -> list[dict[str, Any]]:
    """Strangers who have become accounts; `session` is their cookie."""
    printed = stage.python("bench.rush.households", str(serials.start), str(len(serials)))
    return [json.loads(line) for line in printed.splitlines()]


def build(serials: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The same inside Django."""
    for start in range(0, len(serials), BATCH):
        yield from _batch(strangers(serials[start : start + BATCH]))


def _batch(crowd: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    from django.contrib.sessions.models import Session

    from applicants.models import Account, Applicant, Consent

    accounts = Account.objects.bulk_create([_account(person) for person in crowd])
    Applicant.objects.bulk_create(
        _applicant(account, person) for account, person in zip(accounts, crowd, strict=True)
    )
    Consent.objects.bulk_create(_consent(account) for account in accounts)
    sessions = Session.objects.bulk_create([_session(account) for account in accounts])
    for person, session in zip(crowd, sessions, strict=True):
        yield person | {"session": session.session_key}


def _account(person: dict[str, Any]) -> Any:
    from applicants.enums import Medium
    from applicants.models import Account
    from applicants.models.account import contact_hash

    return Account(
        contact=person["phone"],
        contact_hash=contact_hash(Medium.SMS, person["phone"]),
        medium=Medium.SMS,
        password="!",
    )


def _applicant(account: Any, person: dict[str, Any]) -> Any:
    from applicants.enums import IdType
    from applicants.identity import Identity
    from applicants.models import Applicant

    identity = Identity(IdType.RESIDENT_ID, person["id_number"])
    return Applicant(
        account=account,
        name=person["name"],
        id_type=identity.id_type,
        id_number=identity.number,
        identity_hash=identity.hash,
        birth_date_text=identity.birth_date.isoformat(),
    )


def _consent(account: Any) -> Any:
    from django.utils import timezone

    from applicants.domain.consents import VERSIONS
    from applicants.enums import ConsentKind
    from applicants.models import Consent

    kind = ConsentKind.SENSITIVE
    return Consent(account=account, kind=kind, version=VERSIONS[kind], given_at=timezone.now())


def _session(account: Any) -> Any:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.base import VALID_KEY_CHARS
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils.crypto import get_random_string

    store = SessionStore()
    content = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: account.get_session_auth_hash(),
    }
    return Session(
        session_key=get_random_string(32, VALID_KEY_CHARS),
        session_data=store.encode(content),
        expire_date=store.get_expiry_date(),
    )


def main() -> None:
    import django

    django.setup()
    first, count = map(int, sys.argv[1:])
    for person in build(range(first, first + count)):
        print(json.dumps(person, ensure_ascii=False))


if __name__ == "__main__":
    main()
