"""The duty roster, as staff keep it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from bookings.forms.typed import THIS_CENTURY
from offices.enums import DutyRole

# Nobody is on duty for longer without a break.
MOST_DAYS = 31


def _day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=THIS_CENTURY, **options)


class DutyForm(forms.Form):
    """Somebody on one day, or on every day until another."""

    role = forms.ChoiceField(label=_("Duty"), choices=DutyRole.choices)
    name = forms.CharField(label=_("Name of the person"), max_length=60)
    first_day = _day_field(_("Day"))
    last_day = _day_field(_("Until and including"), required=False)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            text = _("Enter a day from the first one to %(most)s days later.")
            self.add_error("last_day", text % {"most": MOST_DAYS - 1})
        return self.cleaned_data

    def days(self) -> list[dt.date]:
        first: dt.date = self.cleaned_data["first_day"]
        last: dt.date = self.cleaned_data["last_day"] or first
        return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


class CopyWeekForm(forms.Form):
    """Any day stands for its week."""

    source = _day_field(_("A day of the week to copy"))
    target = _day_field(_("A day of the week to fill"))

    def clean(self) -> dict[str, Any]:
        source, target = self.cleaned_data.get("source"), self.cleaned_data.get("target")
        if source and target and source.isocalendar()[:2] == target.isocalendar()[:2]:
            self.add_error("target", _("Choose another week than the one to copy."))
        return self.cleaned_data


class OffDutyForm(forms.Form):
    """Who is taken off the roster, and why."""

    duty = forms.IntegerField(widget=forms.HiddenInput)
    reason = reason_field()
