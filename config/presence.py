"""Whether beat, and a worker of each queue, were seen lately.

Kept in the cache: while Redis is away neither can do anything, and neither is seen.
"""

import time

from django.core.cache import cache

# Beat handed a task to the broker.
BEAT = "beat"
SECONDS = 60


def worker_of(queue: str) -> str:
    """A worker ran a task of this queue."""
    return f"worker_{queue}"


def mark(role: str) -> None:
    cache.set(_key(role), time.time(), timeout=SECONDS)


def seen(role: str) -> bool:
    """Within the last minute."""
    at = cache.get(_key(role))
    return at is not None and time.time() - at < SECONDS


def _key(role: str) -> str:
    return f"seen:{role}"
