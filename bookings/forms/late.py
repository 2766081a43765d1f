"""In how many minutes a party comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.forms.citizen import helper

MINUTES = (10, 20, 30, 45, 60, 90)


class LateForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("When can you be there?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose about when you can be there.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [(n, _in_minutes(n)) for n in MINUTES]  # type: ignore[attr-defined]
        self.helper = helper("minutes")


def _in_minutes(n: int) -> str:
    return ngettext("In about %(n)s minute", "In about %(n)s minutes", n) % {"n": n}
