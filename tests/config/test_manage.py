"""`manage.py` finds this checkout's servers, or starts them for the time of the command."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.servers.environment import VARIABLES
from config.servers.postgres import signs_in
from config.servers.state import CHECKOUT, State, remove_state


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="yihao-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    remove_state(State(folder / "checkout" / ".state"))
    shutil.rmtree(folder)


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """A shell's environment in which nothing of Yihao is set but the state folder."""
    ours = {*VARIABLES, "DJANGO_SECRET_KEY", "FIELD_KEY", "HASH_KEY"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return {**clean, "YIHAO_STATE_DIR": str(folder / "checkout" / ".state"), "DEMO": "1"}


def manage(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_code(environment: dict[str, str], code: str) -> subprocess.Popen[str]:
    return manage(environment, "shell", "--no-imports", "-c", code)


ADDRESSES = (
    "import json, os; print(json.dumps([os.environ['DATABASE_URL'], os.environ['REDIS_URL']]))"
)
SERVER_VERSION = "from django.db import connection as c; c.ensure_connection(); print(c.pg_version)"


def test_a_command_starts_servers_for_its_own_time(environment: dict[str, str]) -> None:
    out, err = run_code(environment, f"{SERVER_VERSION}; {ADDRESSES}").communicate()
    version, addresses = out.splitlines()
    assert (int(version) // 10000, err) == (18, "")
    assert signs_in(json.loads(addresses)[0]) is False


def test_a_command_with_servers_named_starts_none(
    environment: dict[str, str], folder: Path
) -> None:
    named = {name: os.environ[name] for name in VARIABLES}
    out, _ = run_code({**environment, **named, "DJANGO_SECRET_KEY": "x"}, ADDRESSES).communicate()
    assert json.loads(out) == [named["DATABASE_URL"], named["REDIS_URL"]]
    assert list(folder.iterdir()) == []


def test_only_the_server_that_is_not_named_is_started(
    environment: dict[str, str], folder: Path
) -> None:
    named = {"DATABASE_URL": os.environ["DATABASE_URL"]}
    out, _ = run_code({**environment, **named}, ADDRESSES).communicate()
    database, broker = json.loads(out)
    assert database == named["DATABASE_URL"]
    assert broker != os.environ["REDIS_URL"]
    assert not (folder / "checkout/.state/servers/postgres").exists()


@pytest.mark.parametrize("arguments", [("help",), ("--version",), ("migrate", "--help")])
def test_a_command_without_need_of_servers_touches_nothing(
    environment: dict[str, str], folder: Path, arguments: tuple[str, ...]
) -> None:
    process = manage(environment, *arguments)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert out
    assert list(folder.iterdir()) == []


def test_a_command_uses_another_ones_servers_which_wait_for_it(
    environment: dict[str, str],
) -> None:
    wait = f"{SERVER_VERSION}; {ADDRESSES}; import sys; sys.stdout.flush(); sys.stdin.readline()"
    with run_code(environment, wait) as owner:
        seen = [owner.stdout.readline(), owner.stdout.readline()]
        with run_code(environment, f"{wait}; {SERVER_VERSION}") as guest:
            assert [guest.stdout.readline(), guest.stdout.readline()] == seen
            owner.stdin.write("\n")
            owner.stdin.flush()
            with pytest.raises(subprocess.TimeoutExpired):
                owner.wait(timeout=1)
            assert guest.communicate("\n") == (seen[0], "")
        assert owner.wait(timeout=20) == 0
