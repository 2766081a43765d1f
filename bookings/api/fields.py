"""Fields of the booking shapes."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Instant(serializers.DateTimeField):
    """A moment in UTC, whatever the office's clock says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **options)


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
