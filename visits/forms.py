"""What is scanned or typed at the check-in desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applicants.enums import IdType
from applicants.identity import Identity, parse_identity
from bookings.domain.numbers import normalise_number


class ArrivalForm(forms.Form):
    """A booking number, or the number of a document of somebody of the party."""

    text = forms.CharField(
        label=_("Booking number or document number"),
        help_text=_("Scan the QR code or the ID card, or type the number."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={"required": _("Scan or enter a number.")},
    )
    id_type = forms.ChoiceField(
        label=_("Document, if it is a document number"),
        choices=IdType.choices,
        initial=IdType.RESIDENT_ID,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "text" in data and not normalise_number(data["text"]):
            try:
                id_type = data.get("id_type") or IdType.RESIDENT_ID
                data["identity"] = parse_identity(id_type, data["text"])
            except ValidationError as error:
                self.add_error("text", error)
        return data

    @property
    def number(self) -> str:
        """The booking number; empty when a document was shown."""
        return "" if self.identity else normalise_number(self.cleaned_data["text"])

    @property
    def identity(self) -> Identity | None:
        return self.cleaned_data.get("identity")
