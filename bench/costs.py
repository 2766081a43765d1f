"""What a request costs beside its rate: processor time by program, and waiting.

Processor time is steadier than rates are, and it says where a request is expensive.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bench.figures import Figure
from bench.stage import Stage
from bench.wrk import Load


class Answered(Protocol):
    """What wrk or pgbench counted."""

    @property
    def requests(self) -> int: ...

    @property
    def rate(self) -> float: ...


PROGRAMS = ("web", "postgres", "valkey")


@dataclass
class Costs:
    """Milliseconds per request, by what was measured and by program or percentile."""

    stage: Stage
    spent: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    waited: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(
        self, name: str, measure: Callable[[], Answered], programs: Sequence[str] = PROGRAMS
    ) -> float:
        """The rate of a load, whose costs are noted under `name`."""
        before = {program: self.stage.cpu_seconds(program) for program in programs}
        load = measure()
        for program in programs:
            seconds = self.stage.cpu_seconds(program) - before[program]
            self.spent[name, program].append(1000 * seconds / load.requests)
        if isinstance(load, Load):
            self.waited[name, "half answered within"].append(load.p50_ms)
            self.waited[name, "99 % answered within"].append(load.p99_ms)
        return load.rate

    def in_all(self, name: str) -> list[float]:
        """Processor time of all programs together, in milliseconds a request, round by round."""
        rounds = [spent for (noted, _program), spent in self.spent.items() if noted == name]
        return [sum(programs) for programs in zip(*rounds, strict=True)]

    def figures(self) -> list[Figure]:
        return [
            Figure(f"{name}: {what}", unit, rounds)
            for noted, unit in ((self.waited, "ms"), (self.spent, "ms of processor time a request"))
            for (name, what), rounds in noted.items()
        ]
