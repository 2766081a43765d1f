"""The two servers of one checkout: started together, found again, stopped."""

import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from config.servers import postgres, valkey
from config.servers.account import server_account
from config.servers.errors import ServersError
from config.servers.keys import Keys, write_private
from config.servers.postgres import Postgres
from config.servers.programs import Running, free_port, start, stop
from config.servers.state import State, open_data
from config.servers.valkey import Valkey

START_SECONDS = 30
STOP_SECONDS = 20
PORT_ATTEMPTS = 3

Server = Postgres | Valkey


@dataclass(frozen=True)
class Tuning:
    """The settings of both servers."""

    postgres: Mapping[str, str]
    valkey: Mapping[str, str]


DURABLE = Tuning(postgres.SETTINGS, valkey.SETTINGS)
THROWAWAY = Tuning(
    {**postgres.SETTINGS, **postgres.THROWAWAY_SETTINGS},
    {**valkey.SETTINGS, **valkey.THROWAWAY_SETTINGS},
)


@dataclass
class Started:
    """A server that runs on a port of its own."""

    server: Server
    port: int
    running: Running

    @property
    def url(self) -> str:
        return self.server.url(self.port)


def start_servers(
    state: State, keys: Keys, variables: Collection[str], tuning: Tuning = DURABLE
) -> list[Started]:
    """Start the servers behind `variables` (DATABASE_URL, REDIS_URL) and wait for their answer.

    The caller holds the state's lock. Raises ServersError, and leaves nothing running, when one
    doesn't come up.
    """
    started: list[Started] = []
    try:
        for server in _servers(state, keys, tuning):
            if server.variable in variables:
                server.prepare()
                started.append(_launch(server))
        for one in started:
            _wait_for_answer(one)
    except BaseException:
        stop_servers(started)
        raise
    return started


def stop_servers(started: Iterable[Started]) -> None:
    stop([one.running for one in started], STOP_SECONDS)


def publish(state: State, urls: Mapping[str, str]) -> None:
    """Let other processes of this checkout find the servers; the addresses hold passwords."""
    write_private(state.registry, json.dumps(dict(urls), indent=2))


def published(state: State) -> dict[str, str]:
    """Return the addresses of running servers by variable, or {} when one doesn't let us in."""
    try:
        urls: dict[str, str] = json.loads(state.registry.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    checks = {Postgres.variable: postgres.signs_in, Valkey.variable: valkey.signs_in}
    return urls if all(checks[variable](url) for variable, url in urls.items()) else {}


def withdraw(state: State) -> None:
    state.registry.unlink(missing_ok=True)


def _servers(state: State, keys: Keys, tuning: Tuning) -> tuple[Server, ...]:
    account = server_account(state.servers / "postgres")
    data = open_data(state, account)
    return (
        Postgres(
            data / "postgres",
            state.log("postgres"),
            keys.postgres_password,
            account,
            tuning.postgres,
        ),
        Valkey(data / "valkey", state.log("valkey"), keys.valkey_password, account, tuning.valkey),
    )


def _launch(server: Server) -> Started:
    port = free_port()
    return Started(server, port, start(server.program(port)))


def _wait_for_answer(started: Started) -> None:
    deadline = time.monotonic() + START_SECONDS
    attempts_left = PORT_ATTEMPTS - 1
    while not started.server.answers(started.port):
        if _lost_its_port(started.running) and attempts_left:
            attempts_left -= 1
            again = _launch(started.server)
            started.port, started.running = again.port, again.running
        elif not started.running.alive or time.monotonic() > deadline:
            raise ServersError(_reason(started))
        time.sleep(0.02)


def _lost_its_port(running: Running) -> bool:
    """Tell whether another program took the port between our choosing and the server's start."""
    return not running.alive and "Address already in use" in running.output()


def _reason(started: Started) -> str:
    name, log = started.server.label, started.running.program.log
    if "No space left on device" in started.running.output():
        return f"{name} found no space left on the disk. Free some and start again."
    if started.running.alive:
        return f"{name} didn't answer within {START_SECONDS} seconds; its log is {log}."
    return f"{name} stopped while starting; the reason is at the end of {log}."
