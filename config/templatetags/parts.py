"""Parts that say the same on every page: made once for each language, not for each reader."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def part(name: str, **about: Hashable) -> SafeString:
    """`name` is a template that needs only `about`, what the settings say, and the language."""
    settled = ("demo", settings.DEMO), ("hotline", settings.HOTLINE)
    return _part(name, get_language(), (*settled, *about.items()))


@lru_cache(200)
def _part(
    name: str, _language: str | None, context: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return render_to_string(name, dict(context))
