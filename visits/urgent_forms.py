"""What the guide types for somebody who can't wait."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.enums import UrgentReason
from offices.models import ServiceLine
from visits.forms import ArrivalForm


class ApprovedForm(ArrivalForm):
    """The number of a request, or a document of whoever asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Request number or document number")
        self.fields["text"].help_text = _("Scan the ID card, or type the number.")


class OnTheSpotForm(forms.Form):
    """Somebody without a request: the line, why, and what the guide saw."""

    line = forms.ModelChoiceField(
        label=_("Line"),
        queryset=ServiceLine.objects.none(),
        empty_label=None,
        to_field_name="code",
    )
    reason = forms.ChoiceField(
        label=_("Why is it urgent?"),
        error_messages={"required": _("Choose the reason.")},
    )
    note = forms.CharField(
        label=_("What was shown"),
        help_text=_("Like “ticket for tonight”. No personal data."),
        max_length=200,
        error_messages={"required": _("Say what was shown. It is kept with the number.")},
    )

    def __init__(
        self, *args: Any, lines: list[ServiceLine], reasons: list[UrgentReason], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = ServiceLine.objects.filter(pk__in=[line.pk for line in lines])
        self.fields["line"].queryset = wanted  # type: ignore[attr-defined]
        self.fields["line"].label_from_instance = lambda line: line.label  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((reason.value, reason.label) for reason in reasons),
        ]
