"""The Chinese calendar as a file, and peak seasons, as planners enter them."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.domain.sheet import UnknownEncoding, decoded
from bookings.forms.desk import reason_field
from bookings.forms.typed import THIS_CENTURY
from offices.domain.calendar_file import CalendarDay, read_calendar
from offices.models import Bureau, Season

# Generic to the type checker only.
if TYPE_CHECKING:
    SeasonModelForm = forms.ModelForm[Season]
else:
    SeasonModelForm = forms.ModelForm

# A year of the calendar takes three kilobytes.
MOST_BYTES = 100_000


class CalendarForm(forms.Form):
    """A file, or its text."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    reason = reason_field()

    days: list[CalendarDay]

    def clean(self) -> dict[str, Any]:
        self.days = []
        if self.errors:
            return self.cleaned_data
        text = self._text()
        if self.errors:
            return self.cleaned_data
        if not text.strip():
            self.add_error("file", _("Choose a file or paste its text."))
            return self.cleaned_data
        self.days, bad = read_calendar(text)
        for row in bad:
            values = {"line": row.line, "problem": row.problem}
            self.add_error("file", gettext("Line %(line)s: %(problem)s") % values)
        if not self.days and not bad:
            self.add_error("file", _("There is no day in it."))
        return self.cleaned_data

    def _text(self) -> str:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return str(self.cleaned_data["text"])
        if (file.size or 0) > MOST_BYTES:
            self.add_error("file", _("The file is too large for a calendar."))
            return ""
        try:
            text = decoded(file.read())
        except UnknownEncoding as refusal:
            self.add_error("file", refusal.message)
            return ""
        # PostgreSQL keeps no NUL.
        self.cleaned_data["text"] = text.replace("\0", "")
        return str(self.cleaned_data["text"])


class SeasonForm(SeasonModelForm):
    class Meta:
        model = Season
        fields = ["kind", "line", "name", "name_en", "first_day", "last_day", "demand"]
        labels = {
            "kind": _("Kind"),
            "line": _("Line"),
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "first_day": _("First day"),
            "last_day": _("Last day"),
            "demand": _("Demand, percent of other days"),
        }
        help_texts = {
            "line": _("Empty: all lines."),
            "demand": _("For forecasts: 167 is two thirds more."),
        }
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, bureau: Bureau, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.bureau = bureau
        self.today = today
        for name in ("first_day", "last_day"):
            self.fields[name].validators += THIS_CENTURY

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is not before the first."))
        elif last and last < self.today:
            self.add_error("last_day", _("This day is over. Choose another."))
        return data
