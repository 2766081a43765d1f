"""A cache that may be lost at any moment without anyone noticing more than a slower page."""

import contextlib
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        log.warning("cache_unavailable", error=type(error).__name__)


class ForgivingRedisCache(RedisCache):
    """Misses while Redis is away: PostgreSQL alone decides, so that loses nothing (rule 5)."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with _forgiving():
            return super().get(key, default, version)
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        with _forgiving():
            super().set(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        with _forgiving():
            return super().delete(*args, **kwargs)
        return False

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with _forgiving():
            return super().add(*args, **kwargs)
        return True

    def incr(self, *args: Any, **kwargs: Any) -> int:
        with _forgiving():
            return super().incr(*args, **kwargs)
        return 0

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        with _forgiving():
            return super().get_many(*args, **kwargs)
        return {}
