"""What staff answer to a suggestion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.enums import SuggestionKind
from bookings.forms.desk import reason_field
from bookings.models import Suggestion
from offices.domain.policy import policy_for

DISMISS = "dismiss"
MOST_PERCENT = 200
MOST_MINUTES = 240


class DecisionForm(forms.Form):
    """An amount (percent or minutes) and a reason; the amount may stay empty for a dismissal."""

    reason = reason_field()

    def __init__(self, suggestion: Suggestion, data: Any = None) -> None:
        super().__init__(data, initial={"amount": suggestion.amount})
        self.fields["amount"] = _amount_field(suggestion)
        self.order_fields(["amount", "reason"])

    def clean(self) -> dict[str, Any]:
        if not self.is_dismissal and not self.errors and self.cleaned_data.get("amount") is None:
            self.add_error("amount", _("Say how much more."))
        return self.cleaned_data

    @property
    def is_dismissal(self) -> bool:
        return self.data.get("answer") == DISMISS


def _amount_field(suggestion: Suggestion) -> forms.IntegerField:
    if suggestion.kind == SuggestionKind.MORE_PLACES:
        return forms.IntegerField(
            label=_("Percent more places"), min_value=1, max_value=MOST_PERCENT, required=False
        )
    # A rest shorter than a window is dropped.
    least = policy_for(suggestion.office).slot_minutes
    return forms.IntegerField(
        label=_("Minutes longer"), min_value=least, max_value=MOST_MINUTES, required=False
    )
