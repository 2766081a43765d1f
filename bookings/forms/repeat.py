"""How often a session takes place."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.typed import THIS_CENTURY
from offices.domain.recurrence import LONGEST, Weekly
from offices.models.calendar import WEEKDAYS

MOST_TIMES = 100


class RepeatForm(forms.Form):
    """Once, or every week on some weekdays, so many times or until a day."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Every week on"),
        help_text=_("None ticked: once, on the day above."),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    times = forms.IntegerField(
        label=_("Number of sessions"), required=False, min_value=1, max_value=MOST_TIMES
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        validators=THIS_CENTURY,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    on_holidays = forms.BooleanField(
        label=_("On public holidays as well"),
        help_text=_("Otherwise the series leaves them out."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        ends = data["times"] or data["until"]
        if data["weekdays"] and not ends:
            self.add_error("times", gettext("Say how many sessions, or until which day."))
        elif ends and not data["weekdays"]:
            self.add_error("weekdays", gettext("Choose at least one weekday."))
        return data

    @property
    def is_series(self) -> bool:
        return bool(self.cleaned_data["weekdays"])

    def days(self, first: dt.date, holidays: Collection[dt.date]) -> list[dt.date]:
        """The days of the series, without the holidays unless they are wanted as well."""
        data = self.cleaned_data
        rule = Weekly(first, frozenset(data["weekdays"]), data["times"], data["until"])
        return rule.days(() if data["on_holidays"] else holidays)[:MOST_TIMES]

    def falls_on(self, day: dt.date) -> bool:
        return day.weekday() in self.cleaned_data["weekdays"]

    def horizon(self, first: dt.date) -> dt.date:
        """No day of the series is later."""
        return min(self.cleaned_data["until"] or dt.date.max, first + LONGEST)
