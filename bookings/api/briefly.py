"""An answer kept for a second: in a rush the same question comes a thousand times in it."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

SECONDS = 1

T = TypeVar("T")


def briefly(question: str, answer: Callable[[], T]) -> T:
    """The answer that is at most a second old; worked out where there is none."""
    key = f"briefly:{hashlib.sha256(question.encode()).hexdigest()}"
    known: T | None = cache.get(key)
    if known is None:
        known = answer()
        cache.set(key, known, timeout=SECONDS)
    return known
