"""Self-service sites as a file, and the state of a machine."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from offices.enums import DeviceState


class SitesFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    reason = reason_field()


class SitesTextForm(forms.Form):
    """What was checked, once more as text."""

    text = forms.CharField(strip=False)
    reason = reason_field()


class DeviceStateForm(forms.Form):
    """The machine comes as a button's value, its new state with it: `<pk>:<state>`."""

    reason = reason_field()
    device = forms.RegexField(rf"^\d{{1,18}}:({'|'.join(DeviceState.values)})$")

    def device_id(self) -> int:
        return int(self.cleaned_data["device"].partition(":")[0])

    def state(self) -> DeviceState:
        return DeviceState(self.cleaned_data["device"].partition(":")[2])
