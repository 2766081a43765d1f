"""The programs of Yihao itself: preparation, web, workers and beat."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from config.servers.keys import Keys
from config.servers.programs import Program
from config.servers.state import CHECKOUT, State

WEB = "gunicorn config.wsgi:application --worker-class gthread --workers 2 --threads 4 "
# Longer than a proxy keeps a connection: it must never send a request into one that we close.
WEB += "--preload --timeout 60 --graceful-timeout 10 --keep-alive 75 --no-control-socket --bind"
# Messages have a worker of their own: a night's work never stands before a sign-in code.
MESSENGER = "celery -A config worker -n messenger@%h --concurrency 2 -Q messages "
MESSENGER += "--loglevel INFO --without-gossip --without-mingle"
WORKER = "celery -A config worker -n worker@%h --concurrency 2 -Q release,housekeeping "
WORKER += "--loglevel INFO --without-gossip --without-mingle"
# Below the time limit of a task: a statement outlives the process that asked for it.
WORKER_ENVIRONMENT = {"STATEMENT_SECONDS": "240"}
BEAT = "celery -A config beat --loglevel INFO --pidfile= --schedule"


@dataclass(frozen=True)
class Workload:
    """What runs on top of the servers, in one environment."""

    state: State
    environment: Mapping[str, str]
    port: int

    def preparation(self) -> Program:
        return self._program("prepare", ["config.servers.prepare"])

    def programs(self) -> list[Program]:
        return [
            self._program("web", [*WEB.split(), f"127.0.0.1:{self.port}"]),
            self._worker("messenger", MESSENGER),
            self._worker("worker", WORKER),
            self._program("beat", [*BEAT.split(), str(self.state.beat_schedule)]),
        ]

    def _worker(self, name: str, command: str) -> Program:
        # Its tasks are safe to repeat, and a worker whose broker died at the same moment would
        # not hear a gentler signal.
        return self._program(name, command.split(), signal.SIGKILL, WORKER_ENVIRONMENT)

    def _program(
        self,
        name: str,
        module: list[str],
        orphan_signal: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> Program:
        return Program(
            name=name,
            # By module: the scripts of a virtual environment break when its folder is moved.
            argv=[sys.executable, "-m", *module],
            log=self.state.log(name),
            environment={**environment, **self.environment, "PROCESS_NAME": f"yihao-{name}"},
            folder=CHECKOUT,
            orphan_signal=orphan_signal,
        )


def app_environment(state: State, keys: Keys, port: int) -> dict[str, str]:
    """Return our own environment, completed for a demonstration on this machine."""
    defaults = {
        **keys.environment(),
        "DEMO": "1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "STATIC_ROOT": str(state.static),
    }
    ours = {name: value for name, value in os.environ.items() if value or name not in defaults}
    return {
        **defaults,
        **ours,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
