"""Tools that only the measurements need, in an environment of their own: locust, py-spy.

What is pinned in bench/requirements.txt is installed into .state/bench/venv on first use.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from bench.stage import bench_folder

PINNED = Path(__file__).resolve().parent / "requirements.txt"


def program(name: str) -> Path:
    """The path of a tool, e.g. "py-spy". Raises subprocess.CalledProcessError."""
    return _environment() / "bin" / name


def _environment() -> Path:
    folder = bench_folder() / "venv"
    stamp = folder / ".installed"
    wanted = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing the tools of the measurements …", flush=True)
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--allow-existing", str(folder)], check=True)
        install = [*uv, "pip", "sync", "--require-hashes", "--python", str(folder / "bin/python")]
        subprocess.run([*install, str(PINNED)], check=True)
        stamp.write_text(wanted)
    return folder
