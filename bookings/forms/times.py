"""Where and when somebody looks for a place who would go to any office."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.citizen import helper
from bookings.forms.waiting import TIMES


class TimesForm(forms.Form):
    """What is shown; every answer has a default. `cities` and `districts`: name to label."""

    city = forms.ChoiceField(label=_("City"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    part = forms.ChoiceField(label=_("Time of day"), choices=TIMES, required=False)
    weekend = forms.BooleanField(label=_("Weekends only"), required=False)

    def __init__(
        self, *args: Any, cities: dict[str, str], districts: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        everywhere = [("", gettext("All districts"))]
        self.fields["city"].choices = list(cities.items())  # type: ignore[attr-defined]
        self.fields["district"].choices = [*everywhere, *districts.items()]  # type: ignore[attr-defined]
        if len(cities) < 2:
            del self.fields["city"]
        if len(districts) < 2:
            del self.fields["district"]
        self.helper = helper(*self.fields)
