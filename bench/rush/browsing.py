"""The crowd at the pages: locust walks through them, and what it saw is read here."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import tools
from bench.rush.hall import Hall
from bench.stage import Stage

USERS = 256
SCRIPT = Path(__file__).resolve().parent / "locustfile.py"
BOOKED, FULL = "booked", "full"


@dataclass(frozen=True)
class Step:
    """One kind of request, e.g. POST when. `times` counts requests by milliseconds (rounded)."""

    method: str
    name: str
    requests: int
    failures: int
    times: Mapping[float, int]

    def percentile(self, share: float) -> float:
        """Milliseconds that `share` of the requests didn't exceed."""
        wanted, seen = share * sum(self.times.values()), 0
        for milliseconds in sorted(self.times):
            seen += self.times[milliseconds]
            if seen >= wanted:
                return milliseconds
        return 0.0


@dataclass(frozen=True)
class Outcome:
    """How it ended for one person. Unix times; connections that had to be opened again."""

    person: int
    outcome: str
    begun: float
    ended: float
    reopened: int = 0


@dataclass(frozen=True)
class Visit:
    """A crowd of so many `people` at the pages, for so many `places`."""

    steps: Sequence[Step]
    outcomes: Sequence[Outcome]
    people: int
    places: int

    @property
    def requests(self) -> int:
        return sum(step.requests for step in self.steps)

    @property
    def seconds(self) -> float:
        return max(o.ended for o in self.outcomes) - min(o.begun for o in self.outcomes)

    @property
    def seconds_to_sell(self) -> float:
        """From the first person to the confirmation of the last place."""
        ends = [o.ended for o in self.outcomes if o.outcome == BOOKED]
        return max(ends, default=0.0) - min(o.begun for o in self.outcomes)

    @property
    def ends(self) -> Counter[str]:
        return Counter(outcome.outcome for outcome in self.outcomes)

    def all_steps(self) -> Step:
        times: Counter[float] = Counter()
        for step in self.steps:
            times.update(step.times)
        failures = sum(step.failures for step in self.steps)
        return Step("", "all", self.requests, failures, times)

    def complaints(self) -> list[str]:
        """What the pages did wrong; empty when all is well."""
        ends = self.ends
        strange = {end: n for end, n in ends.items() if end not in (BOOKED, FULL)}
        failures = [f"{s.failures} × {s.method} {s.name} failed" for s in self.steps if s.failures]
        return [
            *([f"{ends[BOOKED]} places went of {self.places}"] * (ends[BOOKED] != self.places)),
            *([f"people were left without an answer: {strange}"] if strange else []),
            *(
                [f"{len(self.outcomes)} of {self.people} people came to an end"]
                if len(self.outcomes) != self.people
                else []
            ),
            *failures,
        ]


def visit(
    stage: Stage, hall: Hall, crowd: Iterable[Mapping[str, Any]], places: int, mailbox: Path
) -> Visit:
    """Send the crowd through the pages. Raises RuntimeError when locust breaks down."""
    crowd = list(crowd)
    folder = Path(tempfile.mkdtemp(prefix="rush-", dir=stage.state.root))
    plan = {
        "crowd": str(folder / "crowd"),
        "outcomes": str(folder / "outcomes"),
        "mailbox": str(mailbox),
        "office": hall.office,
    }
    lines = [json.dumps(person, ensure_ascii=False) for person in crowd]
    (folder / "crowd").write_text("\n".join(lines), encoding="utf-8")
    (folder / "plan").write_text(json.dumps(plan))
    printed = _locust(stage.base, folder)
    outcomes = parse_outcomes((folder / "outcomes").read_text().splitlines())
    return Visit(parse_steps(printed), outcomes, len(crowd), places)


def _locust(base: str, folder: Path) -> str:
    command = [str(tools.program("locust")), "--locustfile", str(SCRIPT), "--host", base]
    command += ["--headless", "--users", str(USERS), "--spawn-rate", str(USERS)]
    command += ["--only-summary", "--json", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    environment = {**os.environ, "BENCH_RUSH": str(folder / "plan")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"locust failed:\n{result.stderr[-4000:]}")
    return result.stdout


def parse_steps(printed: str) -> list[Step]:
    """What `locust --json` prints."""
    return [
        Step(
            entry["method"],
            entry["name"],
            entry["num_requests"],
            entry["num_failures"],
            {float(time): count for time, count in entry["response_times"].items()},
        )
        for entry in json.loads(printed)
    ]


def parse_outcomes(lines: Iterable[str]) -> list[Outcome]:
    return [Outcome(**json.loads(line)) for line in lines]
