"""pretix as its documentation sets it up, on the servers of our stage.

Another database of the same PostgreSQL, other database numbers of the same Valkey. The wheel
brings its static files and translations compiled, so there is nothing to build.
"""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2

from bench.peer import environment
from bench.processes import cpu_seconds
from bench.stage import Stage
from config.servers.account import MINIMAL_ENVIRONMENT
from config.servers.errors import ServersError
from config.servers.keys import write_private
from config.servers.programs import Program, Running, free_port, run, start, stop

DATABASE = "pretix"
# Of the sixteen databases of Valkey; ours is number 0.
CACHE, RESULTS, BROKER = 10, 11, 12
# As many as ours, see WEB and WORKER in config/servers/workload.py.
WEB = "gunicorn pretix.wsgi --worker-class gthread --workers 2 --threads 4 --preload "
WEB += "--timeout 60 --no-control-socket --log-level info --bind"
WORKER = "celery -A pretix.celery_app worker --loglevel INFO --concurrency 2"
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True)
class Seeded:
    """What seed.py made: dates with places for all, and dates whose places soon run out."""

    token: str
    organizer: str
    event: str
    item: int
    many: list[dict[str, int]]
    few: list[dict[str, int]]
    last: list[dict[str, int]]


@dataclass
class Peer:
    """A running pretix. Its programs are "web" and "worker"."""

    port: int
    seeded: Seeded
    connection: Any
    programs: dict[str, Running] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Below which the event's resources are."""
        return f"/api/v1/organizers/{self.seeded.organizer}/events/{self.seeded.event}/"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.seeded.token}"}

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def analyze(self) -> None:
        """Tell PostgreSQL what the tables hold before it plans for them."""
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def cpu_seconds(self, name: str) -> float:
        return cpu_seconds(self.programs[name].process.pid)


@dataclass(frozen=True)
class Setup:
    """What pretix's programs need to run."""

    stage: Stage
    python: Path
    configuration: Path

    def program(self, name: str, *arguments: str) -> Program:
        return Program(
            name=name,
            argv=[str(self.python), *arguments],
            log=self.stage.log(name),
            environment={
                **MINIMAL_ENVIRONMENT,
                "DJANGO_SETTINGS_MODULE": "pretix.settings",
                "PRETIX_CONFIG_FILE": str(self.configuration),
                # PostgreSQL's log then tells whose statement it was.
                "PGAPPNAME": name,
            },
            folder=self.configuration.parent,
        )


@contextmanager
def pretix(stage: Stage, *, many: int, few: int, size: int, last: int) -> Iterator[Peer]:
    """Install, migrate and seed pretix, and run it; stops it at the end.

    `many` and `few` dates get `size` places each, and `few` others get `last` places each.
    """
    port = free_port()
    setup = _set_up(stage, port)
    stage.execute(f"CREATE DATABASE {DATABASE}")
    print("Migrating pretix, which takes a minute or two …", flush=True)
    run(setup.program("pretix-prepare", "-m", "pretix", "migrate"))
    seed = ("-P", str(Path(__file__).with_name("seed.py")), *map(str, (many, few, size, last)))
    printed = run(setup.program("pretix-prepare", *seed))
    seeded = Seeded(**json.loads(printed.splitlines()[-1]))
    connection = psycopg2.connect(_database_url(stage), application_name="bench")
    connection.autocommit = True
    peer = Peer(port, seeded, connection)
    try:
        peer.analyze()
        _start(setup, peer)
        yield peer
    finally:
        stop(list(peer.programs.values()), STOP_SECONDS)
        connection.close()


def _set_up(stage: Stage, port: int) -> Setup:
    folder = stage.state.root / "pretix"
    folder.mkdir(mode=0o700)
    file = folder / "pretix.cfg"
    write_private(file, configured(folder, port, stage.database_url, stage.redis_url))
    return Setup(stage, environment.python(), file)


def configured(folder: Path, port: int, database_url: str, redis_url: str) -> str:
    """pretix.cfg: what its installation guide sets, and its defaults for the rest."""
    database = urlsplit(database_url)
    valkey = redis_url.rpartition("/")[0]
    sections: dict[str, dict[str, object]] = {
        "pretix": {
            "instance_name": "peer",
            "url": f"http://127.0.0.1:{port}",
            "datadir": str(folder),
        },
        "locale": {"timezone": "Asia/Shanghai"},
        "database": {
            "backend": "postgresql",
            "name": DATABASE,
            "user": unquote(database.username or ""),
            "password": unquote(database.password or ""),
            "host": database.hostname,
            "port": database.port,
        },
        "django": {"debug": "off"},
        "redis": {"location": f"{valkey}/{CACHE}", "sessions": "true"},
        "celery": {"backend": f"{valkey}/{RESULTS}", "broker": f"{valkey}/{BROKER}"},
    }
    return "\n".join(
        "\n".join([f"[{name}]", *(f"{key}={value}" for key, value in settings.items()), ""])
        for name, settings in sections.items()
    )


def _start(setup: Setup, peer: Peer) -> None:
    commands = {"web": [*WEB.split(), f"127.0.0.1:{peer.port}"], "worker": WORKER.split()}
    for name, command in commands.items():
        peer.programs[name] = start(setup.program(f"pretix-{name}", "-m", *command))
    deadline = time.monotonic() + START_SECONDS
    while not _answers(peer.port):
        if not peer.programs["web"].alive or time.monotonic() > deadline:
            raise ServersError(f"pretix doesn't answer: {peer.programs['web'].output()}")
        time.sleep(0.2)


def _database_url(stage: Stage) -> str:
    return f"{stage.database_url.rpartition('/')[0]}/{DATABASE}"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthcheck/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
