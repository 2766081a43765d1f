"""`make run` as whoever sits at the terminal meets it: real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from config.servers.environment import VARIABLES
from config.servers.programs import free_port
from config.servers.state import CHECKOUT, State, remove_state

READY = "Ctrl-C stops everything"


class Launch:
    """A started launcher and the processes under it."""

    def __init__(self, environment: dict[str, str], command: Sequence[str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.greeting = ""
        for line in self.process.stdout:
            self.greeting += line
            if line.startswith(READY):
                break
        assert READY in self.greeting, self.greeting
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}{path}"

    def end(self, number: signal.Signals) -> str:
        """Signal the launcher, and return what it said after that."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=40)
        return rest

    def survivors(self) -> list[psutil.Process]:
        return psutil.wait_procs(self.family, timeout=20)[1]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A state folder that every account can reach; its demo offices are loaded once."""
    folder = Path(tempfile.mkdtemp(prefix="yihao-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    remove_state(State(folder))


def clean_environment(folder: Path) -> dict[str, str]:
    """A shell in which nothing of Yihao is set but the state folder and a free port."""
    ours = {*VARIABLES, "DJANGO_SECRET_KEY", "FIELD_KEY", "HASH_KEY", "DEMO", "PUBLIC_URL"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return {**clean, "YIHAO_STATE_DIR": str(folder), "PORT": str(free_port())}


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """Without the demonstration, whose offices take seconds to load."""
    return {**clean_environment(folder), "DEMO": "0"}


@contextmanager
def launched(environment: dict[str, str], *command: str) -> Iterator[Launch]:
    launch = Launch(environment, command or (sys.executable, "-m", "config.servers.launcher"))
    try:
        yield launch
    finally:
        if launch.process.poll() is None:
            launch.end(signal.SIGTERM)
        launch.process.stdout.close()


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )


def program_name(command_line: str) -> str:
    marks = {
        "bin/postgres": "postgres",
        "valkey-server": "valkey",
        "gunicorn": "web",
        "messenger@": "messenger",
        "worker@": "worker",
        "config beat": "beat",
    }
    return next(name for mark, name in marks.items() if mark in command_line)


def shell(environment: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    return run(environment, "manage.py", "shell", "--no-imports", "-c", code)


class TestWhileItRuns:
    @pytest.fixture(scope="class")
    @classmethod
    def launch(cls, folder: Path) -> Iterator[Launch]:
        with launched(clean_environment(folder)) as launch:
            yield launch

    def test_it_says_where_to_go_and_how_to_sign_in(self, launch: Launch, folder: Path) -> None:
        assert f"  Open      {launch.url('/')}\n" in launch.greeting
        assert f"  Messages  {launch.url('/demo/messages/')}\n" in launch.greeting
        assert f"  Logs      {folder / 'logs'}\n" in launch.greeting
        assert "  Demo accounts\n    clerk-xiamen" in launch.greeting
        with urllib.request.urlopen(launch.url("/")) as page:
            assert page.status == 200

    def test_web_workers_and_beat_run_beside_the_servers(self, launch: Launch) -> None:
        lines = [
            " ".join(child.cmdline()) for child in psutil.Process(launch.process.pid).children()
        ]
        assert sorted(program_name(line) for line in lines) == [
            "beat",
            "messenger",
            "postgres",
            "valkey",
            "web",
            "worker",
        ]

    def test_a_second_launcher_says_that_one_is_running(self, launch: Launch, folder: Path) -> None:
        answer = run(clean_environment(folder), "-m", "config.servers.launcher")
        assert (answer.returncode, answer.stdout) == (1, "")
        assert answer.stderr == (
            f"Yihao: Already running from {folder}: make run (process {launch.process.pid}). "
            "Stop it first, or set YIHAO_STATE_DIR to run a second one beside it.\n"
        )

    def test_commands_use_its_servers(self, launch: Launch) -> None:
        before = psutil.Process(launch.process.pid).children()
        code = "from offices.models import Office; print(Office.objects.count() > 0)"
        assert shell(launch.environment, code).stdout == "True\n"
        assert psutil.Process(launch.process.pid).children() == before

    def test_a_program_that_dies_is_started_again(self, launch: Launch) -> None:
        beat = next(
            child
            for child in psutil.Process(launch.process.pid).children()
            if program_name(" ".join(child.cmdline())) == "beat"
        )
        beat.kill()
        assert launch.process.stdout.readline() == (
            "beat stopped and is being started again; its log is "
            f"{launch.environment['YIHAO_STATE_DIR']}/logs/beat.log.\n"
        )


NOTE = (
    "from django.contrib.sessions.models import Session as S; notes = S.objects.filter(pk='kept')"
)


def test_ctrl_c_stops_everything_and_keeps_the_data(
    environment: dict[str, str], folder: Path
) -> None:
    with launched(environment) as launch:
        code = f"{NOTE}; S.objects.create(pk='kept', expire_date='2099-01-01T00:00Z')"
        assert shell(environment, code).stderr == ""
        said = launch.end(signal.SIGINT)
        assert said == f"Stopping …\nStopped. The data stay in {folder}.\n"
        assert launch.process.returncode == 0
        assert launch.survivors() == []
    assert shell(environment, f"{NOTE}; print(notes.count())").stdout == "1\n"


def test_a_killed_launcher_leaves_no_process_and_the_data_can_be_used_at_once(
    environment: dict[str, str],
) -> None:
    with launched(environment) as launch:
        launch.end(signal.SIGKILL)
        answer = shell(environment, f"{NOTE}; print('here', notes.count() < 2)")
        assert answer.stdout == "here True\n"
        assert launch.survivors() == []


def test_it_ends_with_the_process_that_it_follows(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m config.servers.launcher --follow-parent & wait"
    with launched(environment, "/bin/sh", "-c", command) as parent:
        parent.end(signal.SIGKILL)
        assert parent.survivors() == []


def test_it_loads_neither_django_nor_celery(environment: dict[str, str]) -> None:
    code = "import config.servers.launcher, sys; print({'django', 'celery'} & set(sys.modules))"
    assert run(environment, "-c", code).stdout == "set()\n"


def test_a_taken_port_is_one_sentence(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["PORT"])))
        other.listen()
        answer = run(environment, "-m", "config.servers.launcher")
    assert answer.returncode == 1
    assert answer.stderr.startswith(
        f"Yihao: Port {environment['PORT']} is taken by another program: choose another one"
    )
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["web", "0", "70000"])
def test_a_port_that_is_none_is_one_sentence(environment: dict[str, str], port: str) -> None:
    answer = run({**environment, "PORT": port}, "-m", "config.servers.launcher")
    assert (answer.returncode, answer.stderr) == (
        1,
        f"Yihao: PORT is {port!r}; it must be a number from 1 to 65535.\n",
    )


def test_with_servers_named_none_is_started(environment: dict[str, str]) -> None:
    named = {name: os.environ[name] for name in VARIABLES}
    with launched({**environment, **named}) as launch:
        assert "Starting the servers" not in launch.greeting
        lines = [
            " ".join(child.cmdline()) for child in psutil.Process(launch.process.pid).children()
        ]
        assert sorted(program_name(line) for line in lines) == [
            "beat",
            "messenger",
            "web",
            "worker",
        ]
