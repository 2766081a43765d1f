"""What staff type at a desk about windows and their places."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.quotas import QuotaEdit
from bookings.forms.typed import whole_number
from bookings.models import Quota
from offices.enums import Pool

MAX_PLACES = 2000


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
        error_messages={"required": _("Say why. It is kept with the change.")},
    )


class ReasonForm(forms.Form):
    reason = reason_field()


class CapacitiesForm(forms.Form):
    """Capacities of several quotas with one reason.

    Beside each number travels what its typist saw (`seen_<id>`: version and capacity), so that
    only what was really changed is saved, and nothing that somebody else has changed since.
    """

    reason = reason_field()

    def __init__(self, quotas: Iterable[Quota], data: Any = None) -> None:
        super().__init__(data)
        self.quotas = {quota.pk: quota for quota in quotas}
        for quota in self.quotas.values():
            self.fields[capacity_name(quota.pk)] = _capacity_field(quota)

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            if name in self.data and name in self.cleaned_data and self.cleaned_data[name] is None:
                self.add_error(name, self.fields[name].error_messages["invalid"])
        if not self.errors and not self.edits():
            self.add_error(None, _("No number was changed, so there is nothing to save."))
        return self.cleaned_data

    def edits(self) -> list[QuotaEdit]:
        """The quotas whose number isn't the one that was seen."""
        return [
            QuotaEdit(quota_id, typed, version)
            for quota_id in self.quotas
            for typed in [self.cleaned_data.get(capacity_name(quota_id))]
            for version, capacity in [self.seen(quota_id)]
            if typed is not None and typed != capacity
        ]

    def seen(self, quota_id: int) -> tuple[int, int]:
        """Version and capacity that the page showed; zeros when it showed none."""
        version, _sep, capacity = str(self.data.get(seen_name(quota_id), "")).partition(":")
        return whole_number(version) or 0, whole_number(capacity) or 0

    def follow(self, told: Iterable[int] = ()) -> None:
        """Before the page is shown once more: what its typist left alone shows what is now.

        What they typed stays, as an answer to what they saw; for the quotas whose change they are
        being `told`, as an answer to that.
        """
        data = {name: self.data.get(name) for name in self.data}
        for quota in self.quotas.values():
            left_alone = data.get(capacity_name(quota.pk)) == str(self.seen(quota.pk)[1])
            if left_alone:
                data[capacity_name(quota.pk)] = str(quota.capacity)
            if left_alone or quota.pk in told:
                data[seen_name(quota.pk)] = seen_value(quota)
        self.data = data


def seen_name(quota_id: int) -> str:
    return f"seen_{quota_id}"


def seen_value(quota: Quota) -> str:
    return f"{quota.version}:{quota.capacity}"


def capacity_name(quota_id: int) -> str:
    return f"capacity_{quota_id}"


def _capacity_field(quota: Quota) -> forms.IntegerField:
    place = _("%(time)s, %(pool)s") % {
        "time": f"{quota.slot.local_start:%H:%M}",
        "pool": quota.get_pool_display(),
    }
    wrong = _("%(place)s: enter a whole number from 0 to %(most)s.") % {
        "place": place,
        "most": MAX_PLACES,
    }
    return forms.IntegerField(
        label=place,
        initial=quota.capacity,
        # A window that was published after the page was shown has no number in it.
        required=False,
        min_value=0,
        max_value=MAX_PLACES,
        widget=forms.NumberInput(attrs={"class": "form-control", "aria-label": place}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class MoveForm(forms.Form):
    """So many places from one pool of a window to another."""

    source = forms.ChoiceField(label=_("From pool"), choices=Pool.choices)
    target = forms.ChoiceField(label=_("To pool"), choices=Pool.choices)
    places = forms.IntegerField(
        label=_("Number of places"),
        min_value=1,
        max_value=MAX_PLACES,
        error_messages={"required": _("Enter how many places to move.")},
    )
    reason = reason_field()

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "source" in data and data.get("source") == data.get("target"):
            self.add_error("target", _("Choose another pool than the one the places come from."))
        return data


class SharesForm(forms.Form):
    """Percent of each pool."""

    online = forms.IntegerField(label=Pool.ONLINE.label, min_value=0, max_value=100)
    assisted = forms.IntegerField(label=Pool.ASSISTED.label, min_value=0, max_value=100)
    walk_in = forms.IntegerField(label=Pool.WALK_IN.label, min_value=0, max_value=100)

    def clean(self) -> dict[str, Any]:
        if not self.errors and sum(self.shares().values()) != 100:
            self.add_error(None, _("The shares of the pools must add up to 100 percent."))
        return self.cleaned_data

    def shares(self) -> dict[str, int]:
        return {pool: self.cleaned_data[pool] for pool in Pool.values}


class CloseForm(forms.Form):
    """Why to stop giving out places, and what to tell those who keep theirs."""

    KEEP, TELL = "keep", "tell"

    reason = reason_field()
    people = forms.ChoiceField(
        label=_("People who are booked"),
        choices=[
            (KEEP, _("Keep their appointments; don't write to them")),
            (TELL, _("Keep their appointments; write them this message")),
        ],
        initial=KEEP,
        widget=forms.RadioSelect,
    )
    notice = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("people") == self.TELL and not data.get("notice"):
            self.add_error("notice", _("Write what they should know."))
        return data


class NoticeForm(forms.Form):
    """A message to the holder of one booking."""

    notice = forms.CharField(
        label=_("Message"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what they should know.")},
    )


class SureForm(forms.Form):
    """For what can't be set back."""

    sure = forms.BooleanField(
        label=_("Yes, cancel it: the places go to others"),
        error_messages={"required": _("Tick this if the booking is really to be cancelled.")},
    )
