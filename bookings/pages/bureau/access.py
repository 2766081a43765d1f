"""Who may do what, where (and who says so)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from bookings.forms.access import GrantForm
from bookings.forms.desk import ReasonForm
from bookings.pages.bureau.action_words import WORDS
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.access import grant_role, memberships_below, withdraw_role
from offices.domain.organisation import offices_below
from offices.domain.permissions import ALLOWED, Action, with_those_below
from offices.enums import Matters, Role
from offices.models import Bureau, Membership, OrganisationChange

LOG_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Member:
    """One role of somebody, and how they sign in."""

    membership: Membership
    place: str
    has_second_factor: bool
    last_sign_in: dt.datetime | None
    is_oneself: bool


@bureau_page(Action.SEE_ACCESS)
def access(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = _grant_form(request, desk)
    if request.method == "POST":
        _require_granting(desk)
        if form.is_valid() and _grant(request, desk, form):
            return HttpResponseRedirect(desk.url("bureau-access"))
    below = with_those_below({desk.bureau.pk})
    log = OrganisationChange.objects.filter(
        Q(bureau__in=below) | Q(office__bureau__in=below), kind=Matters.ACCESS
    )
    context = {
        "desk": desk,
        "members": _members(desk),
        "roles": Role.labels,
        "table": [(text, [action in ALLOWED[role] for role in Role]) for action, text in WORDS],
        "form": form,
        "log": [
            (each, Role(each.subject).label)
            for each in log.select_related("person", "account", "bureau", "office")[:LOG_SHOWN]
        ],
        "here": "access",
    }
    return render(request, "bureau/access.html", context)


@bureau_page(Action.GRANT_ACCESS)
def withdraw(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    membership = get_object_or_404(memberships_below(desk.bureau), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            withdraw_role(membership, reason=reason, account=desk.account, now=desk.now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role was withdrawn."))
            return HttpResponseRedirect(desk.url("bureau-access"))
    context = {"desk": desk, "membership": membership, "form": form, "here": "access"}
    return render(request, "bureau/access_withdraw.html", context)


def _grant_form(request: HttpRequest, desk: BureauDesk) -> GrantForm:
    bureaus = Bureau.objects.filter(pk__in=with_those_below({desk.bureau.pk}))
    return GrantForm(list(bureaus), list(offices_below(desk.bureau)), request.POST or None)


def _grant(request: HttpRequest, desk: BureauDesk, form: GrantForm) -> bool:
    data = form.cleaned_data
    try:
        grant_role(
            data["username"],
            data["role"],
            data["place"],
            reason=data["reason"],
            account=desk.account,
            now=desk.now,
        )
    except ValidationError as error:
        form.add_error("username", error)
        return False
    messages.success(request, _("The role was granted."))
    return True


def _require_granting(desk: BureauDesk) -> None:
    if Action.GRANT_ACCESS not in desk.actions:
        raise PermissionDenied


def _members(desk: BureauDesk) -> list[Member]:
    memberships = list(memberships_below(desk.bureau))
    secured = _with_second_factor(membership.account_id for membership in memberships)
    return [
        Member(
            membership,
            (membership.office or membership.bureau or desk.bureau).label,
            membership.account_id in secured,
            membership.account.last_login,
            membership.account_id == desk.account.pk,
        )
        for membership in memberships
    ]


def _with_second_factor(accounts: Iterable[int]) -> set[int]:
    found = Authenticator.objects.filter(user__in=set(accounts), type=Authenticator.Type.TOTP)
    return set(found.values_list("user_id", flat=True))
