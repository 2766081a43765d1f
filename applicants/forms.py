"""What citizens type about themselves: a way to reach them, a code, the people they book for."""

import datetime as dt
import re
from dataclasses import fields
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.contact import parse_email, parse_phone
from applicants.countries import country_choices
from applicants.domain.household import NewPerson
from applicants.enums import IdType, Medium, Priority, Relation
from applicants.identity import Identity, identity_hash, parse_identity
from applicants.models import Applicant

OLDEST = 120
LONGEST_VALIDITY = 10


def _helper(*fields: Any) -> FormHelper:
    """The page brings the form element and its action bar."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*fields)
    return helper


class PhoneForm(forms.Form):
    medium = Medium.SMS
    contact = forms.CharField(
        label=_("Mobile number"),
        help_text=_("From outside the mainland: begin with + and the code, like +852 5123 4567."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter your mobile number.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("contact")

    def clean_contact(self) -> str:
        return parse_phone(self.cleaned_data["contact"])


class EmailForm(forms.Form):
    medium = Medium.EMAIL
    contact = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("contact")

    def clean_contact(self) -> str:
        return parse_email(self.cleaned_data["contact"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("6-digit code"),
        # Pasted codes bring spaces along.
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the code.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("code", wrapper_class="field-code"))

    def clean_code(self) -> str:
        digits = re.sub(r"\s", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError(gettext("The code has 6 digits."), code="form")
        return digits


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("language", wrapper_class="field-short"))


class PersonDetailsForm(forms.Form):
    """What may change about a person of the household; the document stays."""

    name = forms.CharField(
        label=_("Full name"),
        help_text=_("As in the identity document."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the name.")},
    )
    relation = forms.ChoiceField(
        label=_("Who is it?"),
        choices=Relation.choices,
        error_messages={"required": _("Say who it is.")},
    )
    priority = forms.ChoiceField(
        label=_("Needs priority at the hall?"),
        help_text=_("For elderly, pregnant or disabled people and people with an infant."),
        choices=Priority.choices,
    )
    is_student = forms.BooleanField(
        label=_("Is a student"),
        help_text=_("Some sessions are for students only. The hall asks for the student card."),
        required=False,
    )
    home_city = forms.CharField(
        label=_("City of residence"),
        help_text=_("For sessions of one city's residents, and to tell you how long it takes."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    document_expires = forms.CharField(
        label=_("Passport or permit valid until"),
        help_text=_("Like 2031-05-21. We tell you when it may be renewed."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_document_expires(self) -> dt.date | None:
        typed: str = self.cleaned_data["document_expires"]
        return _parse_expiry(typed) if typed else None

    def clean_home_city(self) -> str:
        return " ".join(self.cleaned_data["home_city"].split())

    def clean_name(self) -> str:
        name: str = " ".join(self.cleaned_data["name"].split())
        if re.search(r"[\d<>@/\\]", name):
            raise ValidationError(gettext("Enter the name without digits or signs."), code="name")
        return name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(
            "relation", "name", "priority", "is_student", "home_city", "document_expires"
        )


class PersonForm(PersonDetailsForm):
    """Somebody new: also the document, and what its number doesn't tell."""

    id_type = forms.ChoiceField(label=_("Identity document"), choices=IdType.choices)
    id_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("Enter the number of the document.")},
    )
    birth_date = forms.CharField(
        label=_("Date of birth"),
        help_text=_(
            "Like 1990-05-21. Leave it empty for a resident ID card: the number contains it."
        ),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"), help_text=_("For passport holders."), required=False
    )

    def __init__(self, *args: Any, household: list[Applicant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        self.fields["nationality"].choices = country_choices()  # type: ignore[attr-defined]
        self.helper = _helper(
            "relation",
            "name",
            "id_type",
            "id_number",
            Field("birth_date", wrapper_class="field-short field-birth-date"),
            Field("nationality", wrapper_class="field-nationality"),
            "priority",
            "is_student",
            "home_city",
        )

    def clean_birth_date(self) -> dt.date | None:
        text = self.cleaned_data["birth_date"]
        return _parse_date(text) if text else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        identity = self._identity(values)
        if identity:
            values["identity"] = identity
            self._complete(values, identity)
        return values

    def person(self) -> NewPerson:
        """The valid form's answer."""
        names = (field.name for field in fields(NewPerson))
        return NewPerson(**{name: self.cleaned_data[name] for name in names})

    def _identity(self, values: dict[str, Any]) -> Identity | None:
        if not (values.get("id_type") and values.get("id_number")):
            return None
        try:
            return parse_identity(values["id_type"], values["id_number"])
        except ValidationError as error:
            self.add_error("id_number", error)
            return None

    def _complete(self, values: dict[str, Any], identity: Identity) -> None:
        values["birth_date"] = identity.birth_date or values.get("birth_date")
        if not values["birth_date"] and "birth_date" not in self.errors:
            self.add_error("birth_date", gettext("Enter the date of birth."))
        if identity.id_type != IdType.PASSPORT:
            values["nationality"] = ""
        elif not values.get("nationality"):
            self.add_error("nationality", gettext("Choose the nationality."))
        known = {bytes(member.identity_hash) for member in self.household}
        if identity_hash(identity.id_type, identity.number) in known:
            self.add_error("id_number", gettext("This person is already in your list."))


def _parse_date(text: str) -> dt.date:
    """1990-05-21, 1990/5/21, 1990.5.21, 19900521 or 1990年5月21日."""
    day, today = _read_day(text), timezone.localdate()
    if day is None or not today.year - OLDEST <= day.year or day > today:
        raise ValidationError(
            gettext("Enter the date as year, month and day, like 1990-05-21."), code="date"
        )
    return day


def _parse_expiry(text: str) -> dt.date:
    """As people write it; documents are valid for ten years at most, and some have expired."""
    day, today = _read_day(text), timezone.localdate()
    if day is None or abs(day.year - today.year) > LONGEST_VALIDITY + 1:
        raise ValidationError(
            gettext("Enter the date as year, month and day, like 2031-05-21."), code="date"
        )
    return day


def _read_day(text: str) -> dt.date | None:
    match = re.fullmatch(r"\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*", text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
