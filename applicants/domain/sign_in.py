"""Sign-in by a one-time code that travels to a phone or mailbox.

The answers are the same whether or not the contact has an account: the account is made when
its owner has shown a code.
"""

import datetime as dt
import math
import secrets

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from applicants.contact import region_of
from applicants.crypto import keyed_hash
from applicants.domain import breaker, limits, outbox
from applicants.domain.sign_in_errors import (
    AccountClosed,
    CodeJustSent,
    CodeSpent,
    TooManyCodes,
    WrongCode,
)
from applicants.enums import Medium, MessageKind
from applicants.models import Account, Message, SignInCode
from applicants.models.account import contact_hash

CODE_LIFETIME = dt.timedelta(minutes=10)
MAX_ATTEMPTS = 5
RESEND_AFTER = dt.timedelta(seconds=60)


# What a code opens: one for a contact signs nobody in, and the other way round.
SIGN_IN, CONTACT = "", "contact"


def send_code(
    medium: str,
    address: str,
    language: str,
    now: dt.datetime,
    *,
    source: str = "",
    purpose: str = SIGN_IN,
) -> SignInCode:
    """Write a new code and its message. `address` is E.164 or a lower-case e-mail address.

    `source` is the network address that asks. Raises CodeJustSent, TooManyCodes, CountryNotServed,
    SmsPaused. Not in a transaction: what the breaker finds stays known although the call fails.
    """
    code = SignInCode(
        contact_hash=contact_hash(medium, address),
        network_hash=limits.network_hash(source),
        created_at=now,
        expires_at=now + CODE_LIFETIME,
    )
    if medium == Medium.SMS:
        code.region, code.prefix_hash = region_of(address), limits.prefix_hash(address)
        limits.check_country(code.region)
        breaker.check(code.region, code.prefix_hash, now)
    return _send(code, _message(medium, address, language, purpose), source)


def verify_code(
    medium: str, address: str, digits: str, now: dt.datetime, *, source: str = ""
) -> Account:
    """The account of whoever holds the newest code. Raises WrongCode, CodeSpent, TooManyCodes,
    AccountClosed.

    Not in a transaction: a wrong attempt stays counted although the call fails.
    """
    check_code(medium, address, digits, now, source=source)
    account, _created = Account.objects.for_contact(medium, address)
    if not account.is_active:
        raise AccountClosed
    return account


def check_code(
    medium: str,
    address: str,
    digits: str,
    now: dt.datetime,
    *,
    source: str = "",
    purpose: str = SIGN_IN,
) -> None:
    """Use up the newest code. Raises as `verify_code` does, except AccountClosed."""
    tries: int = settings.TRIES_PER_ADDRESS_AND_HOUR
    if source and not limits.within_limit("verify", source, tries, 3600, now):
        raise TooManyCodes
    digest = contact_hash(medium, address)
    code = SignInCode.objects.filter(contact_hash=digest).order_by("-created_at", "-pk").first()
    if code is None or not _count_attempt(code, now):
        raise CodeSpent
    if not constant_time_compare(bytes(code.code_hash), _code_hash(digest, digits, purpose)):
        code.refresh_from_db(fields=["attempts"])
        raise WrongCode(MAX_ATTEMPTS - code.attempts) if code.attempts < MAX_ATTEMPTS else CodeSpent
    if not SignInCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now):
        raise CodeSpent


@transaction.atomic
def _send(code: SignInCode, message: Message, source: str) -> SignInCode:
    digest, now = bytes(code.contact_hash), code.created_at
    _wait_for_others(digest)
    _check_pace(digest, now)
    limits.check_network(source, now)
    if code.prefix_hash:
        limits.check_numbers(code.region, bytes(code.prefix_hash), now)
    digits = f"{secrets.randbelow(10**6):06d}"
    code.code_hash = _code_hash(digest, digits, message.context["purpose"])
    code.save(force_insert=True)
    message.reference, message.secret = code.reference, digits
    message.due_at, message.not_after = code.created_at, code.expires_at
    outbox.write([message])
    return code


def _message(medium: str, address: str, language: str, purpose: str) -> Message:
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    return Message(
        kind=MessageKind.SIGN_IN_CODE,
        medium=medium,
        recipient=address,
        language=language,
        context={"minutes": minutes, "purpose": purpose},
    )


def _wait_for_others(digest: bytes) -> None:
    # Two clicks at once would both find no recent code; the lock ends with the transaction.
    with connection.cursor() as cursor:
        key = int.from_bytes(digest[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _check_pace(digest: bytes, now: dt.datetime) -> None:
    recent = SignInCode.objects.filter(contact_hash=digest, created_at__gt=now - limits.HOUR)
    sent_at = list(recent.order_by("-created_at").values_list("created_at", flat=True))
    if sent_at and (wait := sent_at[0] + RESEND_AFTER - now) > dt.timedelta(0):
        raise CodeJustSent(math.ceil(wait.total_seconds()))
    if len(sent_at) >= settings.CODES_PER_CONTACT_AND_HOUR:
        raise TooManyCodes


def _count_attempt(code: SignInCode, now: dt.datetime) -> bool:
    """Take one of the code's attempts; False when none is left or it has ended."""
    return bool(
        SignInCode.objects.filter(
            pk=code.pk, used_at__isnull=True, expires_at__gt=now, attempts__lt=MAX_ATTEMPTS
        ).update(attempts=F("attempts") + 1)
    )


def _code_hash(digest: bytes, digits: str, purpose: str) -> bytes:
    return keyed_hash(f"{digest.hex()}:{digits}{purpose}", "sign_in_code")
