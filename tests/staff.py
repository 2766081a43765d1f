"""Members of staff for tests, with both factors given or on their way."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from applicants.models import Account
from offices.enums import Role
from offices.models import Bureau, Membership, Office

PASSWORD = "desk-of-the-tests-1"
SECRET = "YIHAOTESTSYIHAOTESTSYIHAOTESTSYI"


def make_staff(
    role: str = Role.SUPERVISOR,
    *,
    office: Office | None = None,
    bureau: Bureau | None = None,
    username: str = "",
    authenticator: bool = True,
) -> Account:
    """An account of staff; without office and bureau it has no membership."""
    name = username or f"{role}-{Account.objects.count()}"
    account = Account.objects.create_staff(name, PASSWORD)
    if office or bureau:
        Membership.objects.create(account=account, role=role, office=office, bureau=bureau)
    if authenticator:
        TOTP.activate(account, SECRET)
    return account


def present_code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in(client: Client, account: Account) -> Client:
    """As after password and code, without the time that hashing takes."""
    client.force_login(account)
    totp = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
    record: dict[str, Any] = {"method": "mfa", "at": time.time(), "id": totp.pk, "type": "totp"}
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client
