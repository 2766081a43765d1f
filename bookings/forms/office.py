"""A hall, as a planner sets it up."""

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.desk import reason_field
from offices.models import Bureau, Office

# Generic to the type checker only.
if TYPE_CHECKING:
    OfficeModelForm = forms.ModelForm[Office]
else:
    OfficeModelForm = forms.ModelForm


class OfficeForm(OfficeModelForm):
    """What citizens read of a hall. Its code stays: it is part of addresses and of the API."""

    reason = reason_field()

    class Meta:
        model = Office
        fields = [
            "code",
            "kind",
            "bureau",
            "parent",
            "name",
            "name_en",
            "city",
            "city_en",
            "district",
            "district_en",
            "address",
            "address_en",
            "phone",
            "timezone",
            "is_active",
            "is_training",
        ]
        labels = {
            "code": _("Code"),
            "kind": _("Kind"),
            "bureau": _("Bureau"),
            "parent": _("Hall that it belongs to"),
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "city": _("City"),
            "city_en": _("City in English"),
            "district": _("District"),
            "district_en": _("District in English"),
            "address": _("Address"),
            "address_en": _("Address in English"),
            "phone": _("Phone"),
            "timezone": _("Time zone"),
            "is_active": _("Shown to citizens"),
            "is_training": _("For training only"),
        }
        help_texts = {
            "code": _(
                "Small letters, digits and hyphens, e.g. xiamen-haicang. It can't be changed."
            ),
            "parent": _("Empty for a hall of its own."),
            "is_active": _("Nothing is published for a hall that isn't shown."),
            "is_training": _("Staff try things out here; citizens never see it."),
        }

    def __init__(self, bureaus: list[Bureau], *args: Any, **kwargs: Any) -> None:
        """`bureaus`: those that the hall may belong to."""
        super().__init__(*args, **kwargs)
        halls = Office.objects.filter(bureau__in=bureaus).exclude(pk=self.instance.pk)
        self.fields["bureau"].queryset = Bureau.objects.filter(  # type: ignore[attr-defined]
            pk__in=[bureau.pk for bureau in bureaus]
        )
        self.fields["parent"].queryset = halls.filter(parent=None)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True

    def changed_fields(self) -> list[str]:
        return [name for name in self.changed_data if name in self.Meta.fields]

    def clean_timezone(self) -> str:
        name: str = self.cleaned_data["timezone"]
        if name not in available_timezones():
            raise ValidationError(gettext("Enter a time zone such as Asia/Shanghai."))
        return name


class DistrictForm(forms.ModelForm):
    """A bureau below this one."""

    reason = reason_field()

    class Meta:
        model = Bureau
        fields = ["code", "level", "name", "name_en"]
        labels = {
            "code": _("Code"),
            "level": _("Level"),
            "name": _("Name in Chinese"),
            "name_en": _("Name in English"),
        }
