"""The programs of Yihao itself: preparation, web, worker and beat."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from config.servers.keys import Keys
from config.servers.programs import Program
from config.servers.state import CHECKOUT, State

WEB = "gunicorn config.wsgi:application --worker-class gthread --workers 2 --threads 4 "
WEB += "--preload --timeout 60 --graceful-timeout 10 --no-control-socket --bind"
WORKER = "celery -A config worker --concurrency 2 -Q celery --loglevel INFO "
WORKER += "--without-gossip --without-mingle"
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
            # Its tasks are safe to repeat, and a worker whose broker died at the same moment
            # would not hear a gentler signal.
            self._program("worker", WORKER.split(), orphan_signal=signal.SIGKILL),
            self._program("beat", [*BEAT.split(), str(self.state.beat_schedule)]),
        ]

    def _program(
        self, name: str, module: list[str], orphan_signal: signal.Signals = signal.SIGTERM
    ) -> Program:
        return Program(
            name=name,
            # By module: the scripts of a virtual environment break when its folder is moved.
            argv=[sys.executable, "-m", *module],
            log=self.state.log(name),
            environment={**self.environment, "PROCESS_NAME": f"yihao-{name}"},
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
