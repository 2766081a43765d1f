"""A cache that may be lost at any moment without anyone noticing more than a slower page."""

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# After a failure nobody waits for Redis again for so long: a server that is gone without a word
# costs each question a second.
PAUSE_SECONDS = 5.0
# Redis keeps the time to live of a key that it increases.
_INCREASE = "return redis.call('EXISTS', KEYS[1]) == 1 and redis.call('INCRBY', KEYS[1], ARGV[1])"
_SCANNED = 1_000

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class KeptClients(RedisCacheClient):
    """Makes a client once: redis-py takes twice as long to make one as to ask with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    def incr(self, key: Any, delta: int) -> int:
        """In one question where Django asks two. Raises ValueError where there is no such key."""
        count = self.get_client(key, write=True).eval(_INCREASE, 1, key, delta)
        if count is None:
            raise ValueError(f"Key '{key}' not found.")
        return int(count)

    def clear_prefix(self, prefix: str) -> None:
        client = self.get_client(write=True)
        keys = list(client.scan_iter(match=f"{prefix}:*", count=_SCANNED))
        for start in range(0, len(keys), _SCANNED):
            client.unlink(*keys[start : start + _SCANNED])


class ForgivingRedisCache(RedisCache):
    """Misses while Redis is away: PostgreSQL alone decides, so that loses nothing (rule 5)."""

    resume_at = 0.0
    _cache: KeptClients

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClients

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _unless_away(default, super().get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _unless_away(None, super().set, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _unless_away(False, super().delete, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _unless_away(True, super().add, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """0 while Redis is away."""
        return _unless_away(0, super().incr, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return _unless_away({}, super().get_many, *args, **kwargs)

    def clear(self) -> None:
        """Only what the cache wrote: the broker keeps its queues in the same database."""
        if not self.key_prefix:
            raise ValueError("Without a KEY_PREFIX nobody knows what belongs to the cache.")
        self._cache.clear_prefix(self.key_prefix)


def _unless_away(
    otherwise: Answer,
    ask: Callable[Asked, Answer],
    *args: Asked.args,
    **kwargs: Asked.kwargs,
) -> Answer:
    """What Redis answers; `otherwise` while it is away."""
    if time.monotonic() < ForgivingRedisCache.resume_at:
        return otherwise
    try:
        return ask(*args, **kwargs)
    except (RedisError, OSError) as error:
        ForgivingRedisCache.resume_at = time.monotonic() + PAUSE_SECONDS
        log.warning("cache_unavailable", error=type(error).__name__)
        return otherwise
