"""Build .venv with what a requirements file pins. Started by scripts/bootstrap.

Runs before anything is installed, so the standard library is all there is.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
# Outside .venv even when this runs inside.
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)

# For a Python without pip, as Debian's is until python3-venv is installed.
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def main(requirements: str) -> None:
    if not _runs(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        print("Creating .venv …", flush=True)
        _create()
    stamp = VENV / f".installed-{requirements}"
    wanted = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {requirements} into .venv …", flush=True)
    _install(requirements)
    stamp.write_text(wanted)


def _create() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    # Without pip it is there at once: the one outside will do, see `_pip`.
    if not _runs(BASE_PYTHON, "-m", "venv", "--clear", "--without-pip", str(VENV)):
        sys.exit("Yihao: .venv couldn't be created; is there space, and is the folder yours?")


def _install(requirements: str) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", requirements]
    if subprocess.run([*_pip(), "install", *options], cwd=ROOT, check=False).returncode != 0:
        sys.exit(
            "Yihao: the packages couldn't be installed; the reason stands above. "
            "PIP_INDEX_URL names a mirror."
        )


def _pip() -> list[str]:
    """Return the start of a command that installs into .venv."""
    inside = [PYTHON, "-m", "pip"]
    for pip in (inside, [BASE_PYTHON, "-m", "pip", "--python", PYTHON]):
        if _runs(*pip, "--version"):
            return pip
    if _runs(PYTHON, "-m", "ensurepip"):
        return inside
    return [PYTHON, str(_fetch_pip() / "pip")]


def _fetch_pip() -> Path:
    kept = VENV / PIP_WHEEL
    if kept.exists():
        return kept
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        page = _download(index).decode()
        found = re.search(rf'href="([^"]*{re.escape(PIP_WHEEL)})[#"]', page)
        wheel = _download(urljoin(index, found[1])) if found else b""
    except OSError as error:
        sys.exit(f"Yihao: this Python has no pip, and {index} can't be reached ({error}).")
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        sys.exit(f"Yihao: this Python has no pip, and {index} has no {PIP_WHEEL} that we trust.")
    kept.write_bytes(wheel)
    return kept


def _download(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the user's index
        return answer.read()


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    main(sys.argv[1])
