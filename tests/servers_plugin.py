"""Start PostgreSQL and Valkey for the tests, before Django loads its settings.

DATABASE_URL and REDIS_URL, where set, name servers to use instead; their Redis database is
flushed. With xdist, the process that hands out the tests starts the servers and the workers
inherit their addresses; pytest-django gives each worker a PostgreSQL database of its own.
"""

import atexit
import os
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from config.servers.environment import missing_variables
from config.servers.errors import ServersError
from config.servers.keys import load_keys
from config.servers.pair import THROWAWAY, start_servers, stop_servers
from config.servers.state import lock, open_state, remove_state

# Fixed, so that a failure can be repeated.
KEYS = {
    "DJANGO_SECRET_KEY": "for-tests-only",
    "FIELD_KEY": "dGVzdHMtZmllbGQta2V5LXRlc3RzLWZpZWxkLWtleS0=",
    "HASH_KEY": "dGVzdHMtaGFzaC1rZXktdGVzdHMtaGFzaC1rZXktLS0=",
}
REDIS_DATABASES = 16

_header: list[str] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Come before pytest-django, which loads the settings in this hook."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        try:
            _start_missing_servers()
        except ServersError as error:
            raise pytest.UsageError(str(error)) from error
    else:
        _use_own_redis_database(worker)
    os.environ.update(KEYS)
    _flush()
    return (yield)


def pytest_report_header() -> list[str]:
    return _header


def _start_missing_servers() -> None:
    missing = missing_variables()
    if not missing:
        _header.append("servers: those of DATABASE_URL and REDIS_URL")
        return
    begun = time.monotonic()
    state = open_state(Path(tempfile.mkdtemp(prefix="yihao-tests-")))
    atexit.register(remove_state, state)
    holder = lock(state, "tests")
    atexit.register(holder.close)
    started = start_servers(state, load_keys(state), missing, THROWAWAY)
    atexit.register(stop_servers, started)
    os.environ.update({one.server.variable: one.url for one in started})
    names = " and ".join(one.server.label for one in started)
    _header.append(f"servers: {names} started in {time.monotonic() - begun:.1f} s")


def _use_own_redis_database(worker: str) -> None:
    """Give each xdist worker (`gw0`, `gw1` …) its own; the first stays with the controller."""
    number = (int(worker.removeprefix("gw")) + 1) % REDIS_DATABASES
    url = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = url._replace(path=f"/{number}").geturl()


def _flush() -> None:
    # The cache of an earlier run would answer for this one.
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
