"""What each role may do, and at which offices. A membership is the only way in.

Being a superuser opens Django's admin and no desk: whoever works at a desk has a membership there.
"""

from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from offices.enums import Role
from offices.models import Bureau, Membership, Office


class Action(StrEnum):
    """What a member of staff does at a desk."""

    SEE_DESK = "see_desk"
    SEE_REPORTS = "see_reports"
    CHANGE_QUOTAS = "change_quotas"
    CLOSE_WINDOWS = "close_windows"
    PUBLISH_SESSIONS = "publish_sessions"
    PLAN_HOURS = "plan_hours"
    PLAN_SURGES = "plan_surges"
    KEEP_ROSTER = "keep_roster"
    SET_POLICY = "set_policy"
    GRANT_SERVICES = "grant_services"
    SET_UP_OFFICES = "set_up_offices"
    SEE_ACCESS = "see_access"
    GRANT_ACCESS = "grant_access"
    FIND_BOOKINGS = "find_bookings"
    BOOK_FOR_OTHERS = "book_for_others"
    CHECK_IN = "check_in"
    CALL_NUMBERS = "call_numbers"
    DECIDE_REQUESTS = "decide_requests"
    DECIDE_APPEALS = "decide_appeals"
    ADMIT_GROUPS = "admit_groups"
    KEEP_DEVICES = "keep_devices"


_LOOKING = frozenset({Action.SEE_DESK, Action.SEE_REPORTS})
_PLANNING = _LOOKING | {
    Action.CHANGE_QUOTAS,
    Action.CLOSE_WINDOWS,
    Action.PUBLISH_SESSIONS,
    Action.PLAN_HOURS,
    Action.PLAN_SURGES,
    Action.KEEP_ROSTER,
    Action.SET_POLICY,
    Action.GRANT_SERVICES,
    Action.SET_UP_OFFICES,
    Action.KEEP_DEVICES,
}
_RECEIVING = frozenset({Action.SEE_DESK, Action.FIND_BOOKINGS, Action.CHECK_IN})

# An overseer sees figures and no person; a security administrator manages accounts, not places,
# and nobody who works with places gives out roles.
ALLOWED: dict[str, frozenset[Action]] = {
    Role.CLERK: _RECEIVING | {Action.BOOK_FOR_OTHERS, Action.CALL_NUMBERS},
    Role.GUIDE: _RECEIVING,
    Role.SUPERVISOR: frozenset(Action) - {Action.GRANT_ACCESS},
    Role.PLANNER: _PLANNING,
    Role.OVERSEER: _LOOKING,
    Role.SECURITY_ADMIN: frozenset({Action.SEE_ACCESS, Action.GRANT_ACCESS}),
}


def offices_for(account: AbstractBaseUser, action: Action) -> QuerySet[Office]:
    """The offices at which the account may do this: its own and those below its bureaus."""
    memberships = Membership.objects.filter(account_id=account.pk, role__in=_roles(action))
    bureaus = set(memberships.exclude(bureau=None).values_list("bureau_id", flat=True))
    own = Q(pk__in=memberships.exclude(office=None).values("office_id"))
    return Office.objects.filter(own | Q(bureau_id__in=with_those_below(bureaus)))


def office_for(account: AbstractBaseUser, action: Action, code: str) -> Office:
    """The office, if the account may do this there.

    Raises Http404 for an office whose desk the account doesn't see, so that it can't tell which
    exist, and PermissionDenied where it sees the desk and may not do this.
    """
    office = offices_for(account, Action.SEE_DESK).filter(code=code).first()
    if office is None:
        raise Http404
    if action not in actions_at(account, office):
        raise PermissionDenied
    return office


def bureaus_for(account: AbstractBaseUser, action: Action) -> QuerySet[Bureau]:
    """The bureaus over which the account may do this: its own and those below them."""
    memberships = Membership.objects.filter(account_id=account.pk, role__in=_roles(action))
    own = set(memberships.exclude(bureau=None).values_list("bureau_id", flat=True))
    return Bureau.objects.filter(pk__in=with_those_below(own))


def bureau_for(account: AbstractBaseUser, action: Action, code: str) -> Bureau:
    """The bureau, if the account may do this over all of it.

    Raises Http404 for a bureau over which it has no role, and PermissionDenied where it has one
    that doesn't open this.
    """
    roles = Membership.objects.filter(account_id=account.pk).exclude(bureau=None)
    own = set(roles.values_list("bureau_id", flat=True))
    bureau = Bureau.objects.filter(pk__in=with_those_below(own), code=code).first()
    if bureau is None:
        raise Http404
    if action not in actions_over(account, bureau):
        raise PermissionDenied
    return bureau


def actions_over(account: AbstractBaseUser, bureau: Bureau) -> frozenset[Action]:
    """Everything that the account may do over this bureau and all below it."""
    roles = Membership.objects.filter(
        bureau_id__in=with_those_above(bureau), account_id=account.pk
    ).values_list("role", flat=True)
    return frozenset().union(*(ALLOWED[role] for role in roles))


def actions_at(account: AbstractBaseUser, office: Office) -> frozenset[Action]:
    """Everything that the account may do at this office."""
    roles = Membership.objects.filter(
        Q(office=office) | Q(bureau_id__in=with_those_above(office.bureau)),
        account_id=account.pk,
    ).values_list("role", flat=True)
    return frozenset().union(*(ALLOWED[role] for role in roles))


def _roles(action: Action) -> list[str]:
    return [role for role, actions in ALLOWED.items() if action in actions]


def with_those_below(bureaus: set[int]) -> set[int]:
    """The ids of these bureaus and of all below them."""
    found, newest = set(bureaus), set(bureaus)
    while newest:
        children = Bureau.objects.filter(parent_id__in=newest).values_list("pk", flat=True)
        newest = set(children) - found
        found |= newest
    return found


def with_those_above(bureau: Bureau | None) -> list[int]:
    """The ids of the bureau and of those above it, itself first."""
    found = []
    while bureau is not None:
        found.append(bureau.pk)
        bureau = bureau.parent
    return found
