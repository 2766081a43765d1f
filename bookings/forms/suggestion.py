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
    """An amount (percent or minutes) and a reason; a dismissal needs no amount."""

    reason = reason_field()

    def __init__(self, suggestion: Suggestion, data: Any = None) -> None:
        super().__init__(data, initial={"amount": suggestion.amount})
        self.fields["amount"] = _amount_field(suggestion, required=not self.is_dismissal)
        self.order_fields(["amount", "reason"])

    @property
    def is_dismissal(self) -> bool:
        return self.data.get("answer") == DISMISS


def _amount_field(suggestion: Suggestion, *, required: bool) -> forms.IntegerField:
    label, least, most = _("Percent more places"), 1, MOST_PERCENT
    if suggestion.kind == SuggestionKind.LONGER_HOURS:
        # A rest shorter than a window is dropped.
        least, most = policy_for(suggestion.office).slot_minutes, MOST_MINUTES
        label = _("Minutes longer")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        error_messages={"required": _("Say how much more.")},
    )
