"""Work that nobody waits for gives way while many people book (放号).

Whoever knows when that is announces it, and whoever works in the background asks before each step.
It is kept in the cache: without it, everything goes at its usual pace.
"""

import time
from collections.abc import Iterator

from django.core.cache import cache

# After a small step at a time, so that it takes a tenth of a processor or less.
PAUSE_SECONDS = 0.1
_KEY = "rush"


def announce_rush(seconds: int) -> None:
    """Many people book now, or will before these seconds are over."""
    cache.set(_KEY, value=True, timeout=seconds)


def steps(seconds: float) -> Iterator[bool]:
    """Whether to take a small step, again and again for so long, and once at least."""
    until = time.monotonic() + seconds
    while True:
        small = cache.get(_KEY) is not None
        yield small
        if small:
            time.sleep(PAUSE_SECONDS)
        if time.monotonic() >= until:
            return
