"""A file of hours, sessions or places, and why it is taken over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field

HOURS, SESSIONS, QUOTAS = "hours", "sessions", "quotas"
KINDS = [
    (HOURS, _("Weekly hours")),
    (SESSIONS, _("Sessions from today on")),
    (QUOTAS, _("Places of the coming two weeks")),
]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it holds"), choices=KINDS)
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    reason = reason_field()


class TakeOverForm(forms.Form):
    """What was checked, once more as text."""

    kind = forms.ChoiceField(choices=KINDS)
    text = forms.CharField(strip=False)
    reason = reason_field()
