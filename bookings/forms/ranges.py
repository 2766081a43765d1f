"""What staff type about the places of many windows at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.adding import Addition
from bookings.domain.ranges import EVERY_DAY, MAX_DAYS, MAX_PLACES, Range, RangeChange
from bookings.enums import RangeVerb
from bookings.forms.desk import reason_field
from bookings.forms.typed import THIS_CENTURY, whole_number
from bookings.models import Quota, Slot
from bookings.wording import say_hours, weekday_names
from offices.enums import Pool
from offices.models import Office, ServiceLine

MOST_PERCENT = 400
_NEEDS_AMOUNT = (RangeVerb.PERCENT, RangeVerb.PLACES, RangeVerb.SET)


def _date_input() -> forms.DateInput:
    # What browsers take, whatever the language.
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=_date_input(), validators=THIS_CENTURY)


def _time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class RangeForm(forms.Form):
    """Which windows, and what to do with their places."""

    line = forms.ChoiceField(label=_("Line"))
    pools = forms.MultipleChoiceField(
        label=_("Pools"),
        choices=Pool.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one pool.")},
    )
    first = _date_field(_("First day"))
    last = _date_field(_("Last day"))
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    opens = _time_field(_("Windows from"))
    closes = _time_field(_("Windows until"))
    verb = forms.ChoiceField(
        label=_("What to do"), choices=RangeVerb.choices, widget=forms.RadioSelect
    )
    amount = forms.IntegerField(
        label=_("How many"),
        required=False,
        help_text=_(
            "Percent or places, with a minus for fewer. Percent are rounded to the nearest whole "
            "place, half of one up. Not needed to stop or resume."
        ),
    )

    def __init__(self, lines: Iterable[ServiceLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.code: line for line in lines}
        self._choose("line", [(code, line.label) for code, line in self.lines.items()])
        self._choose("weekdays", [(str(n), name) for n, name in enumerate(weekday_names())])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and not first <= last < first + dt.timedelta(days=MAX_DAYS):
            wrong = _("The last day is the first or up to %(most)s days later.")
            self.add_error("last", wrong % {"most": MAX_DAYS - 1})
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("The end comes after the beginning."))
        self._clean_amount()
        return data

    def _clean_amount(self) -> None:
        verb, amount = self.cleaned_data.get("verb"), self.cleaned_data.get("amount")
        if verb not in _NEEDS_AMOUNT or "amount" not in self.cleaned_data:
            return
        lowest, highest = {
            RangeVerb.PERCENT: (-100, MOST_PERCENT),
            RangeVerb.PLACES: (-MAX_PLACES, MAX_PLACES),
            RangeVerb.SET: (0, MAX_PLACES),
        }[RangeVerb(verb)]
        if amount is None or not lowest <= amount <= highest:
            wrong = _("Enter a whole number from %(lowest)s to %(highest)s.")
            self.add_error("amount", wrong % {"lowest": lowest, "highest": highest})

    def which(self, office: Office) -> Range:
        data = self.cleaned_data
        return Range(
            office=office,
            line=self.lines[data["line"]],
            pools=frozenset(data["pools"]),
            first=data["first"],
            last=data["last"],
            weekdays=frozenset(map(int, data["weekdays"])) or EVERY_DAY,
            opens=data["opens"],
            closes=data["closes"],
        )

    def change(self) -> RangeChange:
        data = self.cleaned_data
        return RangeChange(RangeVerb(data["verb"]), data["amount"] or 0)


def write_versions(quotas: Iterable[Quota]) -> str:
    """Ids and versions in one field: a range may have more windows than a form may have fields."""
    return ",".join(f"{quota.pk}:{quota.version}" for quota in quotas)


def read_versions(text: str) -> Mapping[int, int]:
    """What `write_versions` wrote; whatever else is in it is left out."""
    pairs = (pair.partition(":") for pair in text.split(","))
    numbers = ((whole_number(key), whole_number(version)) for key, _sep, version in pairs)
    return {key: version for key, version in numbers if key is not None and version is not None}


class AddNumbersForm(forms.Form):
    """So many walk-in numbers on a day, over its windows or to one of them."""

    places = forms.IntegerField(
        label=_("How many numbers"),
        min_value=1,
        max_value=MAX_PLACES,
        error_messages={"required": _("Enter how many numbers to add.")},
    )
    window = forms.ChoiceField(label=_("Windows"), required=False)
    reason = reason_field()

    def __init__(self, slots: Iterable[Slot], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [  # type: ignore[attr-defined]
            ("", _("Spread over all that remain, the earlier ones first")),
            *((str(slot.pk), _hours(slot)) for slot in slots),
        ]

    def addition(self, office: Office, line: ServiceLine, day: dt.date) -> Addition:
        chosen = self.cleaned_data["window"]
        places = self.cleaned_data["places"]
        return Addition(office, line, day, places, int(chosen) if chosen else None)


def _hours(slot: Slot) -> str:
    return say_hours(slot.starts_at, slot.ends_at, slot.office.zone)
