"""Pages that say the same to everybody: what stands in their middle is made once a second."""

from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from offices.domain.briefly import Briefly

# A list of a hundred offices takes 60 kB.
_middles: Briefly[Hashable, SafeString] = Briefly(200)
wipe = _middles.forget


def middle(template: str, about: Hashable, context: Callable[[], dict[str, Any]]) -> SafeString:
    """The template with what `context` gives, which says all that there is to say `about` it."""
    question = (template, about, get_language())
    return _middles.answers(
        question, [question], lambda _missing: {question: render_middle(template, context())}
    )[question]


def render_middle(template: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(template, {"hotline": settings.HOTLINE, **context})
