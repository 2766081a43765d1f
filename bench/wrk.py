"""wrk, the load tool: a closed loop over a fixed number of connections that stay open.

bench/wrk/*.lua count the answers by status and print one line of JSON for us. Where wrk's own
latencies are quoted, remember the closed loop: a slow answer delays the next question.
"""

import json
import math
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.stage import PROXY_HEADERS

SCRIPTS = Path(__file__).resolve().parent / "wrk"
MARK = "bench: "


class WrkError(Exception):
    """What went wrong, in a sentence."""


@dataclass(frozen=True)
class Load:
    """What one run saw. `statuses` counts answers, `socket_errors` what never became one."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    socket_errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float

    @property
    def rate(self) -> float:
        """Requests answered per second."""
        return self.requests / self.seconds

    def require(self, *expected: int) -> "Load":
        """This load, if every answer had one of these statuses. Raises WrkError otherwise."""
        strange = {code: n for code, n in self.statuses.items() if code not in expected}
        if strange or self.socket_errors or not self.requests:
            raise WrkError(
                f"Expected only {expected}: {self.requests} answers, statuses {self.statuses}, "
                f"{self.socket_errors} socket errors."
            )
        return self


def wrk(
    url: str,
    *,
    connections: int,
    seconds: float,
    script: Path | None = None,
    arguments: Sequence[str] = (),
    threads: int = 2,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Ask `url` for so long. Without a script: GET, again and again.

    `arguments` go to the script; `headers` are sent with every request. Raises WrkError.
    """
    program = shutil.which("wrk")
    if program is None:
        raise WrkError("wrk is missing; on Debian and Ubuntu: apt-get install wrk")
    command = [program, "--threads", str(min(threads, connections))]
    command += ["--connections", str(connections), "--duration", f"{math.ceil(seconds)}s"]
    command += ["--timeout", "30s", "--script", str(script or SCRIPTS / "get.lua")]
    for name, value in {**PROXY_HEADERS, **(headers or {})}.items():
        command += ["--header", f"{name}: {value}"]
    # Its scripts share what stands in their folder.
    result = subprocess.run(
        [*command, url, "--", *arguments], cwd=SCRIPTS, capture_output=True, text=True
    )
    if result.returncode != 0:
        raise WrkError(f"wrk failed: {(result.stderr or result.stdout)[-2000:]}")
    return parse(result.stdout)


def parse(printed: str) -> Load:
    """Read what wrk and our script printed. Raises WrkError."""
    marked = [line for line in printed.splitlines() if line.startswith(MARK)]
    if len(marked) != 1:
        raise WrkError(f"wrk printed no figures: {printed[-2000:]}")
    seen = json.loads(marked[0].removeprefix(MARK))
    if seen["exhausted"]:
        raise WrkError("The request bodies ran out: make more of them, or measure less long.")
    return Load(
        requests=seen["requests"],
        seconds=seen["microseconds"] / 1e6,
        statuses={int(code): count for code, count in seen["statuses"].items()},
        socket_errors=sum(seen["errors"].values()),
        p50_ms=seen["p50"] / 1e3,
        p95_ms=seen["p95"] / 1e3,
        p99_ms=seen["p99"] / 1e3,
        max_ms=seen["max"] / 1e3,
    )
