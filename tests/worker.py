"""Real Celery processes on the tests' own database and broker."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from config.celery import app
from config.servers.programs import Program, Running, start, stop
from config.servers.state import CHECKOUT

WORKER = ("celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO")
BEAT = ("celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile=")
STOP_SECONDS = 10


@pytest.fixture(scope="session")
def celery_worker_process(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A worker that runs whatever a test's code or beat asks for, and nothing asked for before."""
    app.control.purge()
    with celery_process(WORKER, tmp_path_factory.mktemp("worker")) as worker:
        yield worker


@contextmanager
def celery_process(
    arguments: tuple[str, ...], folder: Path, **environment: str
) -> Iterator[Running]:
    """Run a worker or beat; stop it at the end. `environment` overrides the tests' own."""
    running = start(
        Program(
            name=arguments[3],
            argv=[sys.executable, "-m", *arguments],
            log=folder / f"{arguments[3]}.log",
            environment={**own_environment(), **environment},
            folder=CHECKOUT,
        )
    )
    try:
        if arguments[3] == "worker":
            wait_until(lambda: " ready." in running.output(100_000), running)
        yield running
    finally:
        stop([running], STOP_SECONDS)


def wait_until(
    condition: Callable[[], Any], running: Running | None = None, seconds: float = 30
) -> None:
    """Wait for something that another process does. Fails with the end of its log."""
    deadline = time.monotonic() + seconds
    while not condition():
        log = running.output() if running else ""
        assert time.monotonic() < deadline, f"Nothing after {seconds} seconds. {log}"
        assert running is None or running.alive, f"The process ended. {log}"
        time.sleep(0.05)


def own_environment() -> dict[str, str]:
    """This process's, but with the database that pytest-django made."""
    database = str(connection.settings_dict["NAME"])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    return {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "DEMO": "1",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
    }
