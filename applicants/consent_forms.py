"""Consent to the use of sensitive data, asked for by itself (PIPL 29)."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _


class ConsentForm(forms.Form):
    """Never ticked beforehand."""

    sensitive = forms.BooleanField(
        label=_(
            "I agree that identity numbers, data of the children whom I add, and what I choose to "
            "say about health, to be served first, for an urgent matter or a home visit, are kept "
            "and used to book, to be recognised at the hall and to be served."
        ),
        help_text=_(
            "These are sensitive data (Personal Information Protection Law, articles 28 and 29). "
            "You can take it back under My data at any time."
        ),
        error_messages={
            "required": _(
                "Without your consent we can't keep whom you book for. Tick the box if you agree; "
                "otherwise book by phone or come without a booking."
            )
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("sensitive")
