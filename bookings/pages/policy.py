"""What the policy pages of offices and of bureaus have in common."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from bookings.forms.policy import SettingForm
from bookings.pages.bureau.gate import BureauDesk
from bookings.pages.desk.gate import Desk
from bookings.policy_words import GROUPS, label_of, say_setting
from offices.domain.policy import POLICY_FIELDS, policy_sources
from offices.domain.policy_changes import SettingChanged, change_setting, own_setting
from offices.enums import Matters
from offices.models import Bureau, Office, OrganisationChange

LOG_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A setting in force, in words. `source` is empty for a default."""

    name: str
    label: str
    value: str
    source: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the log."""

    log: OrganisationChange
    label: str
    before: str
    after: str


def asked_form(request: HttpRequest, owner: Bureau | Office) -> SettingForm | None:
    """The form of the setting that the page was asked for, or None for none."""
    name = request.POST.get("setting") or request.GET.get("setting", "")
    if not name:
        return None
    if name not in POLICY_FIELDS:
        raise Http404
    value, _source = policy_sources(owner)[name]
    return SettingForm(name, value, own_setting(owner, name), request.POST or None)


def save(request: HttpRequest, desk: Desk | BureauDesk, form: SettingForm | None) -> bool:
    """True where it was saved; otherwise the form says why not."""
    if form is None or request.method != "POST" or not form.is_valid():
        return False
    new, owner = form.new(), owner_of(desk)
    try:
        change_setting(
            owner,
            form.name,
            {"value": new[form.name]} if new else {},
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            account=desk.account,
            now=desk.now,
        )
    except SettingChanged:
        form.add_error(None, _("Somebody has changed this setting meanwhile: look again."))
        return False
    messages.success(request, _("“%(setting)s” was changed.") % {"setting": label_of(form.name)})
    return True


def owner_of(desk: Desk | BureauDesk) -> Bureau | Office:
    return desk.bureau if isinstance(desk, BureauDesk) else desk.office


def context_of(desk: Desk | BureauDesk, form: SettingForm | None) -> dict[str, Any]:
    owner = owner_of(desk)
    log = OrganisationChange.objects.filter(
        kind=Matters.POLICY, **{"bureau" if isinstance(owner, Bureau) else "office": owner}
    )
    return {
        "desk": desk,
        "groups": _groups(owner),
        "form": form,
        "asked": label_of(form.name) if form else "",
        "log": [_change(each) for each in log.select_related("account")[:LOG_SHOWN]],
        "here": "policy",
    }


def _groups(owner: Bureau | Office) -> list[tuple[str, list[Row]]]:
    sources = policy_sources(owner)
    return [
        (str(title), [_row(owner, name, *sources[name]) for name in texts])
        for title, texts in GROUPS
    ]


def _row(owner: Bureau | Office, name: str, value: Any, source: Bureau | Office | None) -> Row:
    text = source.label if source else ""
    return Row(name, label_of(name), say_setting(name, value), text, source == owner)


def _change(log: OrganisationChange) -> Change:
    before, after = (
        say_setting(log.subject, own["value"]) if own else _("inherited")
        for own in (log.before, log.after)
    )
    return Change(log, label_of(log.subject), before, after)
