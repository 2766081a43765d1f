"""Processor time per request: steadier than rates, and it says where a request is expensive."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.figures import Figure
from bench.stage import Stage
from bench.wrk import Load


@dataclass
class Costs:
    """Milliseconds of processor time per request, by what was measured and program."""

    stage: Stage
    programs: tuple[str, ...] = ("web", "postgres", "valkey")
    spent: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, name: str, measure: Callable[[], Load]) -> float:
        """The rate of a load, whose costs are noted under `name`."""
        before = self._now()
        load = measure()
        after = self._now()
        for program in self.programs:
            seconds = after[program] - before[program]
            self.spent[name, program].append(1000 * seconds / load.requests)
        return load.rate

    def figures(self) -> list[Figure]:
        return [
            Figure(f"{name}: {program}", "ms of processor time a request", rounds)
            for (name, program), rounds in self.spent.items()
        ]

    def _now(self) -> dict[str, float]:
        return {program: self.stage.cpu_seconds(program) for program in self.programs}
