"""Who of a party won't come."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.identity import age_on
from bookings.domain.eligibility import GUARDIAN_AGE
from bookings.domain.targets import as_person
from bookings.forms.cards import Card, CheckboxCards
from bookings.forms.citizen import CARDS, helper
from bookings.models import Attendee


class LeaveForm(forms.Form):
    """People by their positions in the party."""

    people = forms.MultipleChoiceField(
        label=_("Who is not coming?"),
        widget=CheckboxCards(asked_above=True),
        error_messages={"required": _("Tick whoever is not coming.")},
    )
    accompanied = forms.BooleanField(
        label=_("A parent, guardian or authorised adult comes along"),
        help_text=_("Tick this if the children come with an adult who applies for nothing."),
        required=False,
    )

    def __init__(self, *args: Any, party: Sequence[Attendee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(one.position), _card(one)) for one in party
        ]
        if not any(_is_child(one) for one in party):
            del self.fields["accompanied"]
        self.helper = helper(Field("people", template=CARDS), *list(self.fields)[1:])

    def clean_people(self) -> list[int]:
        return [int(position) for position in self.cleaned_data["people"]]


def _card(one: Attendee) -> Card:
    services = [application.service.label for application in one.applications.all()]
    return Card(one.name, hints=(f"{one.get_id_type_display()} {one.masked_number}", *services))


def _is_child(one: Attendee) -> bool:
    """On the day of the appointment."""
    born = as_person(one).born
    return born is not None and age_on(one.booking.slot.date, born) < GUARDIAN_AGE
