"""A service is given to offices from a day on, or taken from them after one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from bookings.forms.typed import THIS_CENTURY
from offices.models import Office, Service


class ServiceGrantForm(forms.Form):
    GRANT, END = "grant", "end"

    service = forms.ModelChoiceField(label=_("Service"), queryset=Service.objects.none())
    act = forms.ChoiceField(
        label=_("What to do"),
        choices=[(GRANT, _("Handled from this day on")), (END, _("Handled until this day"))],
        widget=forms.RadioSelect,
        initial=GRANT,
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=THIS_CENTURY,
    )
    offices = forms.ModelMultipleChoiceField(
        label=_("At these offices"),
        queryset=Office.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    reason = reason_field()

    def __init__(
        self, services: Sequence[Service], offices: Sequence[Office], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("service", services), ("offices", offices)):
            model = Service if name == "service" else Office
            field: Any = self.fields[name]
            field.queryset = model.objects.filter(pk__in=[each.pk for each in found])
            field.label_from_instance = lambda each: each.label
