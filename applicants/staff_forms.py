"""allauth's forms for staff, with labels that say what to type."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _code_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Authenticator code"),
        help_text=help_text,
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        error_messages={"required": _("Enter the code that your authenticator shows.")},
    )


class StaffAuthenticateForm(AuthenticateForm):
    code = _code_field(_("6 digits, or one of your recovery codes."))


class StaffReauthenticateForm(ReauthenticateForm):
    code = _code_field(_("6 digits, or one of your recovery codes."))


class StaffActivateForm(ActivateTOTPForm):
    code = _code_field(_("6 digits that change every 30 seconds."))
