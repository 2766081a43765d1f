"""Staff accounts of the demonstration: their sign-in is public, so they exist under DEMO only."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from applicants.models import Account

DEMO_PASSWORD = "Yihao-demo-2026"  # noqa: S105
DEMO_SECRET = "YIHAODEMOYIHAODEMOYIHAODEMOYIHAO"  # noqa: S105


class DemoOnly(Exception):
    """Accounts that everybody can sign in with were asked for outside a demonstration."""


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """How to sign in as a member of the demo staff. `code` changes every 30 seconds."""

    username: str
    display_name: str
    password: str
    secret: str
    code: str


def give_demo_account(username: str, display_name: str) -> Account:
    """The account, made or set back to the demo's password and authenticator. Raises DemoOnly."""
    if not settings.DEMO:
        raise DemoOnly
    account, _created = Account.objects.get_or_create(
        username=username, defaults={"is_staff": True}
    )
    account.display_name, account.is_staff, account.is_active = display_name, True, True
    if not _opened_by_demo_password(account.password):
        account.password = _hashed_demo_password()
    account.save()
    Authenticator.objects.filter(user=account).delete()
    TOTP.activate(account, DEMO_SECRET)
    return account


@cache
def _hashed_demo_password() -> str:
    """One for all: hashing takes a quarter of a second, on purpose, and every start waits."""
    return make_password(DEMO_PASSWORD)


@cache
def _opened_by_demo_password(hashed: str) -> bool:
    return bool(hashed) and check_password(DEMO_PASSWORD, hashed)


def left_from_demo(account: Account) -> bool:
    """Whether everybody can know this account's password, though the demonstration is over."""
    return not settings.DEMO and account.check_password(DEMO_PASSWORD)


def demo_totp_codes(now: dt.datetime) -> list[DemoStaff]:
    """The demo staff that exist, with the code of their authenticators; empty outside a demo."""
    if not settings.DEMO:
        return []
    code = format_hotp_value(hotp_value(DEMO_SECRET, int(now.timestamp()) // _period()))
    totps = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user")
    accounts = [totp.user for totp in totps if decrypt(totp.data["secret"]) == DEMO_SECRET]
    return [
        DemoStaff(account.username, account.display_name, DEMO_PASSWORD, DEMO_SECRET, code)
        for account in sorted(accounts, key=Account.get_username)
    ]


def _period() -> int:
    return int(app_settings.TOTP_PERIOD)
