"""Roles, as a security administrator gives them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applicants.models import Account
from bookings.forms.desk import reason_field
from offices.enums import Role
from offices.models import Bureau, Office


class GrantForm(forms.Form):
    """Somebody by the name that they sign in with, a role, and where it holds."""

    username = forms.CharField(label=_("Username"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.ChoiceField(label=_("Where"))
    reason = reason_field()

    def __init__(
        self, bureaus: Sequence[Bureau], offices: Sequence[Office], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Bureau | Office] = {
            **{f"bureau:{bureau.code}": bureau for bureau in bureaus},
            **{f"office:{office.code}": office for office in offices},
        }
        field: Any = self.fields["place"]
        field.choices = [
            (_("Over a bureau and all its offices"), self._choices("bureau:")),
            (_("At one office"), self._choices("office:")),
        ]

    def _choices(self, kind: str) -> list[tuple[str, str]]:
        return [(key, place.label) for key, place in self.places.items() if key.startswith(kind)]

    def clean_username(self) -> Account:
        name = self.cleaned_data["username"].strip()
        person = Account.objects.filter(username=name, is_staff=True, is_active=True).first()
        if person is None:
            raise ValidationError(_("No member of staff signs in with this name."))
        return person

    def clean_place(self) -> Bureau | Office:
        return self.places[self.cleaned_data["place"]]
