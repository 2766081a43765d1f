"""Fields of the booking shapes."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers


class Instant(serializers.DateTimeField):
    """A moment in UTC, whatever the office's clock says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **options)


class Choice(serializers.ChoiceField):
    """Doesn't repeat what was sent: in the wrong field that may be a name or a number."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("This is none of the values that are allowed here.")
    }


@lru_cache(10_000)
def instant(moment: dt.datetime) -> str:
    """As `Instant` shows it. The beginnings and ends of windows are shown over and over."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


class Strict(serializers.Serializer[Any]):
    """Refuses fields that it doesn't know: a misspelt `confirm` must not confirm."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            told = _("There is no such field.")
            unknown = {str(name): [told] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)
