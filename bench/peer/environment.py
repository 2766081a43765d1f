"""pretix from PyPI, in an environment of its own: .state/bench/pretix."""

import hashlib
import subprocess
import sys
from pathlib import Path

from bench.stage import bench_folder

PINNED = Path(__file__).resolve().parent / "requirements.txt"


def python() -> Path:
    """pretix's interpreter, installed on first use. Raises subprocess.CalledProcessError."""
    folder = bench_folder() / "pretix"
    interpreter = folder / "bin" / "python"
    stamp = folder / ".installed"
    wanted = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing pretix …", flush=True)
        _install(folder, interpreter)
        stamp.write_text(wanted)
    return interpreter


def version() -> str:
    """The pinned version of pretix, e.g. "2026.8.0"."""
    pins = (line.partition("==") for line in PINNED.read_text().splitlines())
    return next(pin.split()[0] for name, _, pin in pins if name == "pretix")


def _install(folder: Path, interpreter: Path) -> None:
    uv = [sys.executable, "-m", "uv", "--quiet"]
    venv = [*uv, "venv", "--allow-existing", "--python", sys.executable, str(folder)]
    subprocess.run(venv, check=True)
    install = [*uv, "pip", "sync", "--require-hashes", "--python", str(interpreter)]
    subprocess.run([*install, str(PINNED)], check=True)
