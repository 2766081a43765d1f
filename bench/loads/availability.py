"""Places left, as days and as windows, by the API and on the citizen's page.

A process reads the places of a line once a second and shows them to everybody, however many ask.
With PLACES_KEPT_SECONDS=0 it reads them for each question: what a question costs that nobody else
asked. That cost must not grow with the number of bookings and offices.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from bench.costs import Costs
from bench.figures import Figure, in_turn
from bench.loads import empty_view
from bench.scene import LINE, set_scene
from bench.stage import Options, Stage
from bench.visitors import visitors
from bench.wrk import SCRIPTS, Load, wrk

TITLE = "Availability"
CONNECTIONS = 16
# So many offices at most are asked about, a few days ahead of each.
OFFICES = 200
DAYS = range(1, 6)
API = "/api/v1/offices"
KEPT, READ = "from the board", "read anew"


@dataclass(frozen=True)
class Question:
    """A path, with the session of who asks."""

    path: str
    session: str = ""

    @property
    def line(self) -> str:
        return f"{self.path}\t{'sessionid=' + self.session if self.session else ''}\n"


def run(stage: Stage, options: Options) -> list[Figure]:
    scene = set_scene(stage, slots=1, capacity=1)
    return measure(stage, options, scene.offices)


def measure(stage: Stage, options: Options, offices: Sequence[str]) -> list[Figure]:
    """Rates and processor time, with windows of the coming days published at these offices."""
    asked = questions(stage, offices[:OFFICES])
    figures = _in_turn(stage, options, asked, KEPT)
    with nothing_kept(stage):
        return figures + _in_turn(stage, options, asked, READ)


def questions(stage: Stage, offices: Sequence[str]) -> dict[str, list[Question]]:
    """What is asked about these offices, by name."""
    return {
        "days": [Question(f"{API}/{code}/days/?line={LINE}") for code in offices],
        "windows": windows(offices),
        "page of times": [Question("/book/time/", session) for session in visitors(stage, offices)],
    }


def windows(offices: Sequence[str]) -> list[Question]:
    """What is left on some of the coming days."""
    today = dt.datetime.now(dt.UTC).date()
    dates = [today + dt.timedelta(days=offset) for offset in DAYS]
    return [
        Question(f"{API}/{code}/slots/?line={LINE}&date={date}")
        for code in offices
        for date in dates
    ]


@contextmanager
def nothing_kept(stage: Stage) -> Iterator[None]:
    """Every question is read anew."""
    stage.environment["PLACES_KEPT_SECONDS"] = "0"
    stage.restart("web")
    try:
        yield
    finally:
        del stage.environment["PLACES_KEPT_SECONDS"]
        stage.restart("web")


def _in_turn(
    stage: Stage, options: Options, questions: dict[str, list[Question]], how: str
) -> list[Figure]:
    # Half as long each: there are many of them, and they are steady.
    seconds = options.seconds / 2
    costs = Costs(stage)
    asks: dict[str, Callable[[], Load]] = {
        f"{name}, {how}": partial(ask, stage, asked, seconds) for name, asked in questions.items()
    }
    for warm_up in asks.values():
        warm_up()
    measurements = {name: partial(costs.of, name, asking) for name, asking in asks.items()}
    empty = f"empty view beside what is {how}"
    taken = in_turn(
        {empty: partial(empty_view.measure, stage, CONNECTIONS, seconds), **measurements},
        options.rounds,
        stage.settle,
    )
    base = Figure(empty, "requests/s", taken.pop(empty))
    rates = [Figure(name, "requests/s", rounds) for name, rounds in taken.items()]
    return [base, *(rate.compared(base, "empty view") for rate in rates), *costs.figures()]


def ask(
    stage: Stage,
    questions: Sequence[Question],
    seconds: float,
    connections: int = CONNECTIONS,
) -> Load:
    """Ask all of them in turn, again and again."""
    file = stage.state.root / "questions.tsv"
    file.write_text("".join(question.line for question in questions))
    load = wrk(
        stage.base,
        connections=connections,
        seconds=seconds,
        script=SCRIPTS / "ask.lua",
        arguments=[str(file)],
    )
    return load.require(200)
