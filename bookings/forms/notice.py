"""A notice, as a bureau words it."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.typed import today_or_later
from offices.models import Bureau, Notice

# Generic to the type checker only.
if TYPE_CHECKING:
    NoticeModelForm = forms.ModelForm[Notice]
else:
    NoticeModelForm = forms.ModelForm

_DATE = {"type": "date"}


class NoticeForm(NoticeModelForm):
    class Meta:
        model = Notice
        fields = ["text", "text_en", "first_day", "last_day"]
        labels = {
            "text": _("Text in Chinese"),
            "text_en": _("Text in English"),
            "first_day": _("From"),
            "last_day": _("To"),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
            "first_day": forms.DateInput(attrs=_DATE),
            "last_day": forms.DateInput(attrs=_DATE),
        }

    def __init__(self, bureau: Bureau, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.bureau = bureau
        self.today = today

    def clean_last_day(self) -> dt.date:
        last = today_or_later(self.cleaned_data["last_day"], self.today)
        first = self.cleaned_data.get("first_day")
        if first and last < first:
            raise ValidationError(gettext("It ends on its first day or later."))
        return last
