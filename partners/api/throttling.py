"""So many requests a minute for each key, or for each address without one.

A fixed window counted in Redis. Without Redis nobody is refused: a limiter that fails closed
would take the booking desk down with it.
"""

import hashlib
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from partners.api.authentication import Caller

WINDOW_SECONDS = 60


class RateLimit(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        policy, limit, subject = self._policy(request)
        self.seconds_left = WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS
        used = _use(f"rate:{subject}:{int(time.time()) // WINDOW_SECONDS}", limit)
        if used is None:
            return True
        left = max(limit - used, 0)
        # https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
        view.headers["RateLimit-Policy"] = f'"{policy}";q={limit};w={WINDOW_SECONDS}'
        view.headers["RateLimit"] = f'"{policy}";r={left};t={self.seconds_left}'
        return used <= limit

    def wait(self) -> float:
        return self.seconds_left

    def _policy(self, request: Request) -> tuple[str, int, str]:
        if isinstance(request.user, Caller):
            return "key", settings.API_RATE_PER_KEY, request.user.key.prefix
        # The cache needs no list of visitors' addresses.
        address = hashlib.sha256((self.get_ident(request) or "").encode()).hexdigest()[:32]
        return "address", settings.API_RATE_PER_ADDRESS, address


@dataclass(slots=True)
class _Share:
    """Uses of a window that this process took in one go and hands out one by one."""

    next: int = 1
    last: int = 0
    lock: Lock = field(default_factory=Lock)


# Asking Redis for each use would be a quarter of the cheapest answers: a process takes one in so
# many of the limit at a time, and one by one near the end. No use is handed out twice, and few are
# left in the hands of other processes.
_SHARES = 100
_ONE_BY_ONE = 0.9
_shares: LRUCache[str, _Share] = LRUCache(10_000)
_guard = Lock()


def _use(key: str, limit: int) -> int | None:
    """The number of this use in its window; None while Redis is away."""
    with _guard:
        share = _shares.setdefault(key, _Share())
    with share.lock:
        if share.next > share.last:
            many = 1 if share.last > limit * _ONE_BY_ONE else max(limit // _SHARES, 1)
            last = _count(key, many)
            if last is None:
                return None
            share.next, share.last = last - many + 1, last
        share.next += 1
        return share.next - 1


def forget() -> None:
    """Give up what this process took."""
    with _guard:
        _shares.clear()


def _count(key: str, many: int) -> int | None:
    """How often, with these times; None while Redis is away."""
    try:
        # The cache answers 0 when Redis is away.
        return int(cache.incr(key, many)) or None
    except ValueError:  # The first time in this window.
        if cache.add(key, many, timeout=2 * WINDOW_SECONDS):
            return many
    return _count(key, many)
