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
# After a failure, requests don't wait for Redis again for so long.
_PAUSE_SECONDS = 5.0


class RateLimit(BaseThrottle):
    resume_at = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        policy, limit, subject = self._policy(request)
        self.seconds_left = WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS
        used = self._count(f"rate:{subject}:{int(time.time()) // WINDOW_SECONDS}")
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

    def _count(self, key: str) -> int | None:
        if time.monotonic() < RateLimit.resume_at:
            return None
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        # The cache answers 0 when Redis is away.
        used = int(cache.incr(key))
        if not used:
            RateLimit.resume_at = time.monotonic() + _PAUSE_SECONDS
        return used or None
