"""What somebody looks for among the offices and the self-service sites."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from offices.domain.self_service import Point, SiteSearch
from offices.enums import DeviceKind, SiteKind, SiteLimit
from offices.models import Service
from offices.models.naming import in_language


class OfficeSearchForm(forms.Form):
    q = forms.CharField(
        label=_("District or name"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    city = forms.ChoiceField(label=_("City"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(
        self,
        *args: Any,
        cities: Iterable[tuple[str, str]],
        services: Iterable[Service],
        **kwargs: Any,
    ) -> None:
        """`cities`: pairs of the Chinese and the English name."""
        super().__init__(*args, **kwargs)
        self._offer("city", _("All cities"), [(zh, in_language(zh, en)) for zh, en in cities])
        self._offer("service", _("All services"), [(s.code, s.label) for s in services])
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_tag = False

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]


class SiteSearchForm(forms.Form):
    """Whatever isn't known is left out, so that an old link still finds something."""

    city = forms.ChoiceField(label=_("City"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of place"),
        required=False,
        choices=[("", _("All kinds")), *SiteKind.choices],
    )
    machine = forms.ChoiceField(
        label=_("Machine"),
        required=False,
        choices=[("", _("All machines")), *DeviceKind.choices],
    )
    limit = forms.ChoiceField(
        label=_("Who is it for?"),
        required=False,
        choices=[("", _("Anyone")), *SiteLimit.choices],
    )
    all_day = forms.BooleanField(label=_("Open 24 hours"), required=False)

    def __init__(
        self,
        *args: Any,
        cities: list[tuple[str, str]],
        districts: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Pairs of the Chinese name and what is read; no district before a city is chosen."""
        super().__init__(*args, **kwargs)
        self.fields["city"].choices = [("", _("All cities")), *cities]  # type: ignore[attr-defined]
        if districts:
            choices = [("", _("All districts")), *districts]
            self.fields["district"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["district"]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def asked(self) -> dict[str, str]:
        """Each filter as it stands in an address; "" where it isn't set."""
        self.is_valid()
        data = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return {name: "1" if value is True else value for name, value in data.items()}

    def search(self) -> SiteSearch:
        return SiteSearch(**{**self.asked(), "all_day": bool(self.asked()["all_day"])})  # type: ignore[arg-type]


class PlaceForm(forms.Form):
    """Where somebody stands, as their browser says it."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)

    def point(self) -> Point:
        return Point.rounded(self.cleaned_data["latitude"], self.cleaned_data["longitude"])
