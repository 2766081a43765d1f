"""Programs under supervision: real processes that die, resist and have children."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.servers import supervisor as module
from config.servers.errors import ServersError
from config.servers.programs import Program, run, start, stop
from config.servers.supervisor import QUICK_DEATHS_ALLOWED, Supervisor


class Spoken(list[str]):
    """What the supervisor said."""


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


@pytest.fixture
def supervisor(spoken: Spoken, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 0.01)
    supervisor = Supervisor(spoken.append)
    yield supervisor
    supervisor.stop(grace_seconds=1)


def shell(folder: Path, script: str, name: str = "example") -> Program:
    path = {"PATH": "/usr/bin:/bin"}
    return Program(name, ["/bin/sh", "-c", script], folder / f"{name}.log", path)


def tick_until(supervisor: Supervisor, done: object) -> None:
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        supervisor.tick()
        time.sleep(0.02)


def test_what_dies_is_started_again(supervisor: Supervisor, spoken: Spoken, tmp_path: Path) -> None:
    count = tmp_path / "starts"
    supervisor.watch([start(shell(tmp_path, f"echo x >> {count}; exec sleep 60"))])
    tick_until(supervisor, count.exists)
    next(p for p in psutil.Process().children() if p.name() == "sleep").kill()
    tick_until(supervisor, lambda: count.read_text() == "x\nx\n")
    assert count.read_text() == "x\nx\n"
    assert spoken == [
        f"example stopped and is being started again; its log is {tmp_path / 'example.log'}."
    ]


def test_what_keeps_dying_is_given_up_with_its_log(
    supervisor: Supervisor, spoken: Spoken, tmp_path: Path
) -> None:
    supervisor.watch([start(shell(tmp_path, "echo no such thing; exit 3"))])
    with pytest.raises(ServersError) as caught:
        tick_until(supervisor, lambda: False)
    assert str(caught.value) == (
        f"example stopped {QUICK_DEATHS_ALLOWED} times within seconds of its start; "
        f"the reason is at the end of {tmp_path / 'example.log'}."
    )
    assert len(spoken) == QUICK_DEATHS_ALLOWED - 1


def test_the_last_group_is_stopped_before_what_it_depends_on(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    order = tmp_path / "order"
    for name in ("server", "client"):
        script = f"trap 'echo {name} >> {order}; exit' TERM; touch {tmp_path / name}; "
        script += "while :; do sleep 0.02; done"
        supervisor.watch([start(shell(tmp_path, script, name))])
        tick_until(supervisor, (tmp_path / name).exists)
    supervisor.stop(grace_seconds=5)
    assert order.read_text() == "client\nserver\n"


def test_what_is_watched_beside_others_is_stopped_with_them(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    ended = tmp_path / "ended"

    def ends_after(other: str, name: str) -> Program:
        wait = f"while [ ! -e {tmp_path / other}.told ]; do sleep 0.02; done"
        trap = f"touch {tmp_path / name}.told; {wait}; echo x >> {ended}; exit"
        return shell(
            tmp_path,
            f"trap '{trap}' TERM; touch {tmp_path / name}; while :; do sleep 0.02; done",
            name,
        )

    supervisor.watch([start(ends_after("second", "first"))])
    supervisor.watch_beside([start(ends_after("first", "second"))])
    tick_until(supervisor, lambda: (tmp_path / "first").exists() and (tmp_path / "second").exists())
    supervisor.stop(grace_seconds=5)
    assert ended.read_text() == "x\nx\n"


def test_what_resists_is_killed_with_its_children(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    script = f"trap '' TERM; sleep 60 & touch {ready}; wait; wait"
    running = start(shell(tmp_path, script))
    while not ready.exists():
        time.sleep(0.01)
    family = [psutil.Process(running.process.pid), *psutil.Process(running.process.pid).children()]
    stop([running], grace_seconds=0.2)
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert running.process.returncode == -signal.SIGKILL


def test_a_program_run_to_its_end_returns_what_it_printed(tmp_path: Path) -> None:
    program = shell(tmp_path, "echo printed; echo logged >&2")
    assert run(program) == "printed\n"
    assert program.log.read_text() == "logged\n"


def test_a_program_that_fails_is_named_with_its_log(tmp_path: Path) -> None:
    program = shell(tmp_path, "exit 1")
    with pytest.raises(ServersError) as caught:
        run(program)
    assert str(caught.value) == (f"example failed; the reason is at the end of {program.log}.")


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.servers.programs.LOG_LIMIT_BYTES", 3)
    program = shell(tmp_path, "echo next >&2")
    program.log.write_text("before")
    run(program)
    assert program.log.read_text() == "next\n"
    assert (tmp_path / "example.log.1").read_text() == "before"
