"""What an organisation fills in: who it is, and whom it brings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applicants.contact import parse_phone
from applicants.domain.groups import GroupRefused, parse_credit_code
from applicants.enums import GroupKind
from bookings.forms.desk import reason_field


class AskForm(forms.Form):
    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("What it is"), choices=GroupKind)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 characters, as on the licence."),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact_name = forms.CharField(label=_("Who answers questions"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Their phone"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    office = forms.ChoiceField(
        label=_("Which office looks at it"),
        help_text=_("Bring the licence there, or wait for its call."),
    )

    def __init__(self, offices: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["office"].choices = [("", _("Please choose")), *offices]  # type: ignore[attr-defined]

    def clean_credit_code(self) -> str:
        try:
            return parse_credit_code(self.cleaned_data["credit_code"])
        except GroupRefused as refused:
            raise ValidationError(str(refused)) from refused

    def clean_contact_phone(self) -> str:
        return parse_phone(self.cleaned_data["contact_phone"])


class NamesForm(forms.Form):
    """Services, office and the list of people, as a file or pasted."""

    services = forms.MultipleChoiceField(
        label=_("What everybody applies for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    office = forms.ChoiceField(label=_("Office"))
    file = forms.FileField(
        label=_("List of names: CSV or XLSX file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    text = forms.CharField(
        label=_("Or paste the list"),
        help_text=_("The first line names the columns; a person in each line, cells by commas."),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    # Their data come from somebody else, and some may be children (PIPL 17, 29, 31).
    told = forms.BooleanField(
        label=_(
            "Everybody on the list knows that we book for them; for children under 14, their "
            "parents or other guardians have agreed."
        ),
        error_messages={"required": _("Tell everybody on the list first, and then tick this box.")},
    )

    def __init__(
        self,
        services: list[tuple[str, str]],
        offices: list[tuple[str, str]],
        data: Any = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files)
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", _("Please choose")), *offices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("file") or data.get("text", "").strip()):
            self.add_error("file", _("Choose a file, or paste the list."))
        return data


class AdmissionForm(forms.Form):
    reason = reason_field()
