"""A setting of a policy is changed, or given back to the bureau above; both are logged."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from offices.domain.changes import note_change
from offices.domain.policy import validate_policy
from offices.enums import Matters
from offices.models import Bureau, Office

# {"value": …} as it stands in JSON; nothing where the setting is inherited.
Own = Mapping[str, Any]


class SettingChanged(Exception):
    """Somebody else has changed the setting since it was looked at."""


def own_setting(owner: Bureau | Office, name: str) -> dict[str, Any]:
    return {"value": owner.policy[name]} if name in owner.policy else {}


def change_setting(
    owner: Bureau | Office,
    name: str,
    new: Own,
    *,
    seen: Own,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> None:
    """Set it, or inherit it again. Publishing follows the saved policy (bookings/signals.py).

    Raises ValidationError, and SettingChanged where it isn't what was `seen`.
    """
    with transaction.atomic():
        found = _locked(owner)
        before = own_setting(found, name)
        if before != seen:
            raise SettingChanged
        rest = {key: value for key, value in found.policy.items() if key != name}
        found.policy = rest | ({name: new["value"]} if new else {})
        validate_policy(found.policy)
        if before != new:
            found.save(update_fields=["policy"])
            note_change(Matters.POLICY, found, name, before, new, reason, account, now)
    owner.policy = found.policy


def _locked(owner: Bureau | Office) -> Bureau | Office:
    if isinstance(owner, Bureau):
        return Bureau.objects.select_for_update(no_key=True).get(pk=owner.pk)
    return Office.objects.select_for_update(no_key=True).get(pk=owner.pk)
