"""Accounts of the staff: made by an operator, completed by the person at the first sign-in."""

import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction

from applicants.models import Account
from offices.models import Bureau, Membership, Office

PASSWORD_BYTES = 15


@dataclass(frozen=True, slots=True)
class Invitation:
    """`password` is shown once; None where the account kept the one that it had."""

    account: Account
    password: str | None


@transaction.atomic
def invite(
    username: str, name: str, role: str, place: Office | Bureau, *, reset: bool = False
) -> Invitation:
    """Give somebody a role at an office, or over a bureau, and an account if they have none.

    `reset` is for a lost phone or password: a new password, and the authenticator is set up
    anew at the next sign-in.
    """
    account = Account.objects.filter(username=username).first()
    password = None
    if account is None or reset:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        account = account or Account(username=username, is_staff=True)
        account.display_name = name or account.display_name
        account.set_password(password)
        account.save()
        Authenticator.objects.filter(user=account).delete()
    where = {"office": place} if isinstance(place, Office) else {"bureau": place}
    Membership.objects.get_or_create(account=account, role=role, **where)
    return Invitation(account, password)
