"""The state folder: what belongs to one checkout and outlives a run.

.state/                  or YIHAO_STATE_DIR
    secrets.json         keys and passwords, readable by its owner only
    lock, users          who runs the servers, who uses them
    servers.json         the addresses of the running servers
    servers/             the servers' data, or a link to it, see `_place_data`
    logs/  static/  beat-schedule
"""

import fcntl
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.servers.account import Account
from config.servers.errors import ServersError

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_DATA = Path("/var/lib/yihao")
NEEDED_BYTES = 300 * 1024**2


@dataclass(frozen=True)
class State:
    """The places inside one state folder."""

    root: Path

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    @property
    def users_file(self) -> Path:
        return self.root / "users"

    @property
    def registry(self) -> Path:
        return self.root / "servers.json"

    @property
    def servers(self) -> Path:
        return self.root / "servers"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "beat-schedule"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def state_root() -> Path:
    """Return where this checkout's state is or would be, without creating it."""
    return Path(os.environ.get("YIHAO_STATE_DIR") or CHECKOUT / ".state").absolute()


def open_state(root: Path) -> State:
    """Create the folder if it is missing. One user's state is never shared with another's."""
    state = State(root)
    root.mkdir(parents=True, exist_ok=True)
    _require_own(root)
    # The servers' account passes through to its own folder inside; it can't list this one.
    root.chmod(0o711 if os.geteuid() == 0 else 0o700)
    state.logs.mkdir(mode=0o700, exist_ok=True)
    return state


def open_data(state: State, account: Account | None) -> Path:
    """Return the folder of the servers' data, made reachable for their account."""
    if not state.servers.exists():
        # A dangling link: the data were removed by hand.
        state.servers.unlink(missing_ok=True)
        _place_data(state, account)
    elif state.servers.is_symlink():
        _claim_data(state, account)
    data = state.servers.resolve()
    if account is not None and not account.can_enter(data):
        raise ServersError(
            f"The account that runs the servers can't reach {data}. Open the folders above it "
            "with chmod o+x, or set YIHAO_STATE_DIR to a folder outside a closed home."
        )
    _require_space(data)
    return data


def lock(state: State, purpose: str) -> IO[str]:
    """Hold the state folder for this process; the kernel lets go of it when the process ends.

    Raises ServersError naming the holder when it is held.
    """
    handle = try_lock(state, purpose)
    if handle is None:
        raise ServersError(
            f"Already running from {state.root}: {holder(state)}. Stop it first, or set "
            "YIHAO_STATE_DIR to run a second one beside it."
        )
    return handle


def try_lock(state: State, purpose: str) -> IO[str] | None:
    """Like `lock`, but return None when another process holds the folder."""
    handle = state.lock_file.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    handle.truncate(0)
    handle.write(f"{purpose} (process {os.getpid()})")
    handle.flush()
    return handle


def holder(state: State) -> str:
    """Return the purpose and process that the lock was last taken for."""
    return state.lock_file.read_text() or "another process"


def join_users(state: State) -> IO[str]:
    """Say, until the handle is closed, that this process uses servers that another one runs."""
    handle = state.users_file.open("a")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def outlast_users(state: State) -> IO[str]:
    """Wait until nobody else uses the servers, and let nobody join while the handle is open."""
    handle = state.users_file.open("a")
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def remove_state(state: State) -> None:
    """Delete everything, the data outside the checkout included."""
    shutil.rmtree(state.servers.resolve(), ignore_errors=True)
    shutil.rmtree(state.root, ignore_errors=True)


def _place_data(state: State, account: Account | None) -> None:
    """Keep the data in the state folder, or link to a place that the account can reach.

    Root's own home is closed to other accounts, and opening it would be worse than a link.
    """
    if account is None or account.can_enter(state.root):
        state.servers.mkdir(mode=0o711)
        return
    name = f"{state.root.parent.name.strip('.') or 'state'}-{secrets.token_hex(4)}"
    folder = SHARED_DATA / name
    folder.mkdir(mode=0o711, parents=True)
    _owner_note(folder).write_text(str(state.root))
    state.servers.symlink_to(folder)


def _claim_data(state: State, account: Account | None) -> None:
    """Follow a checkout that was moved; give a copied one data of its own."""
    folder = state.servers.resolve()
    owner = State(Path(_owner_note(folder).read_text()))
    if owner.root == state.root:
        return
    if owner.servers.is_symlink() and owner.servers.resolve() == folder:
        state.servers.unlink()
        _place_data(state, account)
    else:
        _owner_note(folder).write_text(str(state.root))


def _owner_note(folder: Path) -> Path:
    return folder / "belongs-to"


def _require_own(root: Path) -> None:
    owner = root.stat().st_uid
    if owner == os.geteuid():
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"user id {owner}"
    raise ServersError(
        f"The state folder {root} belongs to {name}. Run as {name}, or set YIHAO_STATE_DIR to a "
        "folder of your own."
    )


def _require_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise ServersError(
            f"Only {free // 1024**2} MB are free on the disk that holds {folder}; "
            f"{NEEDED_BYTES // 1024**2} MB are needed. Free some and start again."
        )
