"""The house as in production, on this machine: real servers, fsync on, DEBUG and DEMO off.

The programs are those of `make run`, with their commands, so that a figure is the product's.
Everything listens on 127.0.0.1, and the client sends what our own TLS proxy would send.
"""

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import psycopg2

from bench.processes import cpu_seconds
from config.servers.errors import ServersError
from config.servers.keys import load_keys
from config.servers.pair import DURABLE, Started, Tuning, start_servers, stop_servers
from config.servers.programs import Program, Running, free_port, run, start, stop
from config.servers.state import (
    CHECKOUT,
    State,
    lock,
    open_state,
    remove_state,
    state_root,
    try_lock,
)
from config.servers.workload import Workload, app_environment

WEB_SECONDS = 60
STOP_SECONDS = 20
SERVERS = ("DATABASE_URL", "REDIS_URL")
# What our own proxy sets on a request that came by TLS (TRUSTED_PROXIES=1).
PROXY_HEADERS = {"X-Forwarded-Proto": "https"}
PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "TRUSTED_PROXIES": "1",
    "LOG_LEVEL": "INFO",
    # Takes every message and sends none.
    "MESSAGE_GATEWAY": "applicants.gateways.console.ConsoleGateway",
    # Counted as in production, but never reached: the limit is not what is measured.
    "API_RATE_PER_KEY": "1000000000",
    "API_RATE_PER_ADDRESS": "1000000000",
}


@dataclass(frozen=True)
class Options:
    """How long to measure: `seconds` a round, after `warm_up` seconds that don't count."""

    rounds: int = 3
    seconds: float = 4.0
    warm_up: float = 2.0
    scale: bool = False


@dataclass
class Stage:
    """Running servers and programs. Names are web, messenger, worker, beat, postgres and valkey."""

    state: State
    port: int
    environment: dict[str, str]
    servers: list[Started] = field(default_factory=list)
    programs: dict[str, Running] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return self.environment["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        return self.environment["REDIS_URL"]

    @cached_property
    def connection(self) -> Any:
        """A connection of our own; every statement is a transaction."""
        connection = psycopg2.connect(self.database_url, application_name="bench")
        connection.autocommit = True
        return connection

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run statements; how many rows the last one changed."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            count: int = cursor.rowcount
            return count

    def copy(self, into: str, lines: IO[str]) -> None:
        """COPY tab-separated lines: `stage.copy("bookings_slot (id, date)", file)`."""
        with self.connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {into} FROM STDIN", lines)

    def python(self, module: str, *arguments: str) -> str:
        """Run `python -m module` in the programs' environment; what it printed.

        Raises RuntimeError with the end of its errors when it fails.
        """
        result = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            raise RuntimeError(f"{module} failed:\n{result.stderr[-4000:]}")
        return result.stdout

    def pid(self, name: str) -> int:
        return self._running(name).process.pid

    def cpu_seconds(self, name: str) -> float:
        """User and system time so far of the program and everything that it started."""
        return cpu_seconds(self.pid(name))

    def start(self, name: str, *command: str) -> None:
        """Start a program of the product, or another command in its place.

        `command` is a module with arguments, e.g. "gunicorn", "config.wsgi:application"; or a
        program by its path.
        """
        program = self._program(name)
        if command:
            module = [] if os.sep in command[0] else [sys.executable, "-m"]
            program = replace(program, argv=[*module, *command])
        self.programs[name] = start(program)
        if name == "web":
            self._wait_for_web()

    def restart(self, name: str, *command: str) -> None:
        self.stop(name)
        self.start(name, *command)

    def stop(self, name: str) -> None:
        """Stop a program; nothing to do where it doesn't run."""
        running = self.programs.pop(name, None)
        if running is not None:
            stop([running], STOP_SECONDS)

    def settle(self) -> None:
        """Let the next measurement begin with nothing left of the one before.

        Requests whose client has gone are still worked through, and their messages still sent.
        Sending them is measured elsewhere: those that are due now count as sent.
        """
        if "web" in self.programs:
            self._wait_for_web()
        self.execute(
            "UPDATE applicants_message SET state = 'sent', sent_at = now()"
            " WHERE id IN (SELECT id FROM applicants_message"
            " WHERE state = 'pending' AND due_at <= now() FOR UPDATE SKIP LOCKED)"
        )

    def log(self, name: str) -> Path:
        return self.state.log(name)

    def _running(self, name: str) -> Running:
        servers = {one.server.name: one.running for one in self.servers}
        return {**servers, **self.programs}[name]

    def _program(self, name: str) -> Program:
        programs = Workload(self.state, self.environment, self.port).programs()
        return next(program for program in programs if program.name == name)

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not _answers(self.port):
            if not self.programs["web"].alive or time.monotonic() > deadline:
                raise ServersError(
                    f"The web server doesn't answer: {self.programs['web'].output()}"
                )
            time.sleep(0.05)


@contextmanager
def stage(
    *,
    programs: Collection[str] | None = None,
    keep: str = "",
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Stage]:
    """Start the servers, migrate, start the programs; stop all and remove the data at the end.

    Without `programs` all of the product's run. There are no demo data. With `keep` the data stay
    for the next stage that keeps by the same name. `settings` are PostgreSQL's, `environment` the
    programs', both on top of the product's. After a failure the logs stay in .state/bench/failed.
    """
    folder = _folder(keep)
    state = open_state(folder)
    with lock(state, "bench"):
        try:
            yield from _running_stage(state, programs, settings or {}, environment or {})
        except Exception:
            failed = bench_folder() / "failed"
            shutil.rmtree(failed, ignore_errors=True)
            shutil.copytree(state.logs, failed)
            raise
        finally:
            if not keep:
                remove_state(state)


def _running_stage(
    state: State,
    programs: Collection[str] | None,
    settings: Mapping[str, str],
    environment: Mapping[str, str],
) -> Iterator[Stage]:
    port = free_port()
    keys = load_keys(state)
    base = app_environment(state, keys, port) | PRODUCTION | {"STATIC_ROOT": str(state.static)}
    base |= {"PUBLIC_URL": f"https://127.0.0.1:{port}", **environment}
    tuning = Tuning({**DURABLE.postgres, **settings}, DURABLE.valkey)
    set_up = Stage(state, port, base, start_servers(state, keys, SERVERS, tuning))
    try:
        base |= {one.server.variable: one.url for one in set_up.servers}
        run(Workload(state, base, port).preparation())
        for program in Workload(state, base, port).programs():
            if programs is None or program.name in programs:
                set_up.start(program.name)
        yield set_up
    finally:
        _strike(set_up)


def _strike(set_up: Stage) -> None:
    stop(list(set_up.programs.values()), STOP_SECONDS)
    if "connection" in vars(set_up):
        set_up.connection.close()
    stop_servers(set_up.servers)


def bench_folder() -> Path:
    """Where the benchmarks keep what they need: on the disk that is measured, not in /tmp."""
    folder = state_root() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder


def forget(kept: str) -> None:
    """Remove the data that stages kept by this name."""
    remove_state(State(bench_folder() / kept))


def _folder(keep: str) -> Path:
    if keep:
        return bench_folder() / keep
    _sweep()
    return Path(tempfile.mkdtemp(prefix="stage-", dir=bench_folder()))


def _sweep() -> None:
    """Remove what a killed run left behind; the lock of one that runs can't be had."""
    for folder in bench_folder().glob("stage-*"):
        with suppress(OSError):
            held = try_lock(State(folder), "sweeping")
            if held is not None:
                with closing(held):
                    remove_state(State(folder))
                    shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=PROXY_HEADERS)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
