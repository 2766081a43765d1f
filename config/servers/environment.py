"""Fill in what Django's settings read, before they are loaded.

A variable that is already set is left alone: with DATABASE_URL and REDIS_URL set, no server of
ours is started and no key is made.
"""

import atexit
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import IO

from config.servers.errors import ServersError
from config.servers.keys import Keys, load_keys
from config.servers.pair import (
    START_SECONDS,
    Started,
    publish,
    published,
    start_servers,
    stop_servers,
    withdraw,
)
from config.servers.state import (
    State,
    holder,
    join_users,
    open_state,
    outlast_users,
    state_root,
    try_lock,
)

VARIABLES = ("DATABASE_URL", "REDIS_URL")

# These read the source or write files, and must work while an image is built.
COMMANDS_WITHOUT_SERVERS = {
    "collectstatic",
    "compilemessages",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "version",
}

# Kept open until the process ends: closing them would give the locks back.
_held: list[IO[str]] = []


def ensure_servers(arguments: Sequence[str]) -> None:
    """Prepare the environment for `manage.py` with these arguments.

    Uses the servers that run for this checkout, or starts them until the process ends.
    """
    if not _needs_servers(arguments):
        _fill_in({"DJANGO_SECRET_KEY": secrets.token_urlsafe(50)})
        return
    missing = missing_variables()
    if not missing:
        _fill_in(_existing_keys())
        return
    state = open_state(state_root())
    keys = load_keys(state)
    _fill_in(keys.environment())
    _fill_in(_borrow_or_start(state, keys, missing, f"manage.py {arguments[0]}"))


def missing_variables() -> list[str]:
    """Return which servers the environment doesn't name."""
    return [name for name in VARIABLES if not os.environ.get(name)]


def _needs_servers(arguments: Sequence[str]) -> bool:
    if not arguments or arguments[0].startswith("-") or arguments[0] in COMMANDS_WITHOUT_SERVERS:
        return False
    return not {"-h", "--help"} & set(arguments)


def _fill_in(variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        os.environ[name] = os.environ.get(name) or value


def _existing_keys() -> dict[str, str]:
    """Return this checkout's keys if it has any; real servers never get keys made on the fly.

    They would be lost with the machine, and the personal data with them.
    """
    state = State(state_root())
    return load_keys(state).environment() if state.secrets_file.exists() else {}


def _borrow_or_start(
    state: State, keys: Keys, missing: Sequence[str], purpose: str
) -> Mapping[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        urls = _borrow(state)
        if urls.keys() >= set(missing):
            return urls
        owner = try_lock(state, purpose)
        if owner is not None:
            _held.append(owner)
            return _start_until_exit(state, keys, missing)
        time.sleep(0.1)
    raise ServersError(
        f"The servers of {state.root} don't answer, though they are held by {holder(state)}; "
        f"their logs are in {state.logs}."
    )


def _borrow(state: State) -> Mapping[str, str]:
    """Return the addresses of servers that another process runs, and keep it from stopping them."""
    ticket = join_users(state)
    urls = published(state)
    if urls:
        _held.append(ticket)
    else:
        ticket.close()
    return urls


def _start_until_exit(state: State, keys: Keys, missing: Sequence[str]) -> Mapping[str, str]:
    started = start_servers(state, keys, missing)
    atexit.register(_stop_at_exit, state, started)
    urls = {one.server.variable: one.url for one in started}
    publish(state, urls)
    return urls


def _stop_at_exit(state: State, started: Sequence[Started]) -> None:
    _held.append(outlast_users(state))
    withdraw(state)
    stop_servers(started)
