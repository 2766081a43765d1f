"""A surge plan, and the days and offices that it is applied to."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.typed import today_or_later
from offices.models import Office, SurgePlan

# Generic to the type checker only.
if TYPE_CHECKING:
    PlanModelForm = forms.ModelForm[SurgePlan]
else:
    PlanModelForm = forms.ModelForm

MAX_PERCENT = 300
MAX_COUNTERS = 50
MAX_MINUTES = 360
# From June to mid-August, and some (FS-10).
MAX_DAYS = 100
UPLIFTS = {
    "counters": MAX_COUNTERS,
    "percent": MAX_PERCENT,
    "earlier_minutes": MAX_MINUTES,
    "later_minutes": MAX_MINUTES,
}


class PlanForm(PlanModelForm):
    class Meta:
        model = SurgePlan
        fields = ["name", "name_en", "line", *UPLIFTS, "note"]
        labels = {
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "line": _("Line"),
            "counters": _("Further counters of each line"),
            "percent": _("More places, in percent"),
            "earlier_minutes": _("Opens earlier, minutes"),
            "later_minutes": _("Closes later, minutes"),
            "note": _("Note"),
        }
        help_texts = {
            "percent": _("On top of the further counters, rounded up to whole places per window."),
            "later_minutes": _("Longer hours come in whole windows."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].empty_label = gettext("All lines")  # type: ignore[attr-defined]
        for name, most in UPLIFTS.items():
            self.fields[name].widget.attrs |= {"min": 0, "max": most}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, most in UPLIFTS.items():
            if (data.get(name) or 0) > most:
                text = gettext("Enter a number from 0 to %(most)s.") % {"most": most}
                self.add_error(name, text)
        if not self.errors and not any(data[name] for name in UPLIFTS):
            self.add_error("counters", _("Say what the plan adds: counters, percent or minutes."))
        return data


class DaysForm(forms.Form):
    """From which day to which a plan is applied, both included."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, today: dt.date, data: Any = None) -> None:
        super().__init__(data)
        self.today = today

    def clean_first_day(self) -> dt.date:
        return today_or_later(self.cleaned_data["first_day"], self.today)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is not before the first."))
        elif first and last and (last - first).days >= MAX_DAYS:
            text = gettext("A plan is applied to %(most)s days at most.") % {"most": MAX_DAYS}
            self.add_error("last_day", text)
        return data

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return self.cleaned_data["first_day"], self.cleaned_data["last_day"]


class OfficesForm(DaysForm):
    """The same for some of a bureau's offices."""

    offices = forms.MultipleChoiceField(
        label=_("Offices"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one office.")},
    )

    def __init__(self, offices: Iterable[Office], today: dt.date, data: Any = None) -> None:
        super().__init__(today, data)
        self.of_code = {office.code: office for office in offices}
        choices = [(code, office.label) for code, office in self.of_code.items()]
        self.fields["offices"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Office]:
        return [self.of_code[code] for code in self.cleaned_data["offices"]]
