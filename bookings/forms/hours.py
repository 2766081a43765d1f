"""Weekly hours, as staff plan them for several lines and weekdays at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import MAX_PLACES, reason_field
from bookings.forms.typed import THIS_CENTURY, today_or_later
from offices.domain.policy import validate_shares
from offices.enums import CounterKind, Pool
from offices.models import Office, OpeningHours, ServiceLine
from offices.models.calendar import WEEKDAYS
from offices.wording import say_day

POOLS = (Pool.ONLINE, Pool.ASSISTED, Pool.WALK_IN)


def _time(label: Any, *, required: bool = True) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget)


def _date(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=THIS_CENTURY)


def _share(pool: Pool) -> forms.IntegerField:
    return forms.IntegerField(label=f"{pool.label} %", min_value=0, max_value=100, required=False)


class HoursForm(forms.Form):
    """A day with a break at noon is one entry with two stretches."""

    lines = forms.ModelMultipleChoiceField(
        label=_("Lines"), queryset=ServiceLine.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=_("Kind of counter"), choices=CounterKind.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = _time(_("Opens"))
    closes = _time(_("Closes"))
    opens_again = _time(_("Opens again"), required=False)
    closes_again = _time(_("Closes again"), required=False)
    capacity = forms.IntegerField(
        label=_("Places of each window"),
        required=False,
        min_value=1,
        max_value=MAX_PLACES,
        help_text=_("Empty: by the open counters."),
    )
    online = _share(Pool.ONLINE)
    assisted = _share(Pool.ASSISTED)
    walk_in = _share(Pool.WALK_IN)
    valid_from = _date(_("First day"))
    valid_until = _date(_("Last day"), required=False)
    season = forms.CharField(label=_("Name in Chinese"), required=False, max_length=40)
    season_en = forms.CharField(label=_("Name in English"), required=False, max_length=60)
    instead = forms.BooleanField(
        label=_("They take the place of the present hours of these lines, kind and weekdays"),
        required=False,
        help_text=_("Before the first day and after the last, those stay as they are."),
    )
    reason = reason_field()

    def __init__(self, office: Office, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.today = office, today
        lines = ServiceLine.objects.handled_at(office)
        self.fields["lines"].queryset = lines  # type: ignore[attr-defined]
        self.fields["valid_until"].help_text = _("Empty: until further notice.")
        self.fields["online"].help_text = _("Leave all three empty for the usual shares.")
        self.fields["season"].help_text = _("Such as summer hours; citizens see it.")

    def clean_valid_from(self) -> dt.date:
        return today_or_later(self.cleaned_data["valid_from"], self.today)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors:
            self._clean_times(data)
            self._clean_shares(data)
            if data["valid_until"] and data["valid_until"] < data["valid_from"]:
                self.add_error("valid_until", _("The last day is not before the first."))
        return data

    def _clean_times(self, data: dict[str, Any]) -> None:
        if data["closes"] <= data["opens"]:
            self.add_error("closes", _("It closes after it opens."))
        again, until = data["opens_again"], data["closes_again"]
        if (again is None) != (until is None):
            missing = "opens_again" if again is None else "closes_again"
            self.add_error(missing, _("Enter both times after the break, or neither."))
        elif again and again < data["closes"]:
            self.add_error("opens_again", _("The break ends before it begins."))
        elif again and until <= again:
            self.add_error("closes_again", _("It closes after it opens."))

    def _clean_shares(self, data: dict[str, Any]) -> None:
        if (shares := self._shares(data)) is not None:
            try:
                validate_shares(shares)
            except ValidationError as error:
                self.add_error("online", error)

    def _shares(self, data: dict[str, Any]) -> dict[str, int] | None:
        given = {str(pool): data[pool] for pool in POOLS}
        if all(share is None for share in given.values()):
            return None
        return {pool: share or 0 for pool, share in given.items()}

    def rules(self) -> list[OpeningHours]:
        """New rows, not saved: for each line and weekday, before and after the break."""
        data = self.cleaned_data
        return [
            OpeningHours(
                office=self.office,
                line=line,
                kind=data["kind"],
                weekday=weekday,
                opens=opens,
                closes=closes,
                capacity=data["capacity"],
                shares=self._shares(data),
                valid_from=data["valid_from"],
                valid_until=data["valid_until"],
                season=data["season"],
                season_en=data["season_en"],
            )
            for line in data["lines"]
            for weekday in data["weekdays"]
            for opens, closes in self._stretches(data)
        ]

    def _stretches(self, data: dict[str, Any]) -> list[tuple[dt.time, dt.time]]:
        stretches = [(data["opens"], data["closes"])]
        if data["opens_again"]:
            stretches.append((data["opens_again"], data["closes_again"]))
        return stretches


class EndHoursForm(forms.Form):
    """Which weekdays of a row of the weekly hours end, and when."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    last_day = _date(_("Last day"), required=False)
    reason = reason_field()

    def __init__(
        self, rules: Sequence[OpeningHours], today: dt.date, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.today = rules, today
        weekdays = [(rule.weekday, rule.get_weekday_display()) for rule in rules]
        self.fields["weekdays"].choices = weekdays  # type: ignore[attr-defined]
        self.fields["weekdays"].initial = [weekday for weekday, _name in weekdays]
        self.fields["last_day"].help_text = _("Empty: they end at once.")

    def clean_last_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["last_day"]
        if day is None:
            return None
        # All weekdays of a row end together.
        until = self.rules[0].valid_until
        if until and day >= until:
            text = gettext("These hours end on %(day)s anyway. Choose an earlier day.")
            raise ValidationError(text % {"day": say_day(until)})
        return today_or_later(day, self.today)

    def chosen(self) -> list[OpeningHours]:
        return [rule for rule in self.rules if rule.weekday in self.cleaned_data["weekdays"]]
