"""Whether this process lives, and whether the whole can do its work.

Answers hold no names, versions or reasons: those are for the log.
"""

from collections.abc import Callable
from functools import cache, partial

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import presence
from config.queues import QUEUES

log = structlog.get_logger(__name__)

BROKER_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when all is well, otherwise 503. A minute after the start, workers and beat are seen."""
    checks = {name: check() for name, check in CHECKS.items()}
    ready = all(checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not_ready", "checks": checks},
        status=200 if ready else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return _failed("database", error)
    return True


def _migrations() -> bool:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error as error:
        return _failed("migrations", error)
    return applied.keys() >= _newest_migrations()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app, as this process's code has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _broker() -> bool:
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
    )
    try:
        return bool(client.ping())
    except redis.RedisError as error:
        return _failed("broker", error)
    finally:
        client.close()


def _failed(check: str, error: Exception) -> bool:
    log.warning("not_ready", check=check, error=type(error).__name__)
    connection.close_if_unusable_or_obsolete()
    return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    **{role: partial(presence.seen, role) for role in map(presence.worker_of, QUEUES)},
    "beat": partial(presence.seen, presence.BEAT),
}
