"""People of a household, with what a guardian agrees to for a child under 14."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.domain.consents import is_young
from applicants.forms import PersonDetailsForm, PersonForm

GUARDIAN = "guardian_agrees"
# Shown where a child is added; where the age turns out later, with the mistake (booking.css).
_BOX = Field(GUARDIAN, wrapper_class="field-guardian")


def _guardian_box() -> forms.BooleanField:
    """Never ticked beforehand: consent of its own, in words of its own (PIPL 29, 31)."""
    return forms.BooleanField(
        label=_(
            "I am the parent or guardian of this child, and agree that the child's name, document "
            "and date of birth are kept and used to book and to be recognised at the hall."
        ),
        help_text=_(
            "Asked for children under 14 (Personal Information Protection Law, article 31). You "
            "may say no; then the hall books for the child without keeping anything here. To take "
            "it back, remove the child from your list."
        ),
        required=False,
    )


class NewPersonForm(PersonForm):
    """Somebody new; under 14 only with the guardian's consent."""

    guardian_agrees = _guardian_box()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.append(_BOX)

    @property
    def is_young(self) -> bool:
        """Whether the valid form is about a child under 14."""
        born = self.cleaned_data.get("birth_date")
        return born is not None and is_young(born, timezone.localdate())

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.is_young and not values.get(GUARDIAN):
            self.add_error(GUARDIAN, _missing())
        return values


class ChangedPersonForm(PersonDetailsForm):
    """The consent is asked for where it is lacking; the details may change without it."""

    guardian_agrees = _guardian_box()

    def __init__(self, *args: Any, asks_guardian: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_guardian:
            self.helper.layout.append(GUARDIAN)
        else:
            del self.fields[GUARDIAN]


def _missing() -> str:
    return gettext(
        "This child is under 14. Tick the box if you are the parent or guardian and agree, or call "
        "us to book without it."
    )
