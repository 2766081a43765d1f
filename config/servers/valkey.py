"""Valkey: broker, cache and rate limiter, reachable from this machine only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.servers.account import MINIMAL_ENVIRONMENT, Account, give
from config.servers.binaries import valkey_program
from config.servers.keys import write_private
from config.servers.programs import Program

SETTINGS: Mapping[str, str] = {
    "bind": "127.0.0.1",
    "protected-mode": "yes",
    # What the broker accepted survives a crash of the server; a full memory refuses new work
    # rather than dropping old.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "enable-debug-command": "no",
    # `ps` then tells the servers of two checkouts apart.
    "proc-title-template": '"{title} {listen-addr} {config-file}"',
}
THROWAWAY_SETTINGS: Mapping[str, str] = {"appendonly": "no"}


@dataclass(frozen=True)
class Valkey:
    """One server with its data in `folder`, which its account owns."""

    folder: Path
    log: Path
    password: str
    account: Account | None
    settings: Mapping[str, str]

    name = "valkey"
    variable = "REDIS_URL"
    label = "Valkey"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        give(self.folder, self.account)

    def program(self, port: int) -> Program:
        settings = {
            **self.settings,
            "port": str(port),
            "dir": f'"{self.folder}"',
            "requirepass": self.password,
        }
        # In a file: the command line of a process is readable by every user of the machine.
        configuration = self.folder / "valkey.conf"
        write_private(configuration, "".join(f"{name} {settings[name]}\n" for name in settings))
        give(configuration, self.account)
        return Program(
            name=self.name,
            argv=[str(self._program), str(configuration)],
            log=self.log,
            environment=MINIMAL_ENVIRONMENT,
            account=self.account,
        )

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def answers(self, port: int) -> bool:
        return signs_in(self.url(port))

    @cached_property
    def _program(self) -> Path:
        return valkey_program(self.folder.parent, self.account)


def signs_in(url: str) -> bool:
    """Sign in rather than knock: a stranger may have taken the port."""
    once = Retry(NoBackoff(), retries=0)
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=once)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
