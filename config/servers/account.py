"""Whom the servers run as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.servers.errors import ServersError

NAME = "yihao"

# The servers see nothing of the caller's environment, which may hold keys and passwords.
MINIMAL_ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


@dataclass(frozen=True)
class Account:
    """A system account that owns the servers' data and processes."""

    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Ask the system rather than the mode bits: there may be access control lists."""
        question = ["/bin/sh", "-c", 'cd -- "$0"', str(folder)]
        options = self.popen_options()
        return subprocess.run(question, cwd="/", capture_output=True, **options).returncode == 0


def server_account(data: Path | None = None) -> Account | None:
    """Return the account to run the servers as; None means as the caller.

    `data`, where it exists, was written by the account that must go on using it.
    """
    if os.geteuid() != 0:
        _require_passwd_entry()
        return None
    if data is not None and data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    entry = _find(NAME) or _create(NAME) or _find("nobody")
    if entry is None:
        raise ServersError("There is no account to run PostgreSQL as: create one called yihao.")
    return entry


def give(path: Path, account: Account | None) -> None:
    """Make the account own a file that we created; nothing to do when we run as ourselves."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _require_passwd_entry() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise ServersError(
            f"The user id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL won't start "
            "without one. Add an entry, or set DATABASE_URL and REDIS_URL."
        ) from error


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _create(name: str) -> Account | None:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return _find(name)
