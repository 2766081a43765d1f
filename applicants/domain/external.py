"""Who signs in with an identity platform (一网通办), and to which account.

Of what the platform says about a person only the level is kept, and a keyed hash of who it is; a
verified phone number finds the account that signs in with it.
"""

import datetime as dt
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applicants.crypto import keyed_hash
from applicants.domain.sign_in_errors import AccountClosed
from applicants.enums import Medium
from applicants.models import Account, ExternalIdentity


class PlatformError(Exception):
    """Why nobody is signed in. `str()` is a sentence in the user's language."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __str__(self) -> str:
        return _("The platform's answer could not be accepted. Please begin again.")


class PlatformAway(PlatformError):
    status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE

    def __str__(self) -> str:
        return _("The platform can't be reached at the moment.")


class LevelTooLow(PlatformError):
    status: ClassVar[HTTPStatus] = HTTPStatus.FORBIDDEN

    def __str__(self) -> str:
        return _(
            "Your account of the platform isn't verified well enough. Verify your name there "
            "first, or sign in with a code."
        )


class LinkedElsewhere(PlatformError):
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT

    def __str__(self) -> str:
        return _("This account of the platform is linked to another account here.")


@dataclass(frozen=True)
class Person:
    """Whom the platform vouches for: nothing that says who it is outside of this database."""

    subject_hash: bytes
    level: str
    # E.164, verified by the platform; "" otherwise. Never kept in clear.
    phone: str = field(default="", repr=False)


def is_offered() -> bool:
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def platform_name() -> str:
    """What people call it; "" where there is none."""
    if not is_offered():
        return ""
    name = settings.OIDC_NAME_EN if get_language() == "en" else settings.OIDC_NAME
    return str(name or settings.OIDC_NAME or settings.OIDC_NAME_EN)


def account_of(person: Person, now: dt.datetime) -> Account:
    """The account that this person signs in to, made and linked when new. Raises AccountClosed."""
    identity = _identity(person)
    account = identity.account if identity else _account_for(person)
    if not account.is_active:
        raise AccountClosed
    link(account, person, now)
    return account


def link(account: Account, person: Person, now: dt.datetime) -> ExternalIdentity:
    """Let this person sign in to that account from now on. Raises LinkedElsewhere."""
    identity, created = ExternalIdentity.objects.get_or_create(
        provider=_provider(),
        subject_hash=person.subject_hash,
        defaults={
            "account": account,
            "level": person.level,
            "linked_at": now,
            "last_used_at": now,
        },
    )
    if identity.account_id != account.pk:
        raise LinkedElsewhere
    if not created:
        identity.level, identity.last_used_at = person.level, now
        identity.save(update_fields=["level", "last_used_at"])
    return identity


def is_linked(account: Account, person: Person) -> bool:
    identity = _identity(person)
    return identity is not None and identity.account_id == account.pk


def may_unlink(account: Account) -> bool:
    """Somebody without a contact of its own would never get in again."""
    return bool(account.contact)


def unlink(account: Account) -> bool:
    """Forget the account's identities of the platform; False where that would lock it out."""
    if not may_unlink(account):
        return False
    account.external_identities.filter(provider=_provider()).delete()
    return True


def _identity(person: Person) -> ExternalIdentity | None:
    known = ExternalIdentity.objects.select_related("account")
    return known.filter(provider=_provider(), subject_hash=person.subject_hash).first()


@transaction.atomic
def _account_for(person: Person) -> Account:
    if person.phone:
        account, _created = Account.objects.for_contact(Medium.SMS, person.phone)
        return account
    account, _created = Account.objects.get_or_create(
        contact_hash=keyed_hash(person.subject_hash.hex(), "contact.oidc"),
        defaults={"password": "!"},
    )
    return account


def _provider() -> str:
    """The issuer, as long as the column is."""
    return keyed_hash(settings.OIDC_ISSUER, "oidc.provider").hex()[:40]
