"""What whoever can't come types, and whom the office sends."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.models import Account
from bookings.domain.home_visit import STAFF, Assignment, Need, staff_at
from bookings.enums import Equipment
from bookings.forms.cards import CheckboxCards, Choices, RadioCards
from bookings.forms.citizen import CARDS, helper
from bookings.forms.typed import THIS_CENTURY, today_or_later
from offices.models import Office

# Days that the office may choose from; further ahead nobody plans.
LATEST = dt.timedelta(days=90)


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=THIS_CENTURY,
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day.")},
    )


class HomeVisitForm(forms.Form):
    person = forms.ChoiceField(
        label=_("Whom is it for?"),
        widget=RadioCards,
        error_messages={"required": _("Choose the person.")},
    )
    services = forms.MultipleChoiceField(
        label=_("Which services do you need?"),
        widget=CheckboxCards,
        error_messages={"required": _("Choose at least one service.")},
    )
    circumstances = forms.CharField(
        label=_("Why can't the person come?"),
        help_text=_("In a few words, like “bedridden after a stroke”."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )
    address = forms.CharField(
        label=_("Where to?"),
        help_text=_("The full address, with floor and door."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
        error_messages={"required": _("Enter the address.")},
    )
    first_day = _day_field(_("From which day on does it suit you?"))
    last_day = _day_field(_("Until which day?"))

    def __init__(
        self, *args: Any, people: Choices, services: Choices, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        self.helper = helper(
            Field("person", template=CARDS),
            Field("services", template=CARDS),
            "circumstances",
            "address",
            Field("first_day", wrapper_class="field-short"),
            Field("last_day", wrapper_class="field-short"),
        )

    def clean_first_day(self) -> dt.date:
        return today_or_later(self.cleaned_data["first_day"], self.today)

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        if day < self.cleaned_data.get("first_day", day):
            raise ValidationError(gettext("The last day comes before the first."))
        if day > self.today + LATEST:
            raise ValidationError(gettext("Choose days within the next 90 days."))
        return day

    def need(self) -> Need:
        data = self.cleaned_data
        return Need(data["address"], data["circumstances"], data["first_day"], data["last_day"])


class AssignForm(forms.Form):
    """Two people, a day and time, what they take along."""

    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes (two people)"),
        queryset=Account.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose two people.")},
    )
    day = _day_field(_("Day"))
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Enter the time."), "invalid": _("Enter the time.")},
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"),
        choices=Equipment.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what they take along.")},
    )

    def __init__(self, *args: Any, office: Office, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["staff"].queryset = staff_at(office)  # type: ignore[attr-defined]

    def clean_staff(self) -> tuple[Account, ...]:
        people = tuple(self.cleaned_data["staff"])
        if len(people) != STAFF:
            raise ValidationError(gettext("Choose two people."))
        return people

    def clean_day(self) -> dt.date:
        return today_or_later(self.cleaned_data["day"], self.today)

    def assignment(self) -> Assignment:
        data = self.cleaned_data
        return Assignment(
            data["staff"],
            data["day"],
            data["time"],
            tuple(data["equipment"]),
            # Offered by the page once they turn out to be busy.
            anyway="anyway" in self.data,
        )
