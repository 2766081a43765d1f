"""What is put right about a booking after it was made."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applicants.identity import Identity
from bookings.domain.correcting import Correction
from bookings.forms.citizen import ContactForm, helper
from bookings.forms.phone import CallerPersonForm, Choices
from bookings.models import Attendee

REASONS = [
    ("document_shown", _("The document that was shown says otherwise")),
    ("asked", _("They asked for it")),
    ("typing_error", _("Mistake in typing")),
]
# What is looked at before the day, so that nobody waits at the counter in vain (预检).
CHECKS = [
    ("name", _("Name compared with the document")),
    ("number", _("Number and validity of the document compared")),
    ("services", _("Services fit what they want to do")),
    ("materials", _("Materials complete, or said what is missing")),
]


class ChangedContactForm(ContactForm):
    """The contact of a booking that is confirmed already."""

    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = Field("delivery_address", wrapper_class="field-address")
        language = Field("language", wrapper_class="field-short")
        self.helper = helper("phone", "email", language, "delivery", address)


class CorrectionForm(CallerPersonForm):
    """Somebody of the party. The number of their document is shown nowhere in full: left empty, it
    stays as it is."""

    checked = forms.MultipleChoiceField(
        label=_("Checked beforehand"),
        choices=CHECKS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS)

    def __init__(self, *args: Any, attendee: Attendee, services: Choices, **kwargs: Any) -> None:
        initial = _as_booked(attendee)
        super().__init__(*args, services=services, initial=initial, **kwargs)
        del self.fields["document_expires"]
        self.attendee = attendee
        number = self.fields["id_number"]
        number.required = False
        number.help_text = _("Empty: it stays %(number)s.") % {"number": attendee.masked_number}

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("id_number") and "id_number" not in self.errors:
            self.cleaned_data["id_type"] = self.attendee.id_type
            self.cleaned_data["id_number"] = self.attendee.id_number
        return super().clean()

    def correction(self) -> Correction:
        return Correction(
            self.attendee.position,
            self.asked_for(),
            self.cleaned_data["reason"],
            tuple(self.cleaned_data["checked"]),
        )


def _as_booked(one: Attendee) -> dict[str, Any]:
    born = Identity(one.id_type, one.id_number).birth_date
    return {
        "name": one.name,
        "id_type": one.id_type,
        # What the number tells is not asked for.
        "birth_date": "" if born else one.birth_date_text,
        "nationality": one.nationality,
        "priority": one.priority,
        "is_student": one.is_student,
        "home_city": one.home_city,
        "accompanied": one.accompanied,
        "services": [application.service.code for application in one.applications.all()],
    }
