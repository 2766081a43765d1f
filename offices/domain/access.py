"""Who may do what, where; roles are given and taken with a reason, and never by their holder."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from offices.domain.changes import note_change
from offices.domain.permissions import with_those_below
from offices.enums import Matters
from offices.models import Bureau, Membership, Office


def memberships_below(bureau: Bureau) -> "QuerySet[Membership]":
    """The roles over the bureau, over those below it, and at all their offices."""
    below = with_those_below({bureau.pk})
    return (
        Membership.objects.filter(Q(bureau__in=below) | Q(office__bureau__in=below))
        .select_related("account", "bureau", "office")
        .order_by("account__username", "pk")
    )


def grant_role(
    person: AbstractBaseUser,
    role: str,
    place: Bureau | Office,
    *,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> None:
    """Raises ValidationError for oneself, and for a role that the person has there already."""
    _refuse_oneself(person, account)
    with transaction.atomic():
        _membership, created = Membership.objects.get_or_create(
            account_id=person.pk, role=role, **_at(place)
        )
        if not created:
            raise ValidationError(_("This person has this role there already."))
        note_change(
            Matters.ACCESS, place, role, {}, {"role": role}, reason, account, now, person=person
        )


def withdraw_role(
    membership: Membership, *, reason: str, account: AbstractBaseUser, now: dt.datetime
) -> None:
    """Raises ValidationError for oneself: somebody else must still be able to set it right."""
    _refuse_oneself(membership.account, account)
    place = membership.office or membership.bureau
    if place is None:
        raise ValueError("A membership is at an office or over a bureau.")
    with transaction.atomic():
        note_change(
            Matters.ACCESS,
            place,
            membership.role,
            {"role": membership.role},
            {},
            reason,
            account,
            now,
            person=membership.account,
        )
        membership.delete()


def _refuse_oneself(person: AbstractBaseUser, account: AbstractBaseUser) -> None:
    if person.pk == account.pk:
        raise ValidationError(_("Nobody changes their own roles. Ask a colleague."))


def _at(place: Bureau | Office) -> dict[str, Any]:
    if isinstance(place, Bureau):
        return {"bureau": place, "office": None}
    return {"bureau": None, "office": place}
