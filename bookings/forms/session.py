"""A dated session, as staff plan it."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from bookings.forms.typed import THIS_CENTURY, today_or_later
from offices.domain.policy import validate_shares
from offices.enums import Pool
from offices.models import Office, ServiceLine, Session

# Generic to the type checker only.
if TYPE_CHECKING:
    SessionModelForm = forms.ModelForm[Session]
else:
    SessionModelForm = forms.ModelForm

MAX_PLACES = 2000


class SessionForm(SessionModelForm):
    """The shares of the pools may stay empty: then the policy's hold."""

    online = forms.IntegerField(min_value=0, max_value=100, required=False)
    assisted = forms.IntegerField(min_value=0, max_value=100, required=False)
    walk_in = forms.IntegerField(min_value=0, max_value=100, required=False)
    reason = reason_field()

    class Meta:
        model = Session
        fields = [
            "kind",
            "line",
            "date",
            "opens",
            "closes",
            "capacity",
            "name",
            "name_en",
            "min_age",
            "max_age",
            "students_only",
            "residents_of",
            "booking_free",
            "site",
            "site_en",
        ]
        labels = {
            "kind": _("Kind"),
            "line": _("Line"),
            "date": _("Day"),
            "opens": _("Opens"),
            "closes": _("Closes"),
            "capacity": _("Places of each window"),
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "min_age": _("Youngest age"),
            "max_age": _("Oldest age"),
            "students_only": _("Students only"),
            "residents_of": _("Residents of (city)"),
            "booking_free": _("No booking"),
            "site": _("Place in Chinese"),
            "site_en": _("Place in English"),
        }
        help_texts = {
            "students_only": _("Adults may come along with a student."),
            "residents_of": _("Empty: people from everywhere."),
            "booking_free": _("Nothing can be booked; numbers are given out on site."),
            "site": _("Empty: at the office itself."),
        }
        widgets = {
            "date": forms.DateInput(attrs={"type": "date"}),
            "opens": forms.TimeInput(attrs={"type": "time"}),
            "closes": forms.TimeInput(attrs={"type": "time"}),
        }

    def __init__(self, office: Office, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.office = office
        self.today = today
        lines = ServiceLine.objects.handled_at(office)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["date"].validators += THIS_CENTURY
        self.fields["date"].help_text = _("Of a series: the first day that it may begin on.")
        self.fields["name"].help_text = _("Empty: the kind stands for it.")
        for pool in Pool:
            self.fields[pool].label = f"{pool.label} %"
        self.fields["online"].help_text = _("Leave all three empty for the usual shares.")

    def clean_date(self) -> dt.date:
        return today_or_later(self.cleaned_data["date"], self.today)

    def clean_capacity(self) -> int:
        places: int = self.cleaned_data["capacity"]
        if not 1 <= places <= MAX_PLACES:
            raise ValidationError(
                gettext("Enter a number from 1 to %(most)s.") % {"most": MAX_PLACES}
            )
        return places

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("It closes after it opens."))
        youngest, oldest = data.get("min_age"), data.get("max_age")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("max_age", _("The oldest age is not below the youngest."))
        self._clean_shares()
        return data

    def _clean_shares(self) -> None:
        shares = {pool: self.cleaned_data.get(pool) for pool in Pool.values}
        if all(share is None for share in shares.values()):
            return
        self.instance.shares = {pool: share or 0 for pool, share in shares.items()}
        try:
            validate_shares(self.instance.shares)
        except ValidationError as error:
            self.add_error("online", error)
