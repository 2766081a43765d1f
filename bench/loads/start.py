"""From a fresh clone to the first page, from `make run` to it the next time, and Ctrl-C.

The clone is of HEAD, without an environment; the packages are those that pip has on this disk.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.figures import Figure, Goal
from bench.launch import Launch, launch
from bench.stage import Options, Stage, bench_folder
from config.servers.state import CHECKOUT, State, remove_state

TITLE = "Start and stop"
# What is measured brings its own servers and programs.
STAGE = {"programs": ()}
COLD_SECONDS = 90
SECOND_SECONDS = 8
# A round is half a minute and longer.
MOST_ROUNDS = 3
SECOND_STARTS = 2


def run(stage: Stage, options: Options) -> list[Figure]:  # noqa: ARG001
    rounds = min(options.rounds, MOST_ROUNDS)
    cold: list[Launch] = []
    second: list[Launch] = []
    for number in range(1, rounds + 1):
        with fresh_clone() as checkout:
            cold.append(launch(checkout))
            second += [launch(checkout) for _start in range(SECOND_STARTS)]
        print(
            f"  round {number} of {rounds}: cold {cold[-1].first_page:.1f} s,"
            f" then {second[-1].first_page:.1f} s",
            flush=True,
        )
    return figures(cold, second)


@contextmanager
def fresh_clone() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="clone-", dir=bench_folder()) as folder:
        # As after `git clone` at a usual place; a closed folder would cost a copy of PostgreSQL.
        Path(folder).chmod(0o755)
        checkout = Path(folder, "yihao")
        subprocess.run(["git", "clone", "--quiet", CHECKOUT, checkout], check=True)
        try:
            yield checkout
        finally:
            remove_state(State(checkout / ".state"))


def figures(cold: Sequence[Launch], second: Sequence[Launch]) -> list[Figure]:
    stops = [one.stop for one in (*cold, *second)]
    return [
        start("fresh clone to first page", cold, COLD_SECONDS),
        start("second start", second, SECOND_SECONDS),
        Figure("Ctrl-C to the last process gone", "s", stops),
    ]


def start(name: str, launches: Sequence[Launch], limit: float) -> Figure:
    parts = {
        part: median(one.parts[part] for one in launches if part in one.parts)
        for part in launches[0].parts
    }
    note = ", ".join(f"{part} {seconds:.1f}" for part, seconds in parts.items())
    figure = Figure(name, "s", [one.first_page for one in launches], note=note)
    return replace(figure, goal=Goal(f"≤ {limit} s", figure.median <= limit))
