"""Organisations that book for many people, once somebody has seen their licence."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from applicants.enums import GroupState
from applicants.models import Account, Group, GroupMember


class GroupRefused(Exception):
    """`str()` is a sentence in the user's language."""


def parse_credit_code(text: str) -> str:
    """Eighteen characters with a check digit (GB 32100). Raises GroupRefused."""
    code = uscc.compact(text).upper()
    if not uscc.is_valid(code):
        raise GroupRefused(_("This is no unified social credit code. Check each character."))
    return str(code)


def ask_admission(account: Account, group: Group, now: dt.datetime) -> Group:
    """Put an organisation before the office that it names; `account` may book for it later.

    Raises GroupRefused where the organisation has asked before.
    """
    group.asked_at = now
    try:
        with transaction.atomic():
            group.save(force_insert=True)
            GroupMember.objects.create(group=group, account=account, added_at=now)
    except IntegrityError as error:
        raise GroupRefused(
            _("This organisation has asked before. Its own account books for it.")
        ) from error
    return group


@transaction.atomic
def decide_admission(pk: int, *, admit: bool, reason: str, by: Account, now: dt.datetime) -> Group:
    """Raises GroupRefused where somebody has decided already."""
    group = Group.objects.select_for_update().get(pk=pk)
    if group.state != GroupState.ASKED:
        raise GroupRefused(_("Somebody else has decided this already."))
    group.state = GroupState.ADMITTED if admit else GroupState.REFUSED
    group.decided_by, group.decided_at, group.reason = by, now, reason
    group.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return group


@transaction.atomic
def leave_all(account: Account) -> None:
    """Before the account is deleted: an organisation that nobody books for any more lapses."""
    own = GroupMember.objects.filter(account=account).values("group")
    # Two who leave at once would each find the other still there.
    locked = Group.objects.select_for_update().filter(pk__in=own).order_by("pk")
    left = list(locked.values_list("pk", flat=True))
    GroupMember.objects.filter(account=account).delete()
    deserted = Group.objects.filter(pk__in=left, members=None)
    empty_contacts(deserted)
    deserted.exclude(state=GroupState.REFUSED).update(state=GroupState.LAPSED)


def empty_contacts(groups: "QuerySet[Group]") -> int:
    """Whom to call about them; of how many organisations."""
    named = groups.exclude(contact_name="", contact_phone="")
    return named.update(contact_name="", contact_phone="")


def groups_of(account: Account) -> list[Group]:
    """Every organisation of the account, whatever its state."""
    return list(Group.objects.filter(members__account=account))


def admitted_group(account: Account, pk: int) -> Group:
    """Raises Group.DoesNotExist unless the account may book for it now."""
    return Group.objects.get(pk=pk, members__account=account, state=GroupState.ADMITTED)
