"""Start a program so that it can't outlive us, and stop it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.servers.account import Account
from config.servers.errors import ServersError

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 20 * 1024**2


@dataclass(frozen=True)
class Program:
    """What to run, as whom, how to end it and where its output goes."""

    name: str
    argv: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    folder: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent by the kernel when the process that started the program dies, however it dies.
    orphan_signal: signal.Signals = signal.SIGTERM


@dataclass
class Running:
    """A started program. Times are of the monotonic clock, in seconds."""

    program: Program
    process: subprocess.Popen[bytes]
    log_offset: int
    started_at: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def output(self, limit: int = 4000) -> str:
        """Return the end of what this run has written to the log."""
        with self.program.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self.log_offset, end - limit))
            return log.read().decode(errors="replace")


def start(program: Program, stdout: int | None = None) -> Running:
    """Start a program in a session of its own. Call it from the main thread only.

    The kernel ties the orphan signal to the thread that forks, not to the process. `stdout`
    takes the place of the log for what the program prints; its errors go to the log.
    """
    _rotate(program.log)
    with program.log.open("ab") as log:
        offset = log.tell()
        process = subprocess.Popen(
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=log if stdout is None else stdout,
            stderr=log,
            cwd=program.folder,
            env=dict(program.environment),
            start_new_session=True,
            preexec_fn=_follow_parent(program.orphan_signal, os.getpid()),
            **(program.account.popen_options() if program.account else {}),
        )
    return Running(program, process, offset)


def stop(running: Sequence[Running], grace_seconds: float) -> None:
    """Ask all to end, wait, and kill what is left together with its own children."""
    for one in running:
        if one.alive:
            one.process.send_signal(one.program.stop_signal)
    deadline = time.monotonic() + grace_seconds
    for one in running:
        with suppress(subprocess.TimeoutExpired):
            one.process.wait(max(0.0, deadline - time.monotonic()))
        _kill_session(one)


def run(program: Program) -> str:
    """Run a program to its end and return what it printed.

    Raises ServersError, naming its log, when it fails.
    """
    running = start(program, stdout=subprocess.PIPE)
    try:
        printed, _ = running.process.communicate()
    except BaseException:
        stop([running], grace_seconds=5)
        raise
    if running.process.returncode != 0:
        raise ServersError(f"{program.name} failed; the reason is at the end of {program.log}.")
    return printed.decode()


def tie_to_parent() -> None:
    """End this process with SIGTERM when the process that started it dies."""
    _follow_parent(signal.SIGTERM, os.getppid())()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _follow_parent(number: signal.Signals, parent: int) -> Callable[[], None]:
    # Loaded before the fork: between fork and exec only a plain system call is safe.
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def follow() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:
                os._exit(1)

    return follow


def _kill_session(running: Running) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait()


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
