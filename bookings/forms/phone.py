"""What an operator types for a caller: when, who, and how to reach them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.contact import parse_phone
from applicants.enums import IdType, Priority
from applicants.forms import PersonForm
from applicants.identity import parse_identity
from bookings.domain.numbers import normalise_number
from bookings.domain.parties import Contact, Person
from bookings.enums import Channel, Purpose
from bookings.forms.typed import whole_number

Choices = Sequence[tuple[Any, Any]]
PEOPLE = "people"
MAX_ROWS = 20


class CallForm(forms.Form):
    """The window, and the caller's phone; somebody at the counter may have none."""

    channel = forms.ChoiceField(
        label=_("How they reach us"),
        choices=[
            (Channel.PHONE.value, Channel.PHONE.label),
            (Channel.COUNTER.value, Channel.COUNTER.label),
        ],
        initial=Channel.PHONE,
    )
    slot = forms.TypedChoiceField(
        label=_("Window"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a window."),
            "invalid_choice": _("This window can't be chosen any more. Choose another."),
        },
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("The confirmation and the reminders go there."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)
    # Whoever has no account sees no notice: it is read to them (PIPL 17).
    notice_read = forms.BooleanField(
        label=_("I have read the notice out, and they go on."),
        error_messages={"required": _("Read the notice out before you book, and tick the box.")},
    )
    # Nobody is kept waiting at the phone for a figure.
    purpose = forms.ChoiceField(
        label=_("Purpose of the journey"),
        choices=[("", _("Not asked")), *Purpose.choices],
        required=False,
    )

    def __init__(self, *args: Any, windows: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = windows  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if not text and self.cleaned_data.get("channel") == Channel.PHONE:
            raise ValidationError(gettext("Enter the caller's mobile number."))
        return parse_phone(text) if text else ""

    def contact(self) -> Contact:
        return Contact(phone=self.cleaned_data["phone"], language=self.cleaned_data["language"])


class CallerPersonForm(PersonForm):
    """One of the people, with the services they want."""

    services = forms.MultipleChoiceField(
        label=_("Services"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    accompanied = forms.BooleanField(
        label=_("A guardian who applies for nothing comes along"), required=False
    )

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, household=[], **kwargs)
        del self.fields["relation"]
        self.order_fields(["name", "id_type", "id_number", "birth_date", "nationality", "priority"])
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        # What a row begins with: a row where nothing else was typed is left out.
        self.fields["id_type"].initial = IdType.RESIDENT_ID
        self.fields["priority"].initial = Priority.NONE

    def asked_for(self) -> Person:
        """The valid form's answer."""
        data = self.cleaned_data
        return Person(
            name=data["name"],
            identity=data["identity"],
            services=tuple(data["services"]),
            birth_date=data["birth_date"],
            nationality=data["nationality"],
            priority=data["priority"],
            accompanied=data["accompanied"],
            is_student=data["is_student"],
            home_city=data["home_city"],
        )


def rows_to_type(
    typed: QueryDict | None, *, services: Choices, most: int, more: bool = False
) -> "BaseFormSet[CallerPersonForm]":
    """Rows that show what was typed so far, and no errors; with `more`, one row more."""
    initial = _typed_rows(typed) if typed else []
    rows = min(most, max(1, len(initial) + more))
    factory = formset_factory(CallerPersonForm, extra=0, min_num=rows, max_num=most)
    return factory(prefix=PEOPLE, initial=initial, form_kwargs={"services": services})


def rows_to_check(
    typed: QueryDict, *, services: Choices, most: int
) -> "BaseFormSet[CallerPersonForm]":
    """The typed rows. The first is required; others may stay empty."""
    factory = formset_factory(
        CallerPersonForm, extra=0, min_num=1, max_num=most, absolute_max=most, validate_max=True
    )
    return factory(typed, prefix=PEOPLE, form_kwargs={"services": services})


def _typed_rows(typed: QueryDict) -> list[dict[str, Any]]:
    count = whole_number(typed.get(f"{PEOPLE}-TOTAL_FORMS", ""))
    rows = 1 if count is None else min(count, MAX_ROWS)
    return [_typed_row(typed, f"{PEOPLE}-{position}-") for position in range(rows)]


def _typed_row(data: QueryDict, prefix: str) -> dict[str, Any]:
    names = [name.removeprefix(prefix) for name in data if name.startswith(prefix)]
    row: dict[str, Any] = {name: data[prefix + name] for name in names}
    return row | {"services": data.getlist(f"{prefix}services")}


class FindForm(forms.Form):
    """A booking by its number, the phone it was made with, or a document of the party."""

    NUMBER, PHONE = "number", "phone"

    by = forms.ChoiceField(
        label=_("Find by"),
        choices=[
            (NUMBER, _("Booking number")),
            (PHONE, _("Mobile number")),
            *IdType.choices,
        ],
    )
    text = forms.CharField(
        label=_("Number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the number to look for.")},
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"by", "text"} <= data.keys():
            try:
                data["key"] = _key(data["by"], data["text"])
            except ValidationError as error:
                self.add_error("text", error)
        return data


def _key(by: str, text: str) -> Any:
    """What to look up: a booking number, an E.164 number or an Identity."""
    if by == FindForm.PHONE:
        return parse_phone(text)
    if by != FindForm.NUMBER:
        return parse_identity(by, text)
    number = normalise_number(text)
    if not number:
        raise ValidationError(gettext("A booking number has 12 digits. Check each of them."))
    return number
