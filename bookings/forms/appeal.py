"""An appeal against a suspension, and what is answered to it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why you could not come, or why this is wrong"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "For example that you were ill, or that you did come. "
            "A member of staff reads it and answers."
        ),
        error_messages={"required": _("Write what you have to say against the suspension.")},
    )


class AppealDecisionForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the applicant"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it word for word, in the message and on the page."),
        error_messages={"required": _("Say why. The applicant reads it.")},
    )
