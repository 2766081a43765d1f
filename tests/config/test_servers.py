"""The embedded servers: real processes, real files."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from config.servers import account, pair, postgres, state, valkey
from config.servers.account import server_account
from config.servers.errors import ServersError, sentence
from config.servers.keys import load_keys
from config.servers.pair import THROWAWAY, Started, start_servers, stop_servers
from config.servers.state import (
    State,
    lock,
    open_data,
    open_state,
    remove_state,
    try_lock,
)

BOTH = ("DATABASE_URL", "REDIS_URL")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="yihao-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    for root in folder.glob("*/.state"):
        remove_state(State(root))
    shutil.rmtree(folder)


@pytest.fixture
def place(folder: Path) -> State:
    return open_state(folder / "checkout" / ".state")


@contextmanager
def running(place: State, variables: tuple[str, ...] = BOTH) -> Iterator[dict[str, Started]]:
    started = start_servers(place, load_keys(place), variables, THROWAWAY)
    try:
        yield {one.server.name: one for one in started}
    finally:
        stop_servers(started)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def start_error(place: State) -> str:
    with pytest.raises(ServersError) as caught, running(place):
        pass
    return str(caught.value)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- Starting and stopping


def test_both_servers_answer_and_leave_no_process_behind(place: State) -> None:
    with running(place) as servers:
        assert query(servers["postgres"].url, "SELECT current_database(), current_user") == [
            ("yihao", "yihao")
        ]
        assert redis.Redis.from_url(servers["valkey"].url).ping() is True
        processes = [one.running.process for one in servers.values()]
        everyone = [
            member
            for process in processes
            for member in (psutil.Process(process.pid), *psutil.Process(process.pid).children(True))
        ]
    assert psutil.wait_procs(everyone, timeout=5)[1] == []
    assert [process.returncode for process in processes] == [0, 0]


def test_data_are_kept_over_a_restart(place: State) -> None:
    durable = start_servers(place, load_keys(place), BOTH)
    try:
        query(durable[0].url, "CREATE TABLE note AS SELECT 'kept' AS text")
        redis.Redis.from_url(durable[1].url).set("note", "kept")
    finally:
        stop_servers(durable)
    durable = start_servers(place, load_keys(place), BOTH)
    try:
        assert query(durable[0].url, "SELECT text FROM note") == [("kept",)]
        assert redis.Redis.from_url(durable[1].url).get("note") == b"kept"
    finally:
        stop_servers(durable)


def test_only_the_missing_server_is_started(place: State) -> None:
    with running(place, ("REDIS_URL",)) as servers:
        assert list(servers) == ["valkey"]
    assert not (place.servers / "postgres").exists()


def test_a_stranger_without_the_password_is_refused(place: State) -> None:
    with running(place) as servers:
        stranger = servers["postgres"].url.replace(load_keys(place).postgres_password, "guess")
        assert postgres.signs_in(stranger) is False
        assert valkey.signs_in(f"redis://127.0.0.1:{servers['valkey'].port}/0") is False


def test_no_command_line_shows_a_password(place: State) -> None:
    keys = load_keys(place)
    with running(place) as servers:
        shown = [psutil.Process(one.running.process.pid).cmdline() for one in servers.values()]
    assert not any(
        password in part
        for line in shown
        for part in line
        for password in (keys.postgres_password, keys.valkey_password)
    )


@as_root
def test_servers_started_by_root_run_as_another_user(place: State) -> None:
    with running(place) as servers:
        users = {psutil.Process(one.running.process.pid).uids().real for one in servers.values()}
    assert users == {server_account().uid}
    assert 0 not in users


def test_an_interrupted_initialisation_is_done_again(place: State) -> None:
    data = open_data(place, server_account())
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with running(place) as servers:
        assert query(servers["postgres"].url, "SELECT 1") == [(1,)]


def test_the_note_of_a_postmaster_long_gone_is_ignored(place: State) -> None:
    with running(place, ("DATABASE_URL",)):
        pass
    # This process's own id: alive, and a stranger.
    (place.servers / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with running(place, ("DATABASE_URL",)) as servers:
        assert query(servers["postgres"].url, "SELECT 1") == [(1,)]


def test_a_port_that_is_snatched_meanwhile_is_given_up(
    place: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(place, ("REDIS_URL",)) as first:
        taken, free = first["valkey"].port, pair.free_port()
        ports = iter([taken, free])
        monkeypatch.setattr(pair, "free_port", lambda: next(ports))
        with running(place, ("DATABASE_URL",)) as second:
            assert second["postgres"].port == free


# --- What goes wrong is one sentence


def test_a_server_that_does_not_come_up_is_named_with_its_log(place: State) -> None:
    with running(place, ("DATABASE_URL",)):
        pass
    (place.servers / "postgres" / "postgresql.conf").write_text("nonsense\n")
    assert start_error(place) == (
        f"PostgreSQL stopped while starting; the reason is at the end of {place.log('postgres')}."
    )


def test_a_database_of_another_version_is_left_alone(place: State) -> None:
    with running(place, ("DATABASE_URL",)):
        pass
    (place.servers / "postgres" / "PG_VERSION").write_text("17\n")
    assert start_error(place) == (
        f"The database in {place.servers / 'postgres'} was written by PostgreSQL 17, and this "
        "version of Yihao brings 18. docs/operations.md says how to move it."
    )


def test_a_full_disk_is_named_before_anything_is_started(
    place: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(place.root).free
    monkeypatch.setattr(state, "NEEDED_BYTES", free * 2)
    assert start_error(place).endswith("MB are needed. Free some and start again.")
    assert not (place.servers / "postgres").exists()


def test_an_error_of_the_system_is_one_sentence() -> None:
    assert sentence(OSError(28, "No space left on device", "/var/x")) == (
        "There is no space left on the disk (/var/x). Free some and start again."
    )
    assert sentence(PermissionError(13, "Permission denied", "/x")) == "Permission denied (/x)."


def test_a_user_without_a_passwd_entry_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.os, "geteuid", lambda: 54321)
    with pytest.raises(ServersError, match="The user id 54321 has no entry in /etc/passwd"):
        server_account()


@as_root
def test_the_state_of_another_user_is_not_touched(place: State) -> None:
    os.chown(place.root, 65534, 65534)
    with pytest.raises(ServersError, match=r"belongs to nobody\. Run as nobody"):
        open_state(place.root)


# --- Keys


def test_keys_are_made_once_and_only_their_owner_reads_them(place: State) -> None:
    first = load_keys(place)
    assert load_keys(place) == first
    assert mode(place.secrets_file) == 0o600
    assert sorted(first.environment()) == ["DJANGO_SECRET_KEY", "FIELD_KEY", "HASH_KEY"]


def test_no_other_account_can_list_the_state_folder(place: State) -> None:
    assert mode(place.root) & 0o044 == 0
    assert mode(place.logs) == 0o700


def test_lost_keys_are_not_replaced_while_their_database_is_there(place: State) -> None:
    with running(place, ("DATABASE_URL",)):
        pass
    place.secrets_file.unlink()
    with pytest.raises(ServersError, match=r"secrets.json is gone, and the database in .* can't"):
        load_keys(place)
    assert not place.secrets_file.exists()


def test_damaged_keys_are_named(place: State) -> None:
    load_keys(place)
    place.secrets_file.write_text("{")
    with pytest.raises(ServersError, match=r"secrets\.json is damaged; put back a good copy\."):
        load_keys(place)


# --- One state, one holder


def test_a_second_holder_is_told_who_the_first_is(place: State) -> None:
    with lock(place, "make run"):
        assert try_lock(place, "other") is None
        with pytest.raises(ServersError) as caught:
            lock(place, "other")
        assert str(caught.value) == (
            f"Already running from {place.root}: make run (process {os.getpid()}). "
            "Stop it first, or set YIHAO_STATE_DIR to run a second one beside it."
        )
    lock(place, "other").close()


@as_root
def test_data_that_the_account_could_not_reach_are_linked(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    place = open_state(home / ".state")
    with running(place) as servers:
        assert query(servers["postgres"].url, "SELECT 1") == [(1,)]
    data = place.servers.resolve()
    assert data.parent == state.SHARED_DATA
    remove_state(place)
    assert not data.exists()


@as_root
def test_a_moved_checkout_keeps_its_data_and_a_copy_gets_its_own(folder: Path) -> None:
    folder.chmod(0o700)
    account = server_account()
    first = open_state(folder / "first" / ".state")
    data = open_data(first, account)
    (folder / "first").rename(folder / "moved")
    moved = open_state(folder / "moved" / ".state")
    assert open_data(moved, account) == data
    shutil.copytree(folder / "moved", folder / "copy", symlinks=True)
    copy = open_state(folder / "copy" / ".state")
    assert open_data(copy, account) != data
    assert open_data(moved, account) == data
