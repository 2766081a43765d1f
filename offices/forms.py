"""What somebody looks for among the offices."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

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
