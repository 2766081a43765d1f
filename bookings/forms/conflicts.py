"""What staff type about people whose window changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.moving import WITHIN_DAYS
from bookings.forms.desk import reason_field

MOST_DAYS = 60


class ReachForm(forms.Form):
    """How far people may be sent."""

    within_days = forms.IntegerField(
        label=_("At most so many days later"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=WITHIN_DAYS,
        error_messages={"required": _("Enter how many days later at most.")},
    )
    elsewhere = forms.BooleanField(
        label=_("Also to other offices of the bureau, where nothing fits here"), required=False
    )


class KeepForm(forms.Form):
    reason = reason_field()


class MoveReasonForm(forms.Form):
    """Why people are moved, in words that they may read."""

    reason = forms.CharField(
        label=_("Reason, as the message says it"),
        max_length=100,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
        error_messages={"required": _("Say why. It is kept, and told to everybody who is moved.")},
    )
