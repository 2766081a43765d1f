"""A booking by its number and code."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.domain.manage_code import normalise_code
from bookings.domain.numbers import normalise_number
from bookings.forms.citizen import helper


class ManageForm(forms.Form):
    """Both are digits, typed or pasted with or without their spaces."""

    number = forms.CharField(
        label=_("Booking number"),
        help_text=_("12 digits, in the confirmation."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the booking number.")},
    )
    code = forms.CharField(
        label=_("Management code"),
        help_text=_("8 digits, beside the booking number."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the management code.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field("number", wrapper_class="field-code"), Field("code", wrapper_class="field-code")
        )

    def clean_number(self) -> str:
        number = normalise_number(self.cleaned_data["number"])
        if not number:
            raise ValidationError(
                gettext("A booking number has 12 digits. Check each of them."), code="form"
            )
        return number

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(gettext("The management code has 8 digits."), code="form")
        return code
