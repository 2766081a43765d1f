"""Confirming that an account is to be deleted."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.forms import CodeForm
from bookings.forms.cards import Card, Choices, RadioCards
from bookings.forms.citizen import CARDS, helper

KEEP, CANCEL = "keep", "cancel"


class EraseForm(CodeForm):
    """What becomes of appointments to come, and a proof that it is the holder who asks."""

    upcoming = forms.ChoiceField(
        label=_("What about your appointments and open requests?"),
        widget=RadioCards,
        error_messages={"required": _("Choose what becomes of them.")},
    )
    sure = forms.BooleanField(
        label=_("I know that this can't be undone."),
        error_messages={"required": _("Tick the box to delete your account.")},
    )

    def __init__(self, *args: Any, has_upcoming: bool, by_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_upcoming:
            self.fields["upcoming"].choices = _choices()  # type: ignore[attr-defined]
        else:
            del self.fields["upcoming"]
        del self.fields["sure" if by_code else "code"]
        layout = [Field("upcoming", template=CARDS)] if has_upcoming else []
        self.order_fields(["upcoming", "code", "sure"])
        self.helper = helper(*layout, "code" if by_code else "sure")

    @property
    def cancels(self) -> bool:
        return self.cleaned_data.get("upcoming") == CANCEL


def _choices() -> Choices:
    as_far = gettext("As far as that is still possible")
    note = gettext("Note the number and the management code")
    return [
        (CANCEL, Card(gettext("Cancel them"), hints=(as_far,))),
        (KEEP, Card(gettext("Keep all of them"), hints=(note,))),
    ]
