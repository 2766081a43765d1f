"""One setting of a policy, as staff type it."""

import datetime as dt
import json
from collections.abc import Mapping
from itertools import permutations
from typing import Any, get_type_hints

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from bookings.policy_words import channel_label, label_of
from offices.domain.policy import BookingPolicy, validate_policy
from offices.enums import LOCAL_REASONS, Pool
from offices.wording import say_list

_HINTS = get_type_hints(BookingPolicy)
# Beyond these nobody means it: a window of a week, a horizon of years.
_MOST = {
    "horizon_days": 366,
    "slot_minutes": 480,
    "minutes_per_person": 480,
    "max_party": 50,
    "max_group": 200,
}
_MOST_ELSE = 10_000
_ORDERS = [order for count in (1, 2, 3) for order in permutations(Pool.values, count)]


class SettingForm(forms.Form):
    """`name` with its value in force; either a value of one's own or the inherited one."""

    SET, INHERIT = "set", "inherit"

    setting = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=_("What to do"),
        choices=[(SET, _("Set a value of one's own")), (INHERIT, _("Take the inherited value"))],
        widget=forms.RadioSelect,
        initial=SET,
    )
    reason = reason_field()

    def __init__(self, name: str, value: Any, own: Mapping[str, Any], data: Any = None) -> None:
        initial = {"setting": name, "seen": json.dumps(own, sort_keys=True)}
        super().__init__(data, initial=initial)
        self.name = name
        for field_name, field in _fields(name, value).items():
            self.fields[field_name] = field
        self.order_fields(["setting", "seen", "act", *_fields(name, value), "reason"])

    def clean_seen(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except (ValueError, RecursionError):
            seen = None
        if not isinstance(seen, dict):
            raise ValidationError(_("Open the page again: what it showed is unknown."))
        return seen

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.cleaned_data["act"] == self.SET:
            validate_policy(self.new())
        return self.cleaned_data

    def new(self) -> dict[str, Any]:
        """The setting by name as it stands in JSON; nothing to inherit it."""
        if self.cleaned_data["act"] == self.INHERIT:
            return {}
        return {self.name: _as_json(self._value())}

    def _value(self) -> Any:
        data = self.cleaned_data
        if self.name == "pool_shares":
            return {pool: data[f"value_{pool}"] or 0 for pool in Pool.values}
        if self.name == "channel_pools":
            channels = [name for name in self.fields if name.startswith("value_")]
            return {name.removeprefix("value_"): data[name].split("+") for name in channels}
        return data["value"] == "yes" if _HINTS[self.name] is bool else data["value"]


def _as_json(value: Any) -> Any:
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, dt.date) else value


def _fields(name: str, value: Any) -> dict[str, forms.Field]:
    if name == "pool_shares":
        return {f"value_{pool}": _share(pool, value.get(pool, 0)) for pool in Pool.values}
    if name == "channel_pools":
        return {f"value_{channel}": _order(channel, pools) for channel, pools in value.items()}
    return {"value": _field(name, value)}


def _share(pool: str, share: int) -> forms.Field:
    label = f"{Pool(pool).label} %"
    return forms.IntegerField(label=label, initial=share, min_value=0, max_value=100)


def _order(channel: str, pools: tuple[str, ...]) -> forms.Field:
    choices = [
        ("+".join(order), say_list(str(Pool(pool).label) for pool in order)) for order in _ORDERS
    ]
    return forms.ChoiceField(label=channel_label(channel), choices=choices, initial="+".join(pools))


def _field(name: str, value: Any) -> forms.Field:
    hint, label = _HINTS[name], label_of(name)
    if name == "urgent_reasons":
        return forms.MultipleChoiceField(
            label=label,
            choices=[(reason.value, reason.label) for reason in LOCAL_REASONS],
            initial=list(value),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if hint is bool:
        choices = [("yes", _("Yes")), ("no", _("No"))]
        initial = "yes" if value else "no"
        return forms.ChoiceField(label=label, choices=choices, initial=initial)
    if hint is dt.time:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(label=label, initial=value, widget=widget)
    if hint == dt.date | None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, initial=value, required=False, widget=day)
    return forms.IntegerField(
        label=label,
        initial=value,
        required=hint is int,
        min_value=0,
        max_value=100 if name == "suggest_above_percent" else _MOST.get(name, _MOST_ELSE),
        help_text=_("Minutes before the window; empty: until 24:00 of the day before.")
        if hint == int | None
        else "",
    )
