"""Several files in one field."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.domain.uploads import MOST_FILES, BadFile, Sound, check_file


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Its value is a list of files that may be stored (`Sound`)."""

    widget = FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def clean(self, data: Any, initial: Any = None) -> list[Sound]:  # noqa: ARG002
        uploads = [each for each in _as_list(data) if each]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MOST_FILES:
            text = _("Choose at most %(n)s files.")
            raise ValidationError(text, code="too_many", params={"n": MOST_FILES})
        return [_sound(upload) for upload in uploads]


def _as_list(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else [data]


def _sound(upload: Any) -> Sound:
    try:
        return check_file(upload)
    except BadFile as refusal:
        raise ValidationError(refusal.message, code=refusal.code) from None
