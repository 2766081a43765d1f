"""What is scanned or typed at the check-in desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applicants.enums import IdType, Priority
from applicants.identity import Identity, parse_identity
from bookings.domain.numbers import normalise_number
from offices.models import Office, ServiceLine


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


class FinishForm(forms.Form):
    """Accepted although something is missing (JJ-18)."""

    missing = forms.CharField(
        label=_("What is missing"),
        help_text=_("Documents, no names. The applicant reads it, with the day until which."),
        max_length=300,
        error_messages={"required": _("Say what is still to be brought.")},
    )


class WalkInForm(forms.Form):
    """A number for whoever stands there without a booking."""

    line = forms.ModelChoiceField(
        label=_("Line"), queryset=ServiceLine.objects.none(), to_field_name="code"
    )
    priority = forms.ChoiceField(
        label=_("Goes first"), choices=Priority.choices, initial=Priority.NONE, required=False
    )

    def __init__(self, office: Office, data: Any = None) -> None:
        super().__init__(data)
        lines = ServiceLine.objects.handled_at(office)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines
        field.initial = lines.first()
        field.empty_label = None

    def clean_priority(self) -> str:
        return self.cleaned_data["priority"] or Priority.NONE
