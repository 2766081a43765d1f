"""Sign-in by a one-time code that travels to a phone or mailbox.

The answers are the same whether or not the contact has an account: the account is made when
its owner has shown a code.
"""

import datetime as dt
import math
import secrets
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.contact import region_of
from applicants.crypto import keyed_hash
from applicants.domain import outbox
from applicants.domain.limits import within_limit
from applicants.enums import Medium, MessageKind
from applicants.models import Account, Message, SignInCode
from applicants.models.account import contact_hash

CODE_LIFETIME = dt.timedelta(minutes=10)
MAX_ATTEMPTS = 5
RESEND_AFTER = dt.timedelta(seconds=60)
CODES_PER_HOUR = 5
# A mobile carrier puts hundreds of people behind one address, and at eight they all come.
CODES_PER_SOURCE_AND_HOUR = 300
ATTEMPTS_PER_SOURCE_AND_HOUR = 1000
# Whoever earns by text messages to far countries asks for codes from many addresses. Applicants
# from there mostly have a number of these regions, and an e-mail address otherwise.
NEAR_REGIONS = frozenset({"CN", "HK", "MO", "TW"})
CODES_PER_FAR_REGION_AND_HOUR = 60
_HOUR = dt.timedelta(hours=1)


class SignInError(Exception):
    """A refusal. `str()` is a sentence in the user's language."""

    code: ClassVar[str] = "refused"

    def __str__(self) -> str:
        raise NotImplementedError


@dataclass
class CodeJustSent(SignInError):
    """A code is on its way; another may be asked for in `seconds`."""

    code: ClassVar[str] = "just_sent"
    seconds: int

    def __str__(self) -> str:
        return ngettext(
            "We have just sent a code. You can ask for another in %(n)s second.",
            "We have just sent a code. You can ask for another in %(n)s seconds.",
            self.seconds,
        ) % {"n": self.seconds}


class TooManyCodes(SignInError):
    code: ClassVar[str] = "too_many"

    def __str__(self) -> str:
        return _("Too many codes were asked for. Please try again in an hour.")


@dataclass
class WrongCode(SignInError):
    code: ClassVar[str] = "wrong_code"
    attempts_left: int

    def __str__(self) -> str:
        return ngettext(
            "This is not the code that we sent. You can try %(n)s more time.",
            "This is not the code that we sent. You can try %(n)s more times.",
            self.attempts_left,
        ) % {"n": self.attempts_left}


class CodeSpent(SignInError):
    """Expired, used, tried too often, or never sent."""

    code: ClassVar[str] = "code_spent"

    def __str__(self) -> str:
        return _("This code is no longer valid. Please ask for a new one.")


class AccountClosed(SignInError):
    code: ClassVar[str] = "account_closed"

    def __str__(self) -> str:
        return _("This account is closed. Please call us if you did not ask for that.")


@transaction.atomic
def send_code(
    medium: str, address: str, language: str, now: dt.datetime, *, source: str = ""
) -> SignInCode:
    """Write a new code and its message. `address` is E.164 or a lower-case e-mail address.

    `source` is the network address that asks. Raises CodeJustSent, TooManyCodes.
    """
    digest = contact_hash(medium, address)
    _wait_for_others(digest)
    _check_pace(digest, source, now)
    if medium == Medium.SMS:
        _check_region(region_of(address), now)
    digits = f"{secrets.randbelow(10**6):06d}"
    code = SignInCode.objects.create(
        contact_hash=digest,
        code_hash=_code_hash(digest, digits),
        created_at=now,
        expires_at=now + CODE_LIFETIME,
    )
    outbox.write([_message(code, medium, address, language, digits)])
    return code


def verify_code(
    medium: str, address: str, digits: str, now: dt.datetime, *, source: str = ""
) -> Account:
    """The account of whoever holds the newest code. Raises WrongCode, CodeSpent, TooManyCodes,
    AccountClosed.

    Not in a transaction: a wrong attempt stays counted although the call fails.
    """
    if source and not within_limit("verify", source, ATTEMPTS_PER_SOURCE_AND_HOUR, 3600, now):
        raise TooManyCodes
    digest = contact_hash(medium, address)
    code = SignInCode.objects.filter(contact_hash=digest).order_by("-created_at", "-pk").first()
    if code is None or not _count_attempt(code, now):
        raise CodeSpent
    if not constant_time_compare(bytes(code.code_hash), _code_hash(digest, digits)):
        code.refresh_from_db(fields=["attempts"])
        raise WrongCode(MAX_ATTEMPTS - code.attempts) if code.attempts < MAX_ATTEMPTS else CodeSpent
    if not SignInCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now):
        raise CodeSpent
    account, _created = Account.objects.for_contact(medium, address)
    if not account.is_active:
        raise AccountClosed
    return account


def _message(code: SignInCode, medium: str, address: str, language: str, digits: str) -> Message:
    return Message(
        reference=code.reference,
        kind=MessageKind.SIGN_IN_CODE,
        medium=medium,
        recipient=address,
        language=language,
        context={"minutes": int(CODE_LIFETIME.total_seconds() // 60)},
        secret=digits,
        due_at=code.created_at,
        not_after=code.expires_at,
    )


def _wait_for_others(digest: bytes) -> None:
    # Two clicks at once would both find no recent code; the lock ends with the transaction.
    with connection.cursor() as cursor:
        key = int.from_bytes(digest[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _check_pace(digest: bytes, source: str, now: dt.datetime) -> None:
    recent = SignInCode.objects.filter(contact_hash=digest, created_at__gt=now - _HOUR)
    sent_at = list(recent.order_by("-created_at").values_list("created_at", flat=True))
    if sent_at and (wait := sent_at[0] + RESEND_AFTER - now) > dt.timedelta(0):
        raise CodeJustSent(math.ceil(wait.total_seconds()))
    if len(sent_at) >= CODES_PER_HOUR:
        raise TooManyCodes
    if source and not within_limit("send", source, CODES_PER_SOURCE_AND_HOUR, 3600, now):
        raise TooManyCodes


def _check_region(region: str, now: dt.datetime) -> None:
    if region in NEAR_REGIONS:
        return
    if not within_limit("send-to", region, CODES_PER_FAR_REGION_AND_HOUR, 3600, now):
        raise TooManyCodes


def _count_attempt(code: SignInCode, now: dt.datetime) -> bool:
    """Take one of the code's attempts; False when none is left or it has ended."""
    return bool(
        SignInCode.objects.filter(
            pk=code.pk, used_at__isnull=True, expires_at__gt=now, attempts__lt=MAX_ATTEMPTS
        ).update(attempts=F("attempts") + 1)
    )


def _code_hash(digest: bytes, digits: str) -> bytes:
    return keyed_hash(f"{digest.hex()}:{digits}", "sign_in_code")
