"""The log of what was changed in the organisation."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from offices.enums import Matters
from offices.models import Bureau, Office, OrganisationChange


def note_change(
    kind: Matters,
    place: Bureau | Office,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
    account: AbstractBaseUser | None,
    now: dt.datetime,
    *,
    person: AbstractBaseUser | None = None,
) -> None:
    """Keep what was changed where, by whom and why, in the transaction that changes it.

    `before` and `after` hold what JSON does, and nothing where there was or is nothing. `person`:
    whose role it is.
    """
    OrganisationChange.objects.create(
        kind=kind,
        bureau=place if isinstance(place, Bureau) else None,
        office=place if isinstance(place, Office) else None,
        subject=subject[:60],
        person_id=person.pk if person else None,
        before=dict(before),
        after=dict(after),
        reason=reason.strip(),
        account_id=account.pk if account else None,
        at=now,
    )
