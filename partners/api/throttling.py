"""So many requests a minute for each key, or for each address without one.

A fixed window counted in Redis. Without Redis nobody is refused: a limiter that fails closed
would take the booking desk down with it.
"""

import hashlib
import time
from typing import Any

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
        used = _count(f"rate:{subject}:{int(time.time()) // WINDOW_SECONDS}")
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


def _count(key: str) -> int | None:
    """How often, with this time; None while Redis is away."""
    try:
        # The cache answers 0 when Redis is away.
        return int(cache.incr(key)) or None
    except ValueError:  # The first time in this window.
        if cache.add(key, 1, timeout=2 * WINDOW_SECONDS):
            return 1
    return _count(key)
