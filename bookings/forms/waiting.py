"""What somebody who waits for a place says: where, on which days, at what time of day."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.citizen import helper
from offices.wording import say_day

NOON = dt.time(12)
ANY, MORNING, AFTERNOON = "", "morning", "afternoon"
HERE, ANYWHERE = "here", "city"
TIMES = [
    (ANY, _("Any time of day")),
    (MORNING, _("Mornings only")),
    (AFTERNOON, _("Afternoons only")),
]
_BEFORE_NOON = dt.time(11, 59, 59)


class WaitingForm(forms.Form):
    """`days` are those that can be booked at all; `office` and `city` as the reader calls them."""

    where = forms.ChoiceField(label=_("Where would you come?"), widget=forms.RadioSelect)
    first_day = forms.TypedChoiceField(
        label=_("From which day?"), coerce=dt.date.fromisoformat, empty_value=None
    )
    last_day = forms.TypedChoiceField(
        label=_("Until which day?"), coerce=dt.date.fromisoformat, empty_value=None
    )
    times = forms.ChoiceField(
        label=_("At what time of day?"), choices=TIMES, widget=forms.RadioSelect, required=False
    )

    def __init__(
        self, *args: Any, days: list[dt.date], office: str, city: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        anywhere = gettext("Any office in %(city)s") % {"city": city}
        self.fields["where"].choices = [(HERE, office), (ANYWHERE, anywhere)]  # type: ignore[attr-defined]
        for name in ("first_day", "last_day"):
            self.fields[name].choices = [(day.isoformat(), say_day(day)) for day in days]  # type: ignore[attr-defined]
        self.helper = helper("where", "first_day", "last_day", "times")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("Choose the same day or a later one."))
        return values

    @property
    def anywhere(self) -> bool:
        return bool(self.cleaned_data["where"] == ANYWHERE)

    @property
    def from_time(self) -> dt.time | None:
        return NOON if self.cleaned_data["times"] == AFTERNOON else None

    @property
    def until_time(self) -> dt.time | None:
        return _BEFORE_NOON if self.cleaned_data["times"] == MORNING else None


def times_of(from_time: dt.time | None, until_time: dt.time | None) -> str:
    """Which of the choices this was; ANY where it is neither."""
    if from_time == NOON and until_time is None:
        return AFTERNOON
    return MORNING if until_time == _BEFORE_NOON and from_time is None else ANY
