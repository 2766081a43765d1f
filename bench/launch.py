"""`make run` as somebody types it in a checkout, and Ctrl-C."""

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import family
from config.servers.programs import free_port

PATIENCE = 300
READY = "Ctrl-C stops everything"
# What the launcher says when a part of the start begins.
PARTS = {
    "Creating": "environment",
    "Installing": "packages",
    "Starting the servers": "servers",
    "Preparing": "preparation",
    "Starting web": "web",
}
# A shell in which nothing of Yihao is set: not our stage's servers, nor its keys. And Python may
# keep what it compiles, as it does for most people.
UNSET = {
    "PYTHONDONTWRITEBYTECODE",
    *("DATABASE_URL", "REDIS_URL", "DJANGO_SECRET_KEY", "FIELD_KEY", "HASH_KEY", "PUBLIC_URL"),
    *("DEMO", "DEBUG", "ALLOWED_HOSTS", "STATIC_ROOT", "YIHAO_STATE_DIR", "PYTHON"),
}


@dataclass
class Launch:
    """Seconds: from the command to the first page, in all and by part; from Ctrl-C to the end."""

    first_page: float
    parts: dict[str, float]
    stop: float


def launch(checkout: Path) -> Launch:
    """Run until the home page is there, then stop.

    Raises RuntimeError when no page comes, or when a process survives.
    """
    with closing(Terminal(checkout)) as terminal:
        first_page = terminal.wait_for_page()
        terminal.wait_for(READY)
        parts = durations(terminal.lines, first_page)
        return Launch(first_page, parts, terminal.press_ctrl_c())


def durations(lines: list[tuple[float, str]], end: float) -> dict[str, float]:
    """How long each part took, from when each line was said."""
    begun = [
        (at, part) for at, line in lines for mark, part in PARTS.items() if line.startswith(mark)
    ]
    ends = [*(at for at, _part in begun[1:]), end]
    return {part: until - at for (at, part), until in zip(begun, ends, strict=True)}


@dataclass
class Terminal:
    """What was printed stands in `lines`, with the seconds since the command."""

    checkout: Path
    port: int = field(default_factory=free_port)
    lines: list[tuple[float, str]] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=self.checkout,
            env=environment | {"PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A terminal's Ctrl-C reaches the whole group.
            process_group=0,
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def wait_for_page(self) -> float:
        self._wait(lambda: shows_home(self.port), "the first page")
        return self._elapsed

    def wait_for(self, beginning: str) -> None:
        self._wait(lambda: any(line.startswith(beginning) for _at, line in self.lines), beginning)

    def press_ctrl_c(self) -> float:
        """Seconds until every process is gone."""
        pids = family(self.process.pid)
        pressed = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(PATIENCE)
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            if time.monotonic() - pressed > PATIENCE:
                raise RuntimeError("A process survived Ctrl-C.")
            time.sleep(0.01)
        return time.monotonic() - pressed

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(PATIENCE)
        self.reader.join()
        self.process.stdout.close()

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self.begun

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append((self._elapsed, line.rstrip()))

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        while not ready():
            if self.process.poll() is not None or self._elapsed > PATIENCE:
                said = "\n".join(line for _at, line in self.lines[-10:])
                raise RuntimeError(f"`make run` came to an end before {what}:\n{said}")
            time.sleep(0.02)


def shows_home(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
