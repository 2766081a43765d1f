"""Which counters are open when, as staff type it."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.domain.counters import NewCounters, When
from bookings.forms.typed import THIS_CENTURY, today_or_later
from offices.enums import CounterKind
from offices.models import Counter, Office, ServiceLine
from offices.wording import say_list

# Generic to the type checker only.
if TYPE_CHECKING:
    CountersField = forms.ModelMultipleChoiceField[Counter]
else:
    CountersField = forms.ModelMultipleChoiceField

MAX_NEW = 30
MAX_LABEL = 20


class WhenForm(forms.Form):
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=THIS_CENTURY,
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: until further notice."),
        validators=THIS_CENTURY,
    )
    from_time = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Empty: from the beginning of the day."),
    )
    until_time = forms.TimeField(
        label=_("Ends at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Empty: to the end of the day."),
    )

    def __init__(self, office: Office, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.today = office, today
        self.fields["first_day"].initial = today

    def clean_first_day(self) -> dt.date:
        return today_or_later(self.cleaned_data["first_day"], self.today)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is not before the first."))
        begin, end = data.get("from_time"), data.get("until_time")
        if begin and end and end <= begin:
            self.add_error("until_time", _("It ends after it begins."))
        return data

    def when(self) -> When:
        data = self.cleaned_data
        return When(data["first_day"], data["last_day"], data["from_time"], data["until_time"])


class ChosenCounters(CountersField):
    def label_from_instance(self, counter: Counter) -> str:
        parts = (counter.label, counter.line.label, counter.get_kind_display())
        return " · ".join(map(str, parts))


class ShiftForm(WhenForm):
    """Open or shut some of an office's counters for a time."""

    OPEN, SHUT = "open", "shut"

    state = forms.ChoiceField(
        label=_("What to do"),
        choices=[(OPEN, _("Open them")), (SHUT, _("Shut them"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether they open or shut.")},
    )
    counters = ChosenCounters(
        label=_("Counters"),
        queryset=Counter.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one counter.")},
    )
    field_order = ("state", "counters")

    def __init__(self, office: Office, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(office, today, *args, **kwargs)
        field = cast("ChosenCounters", self.fields["counters"])
        field.queryset = office.counters.in_order().select_related("line")

    @property
    def is_open(self) -> bool:
        return bool(self.cleaned_data["state"] == self.OPEN)

    def chosen(self) -> list[Counter]:
        return list(self.cleaned_data["counters"])


class NewCountersForm(WhenForm):
    """One or several further counters of a line, for a time."""

    labels = forms.CharField(
        label=_("Numbers of the counters"),
        max_length=200,
        help_text=_("One or several, with spaces between them, e.g. 21 22 23"),
        error_messages={"required": _("Enter what the counter is called.")},
    )
    line = forms.ModelChoiceField(label=_("Line"), queryset=ServiceLine.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=CounterKind.choices)
    field_order = ("labels", "line", "kind")

    def __init__(self, office: Office, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(office, today, *args, **kwargs)
        field = cast("forms.ModelChoiceField[ServiceLine]", self.fields["line"])
        field.queryset = ServiceLine.objects.handled_at(office)

    def clean_labels(self) -> tuple[str, ...]:
        labels = tuple(dict.fromkeys(re.findall(r"[^\s,,、;;]+", self.cleaned_data["labels"])))
        if not labels or len(labels) > MAX_NEW or max(map(len, labels)) > MAX_LABEL:
            raise ValidationError(
                gettext("Enter 1 to %(most)s numbers of at most %(long)s characters each.")
                % {"most": MAX_NEW, "long": MAX_LABEL}
            )
        taken = self.office.counters.filter(label__in=labels).values_list("label", flat=True)
        if taken:
            raise ValidationError(
                gettext("There is a counter %(labels)s already.") % {"labels": say_list(taken)}
            )
        return labels

    def new(self) -> NewCounters:
        data = self.cleaned_data
        return NewCounters(self.office, data["line"], data["kind"], data["labels"])
