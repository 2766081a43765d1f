"""The questions of a booking, one form a page."""

from collections.abc import Collection
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from applicants.contact import parse_email, parse_phone
from applicants.models import Applicant
from bookings.domain.parties import Contact
from bookings.enums import Delivery, Purpose
from bookings.forms.cards import CheckboxCards, Choices, Groups, RadioCards, problems_of

CARDS = "bookings/includes/cards.html"


def helper(*fields: Any) -> FormHelper:
    """The page brings the form element and its action bar."""
    built = FormHelper()
    built.form_tag = False
    built.layout = Layout(*fields)
    return built


class WhatForm(forms.Form):
    """Which services; all of one line."""

    services = forms.MultipleChoiceField(
        label=_("Which services do you need?"),
        widget=CheckboxCards(asked_above=True),
        error_messages={"required": _("Choose at least one service.")},
    )
    purpose = forms.ChoiceField(
        label=_("Why do you travel?"),
        help_text=_(
            "For the figures of the office. Visas and permits of foreigners need no answer."
        ),
        choices=[("", _("Please choose")), *Purpose.choices],
        error_messages={"required": _("Say why you travel.")},
    )

    def __init__(
        self,
        *args: Any,
        groups: Groups,
        lines: dict[str, int],
        limit: int,
        journeys: Collection[str],
        **kwargs: Any,
    ) -> None:
        """`lines` gives the line of each service by its code, `limit` the services of a form;
        for those of `journeys` a purpose is asked (JJ-05).
        """
        super().__init__(*args, **kwargs)
        self.lines, self.limit, self.journeys = lines, limit, journeys
        self.fields["services"].choices = groups  # type: ignore[attr-defined]
        self.helper = helper(Field("services", template=CARDS), "purpose")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        services = values.get("services", [])
        if services and not any(code in self.journeys for code in services):
            self.errors.pop("purpose", None)
            values["purpose"] = ""
        return values

    def clean_services(self) -> list[str]:
        codes: list[str] = self.cleaned_data["services"]
        if len({self.lines[code] for code in codes}) > 1:
            raise ValidationError(
                gettext(
                    "These services are handled at different counters. Choose from one group, "
                    "and make another booking for the other."
                )
            )
        if len(codes) > self.limit:
            raise ValidationError(
                ngettext(
                    "One form carries at most %(n)s service.",
                    "One form carries at most %(n)s services.",
                    self.limit,
                )
                % {"n": self.limit}
            )
        return codes


class WhoForm(forms.Form):
    """Which members of the household."""

    people = forms.MultipleChoiceField(
        label=_("Who is coming?"),
        widget=CheckboxCards(asked_above=True),
        error_messages={"required": _("Choose at least one person.")},
    )
    accompanied = forms.BooleanField(
        label=_("A parent, guardian or authorised adult comes along"),
        help_text=_("Tick this if the children come with an adult who applies for nothing."),
        required=False,
    )

    def __init__(self, *args: Any, cards: Choices, with_children: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = cards  # type: ignore[attr-defined]
        if not with_children:
            del self.fields["accompanied"]
        self.helper = helper(Field("people", template=CARDS), *list(self.fields)[1:])

    def clean_people(self) -> list[int]:
        chosen: list[str] = self.cleaned_data["people"]
        problems = problems_of(self.fields["people"].choices)  # type: ignore[attr-defined]
        for value in chosen:
            if value in problems:
                raise ValidationError(problems[value])
        return [int(value) for value in chosen]


class WantedForm(forms.Form):
    """Which of the chosen services each person needs; one form carries several."""

    def __init__(self, *args: Any, people: list[tuple[Applicant, Choices]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for person, cards in people:
            self.fields[f"person_{person.pk}"] = forms.MultipleChoiceField(
                label=person.name,
                choices=cards,
                widget=CheckboxCards,
                error_messages={
                    "required": gettext("Choose at least one service for %(name)s.")
                    % {"name": person.name}
                },
            )
        self.helper = helper(*(Field(name, template=CARDS) for name in self.fields))

    def wanted(self) -> dict[int, list[str]]:
        """Service codes by the person's key."""
        return {
            int(name.removeprefix("person_")): codes for name, codes in self.cleaned_data.items()
        }


class WhereForm(forms.Form):
    office = forms.ChoiceField(
        label=_("Which office?"),
        widget=RadioCards(asked_above=True),
        error_messages={"required": _("Choose an office.")},
    )

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = groups  # type: ignore[attr-defined]
        self.helper = helper(Field("office", template=CARDS))

    def clean_office(self) -> str:
        code: str = self.cleaned_data["office"]
        problem = problems_of(self.fields["office"].choices).get(code)  # type: ignore[attr-defined]
        if problem:
            raise ValidationError(problem)
        return code


class WhenForm(forms.Form):
    """One window. Whether it still has room is for the hold to say."""

    slot = forms.ChoiceField(
        label=_("Which time?"),
        widget=RadioCards,
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time can no longer be booked. Please choose another time."),
        },
    )

    def __init__(self, *args: Any, cards: Choices | Groups, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = cards  # type: ignore[attr-defined]
        if label:
            self.fields["slot"].label = label
        self.helper = helper(Field("slot", template=CARDS))


class ContactForm(forms.Form):
    """Where messages go, and how the documents get to their holders."""

    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("For the confirmation and the reminders."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("Used when there is no mobile number."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    delivery = forms.ChoiceField(
        label=_("How do you want to get the documents?"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
    )
    delivery_address = forms.CharField(
        label=_("Delivery address"),
        help_text=_("For courier only: recipient, phone and full address. You pay the courier."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "phone", "email", "delivery", Field("delivery_address", wrapper_class="field-address")
        )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return parse_phone(text) if text else ""

    def clean_email(self) -> str:
        text = self.cleaned_data["email"]
        return parse_email(text) if text else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not (values.get("phone") or values.get("email") or self.errors):
            self.add_error("phone", gettext("Enter a mobile number or an e-mail address."))
        if values.get("delivery") == Delivery.PICKUP:
            # Asked for only if it is needed (XM-09).
            values["delivery_address"] = ""
        elif not values.get("delivery_address"):
            self.add_error("delivery_address", gettext("Enter the delivery address."))
        return values

    def contact(self, language: str) -> Contact:
        return Contact(self.cleaned_data["phone"], self.cleaned_data["email"], language)
