"""What a request costs beside its rate: processor time by program, and waiting.

Processor time is steadier than rates are, and it says where a request is expensive.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.figures import Figure
from bench.stage import Stage
from bench.wrk import Load


@dataclass
class Costs:
    """Milliseconds per request, by what was measured and by program or percentile."""

    stage: Stage
    programs: tuple[str, ...] = ("web", "postgres", "valkey")
    spent: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    waited: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, name: str, measure: Callable[[], Load]) -> float:
        """The rate of a load, whose costs are noted under `name`."""
        before = self._now()
        load = measure()
        after = self._now()
        for program in self.programs:
            seconds = after[program] - before[program]
            self.spent[name, program].append(1000 * seconds / load.requests)
        self.waited[name, "half answered within"].append(load.p50_ms)
        self.waited[name, "99 % answered within"].append(load.p99_ms)
        return load.rate

    def figures(self) -> list[Figure]:
        return [
            Figure(f"{name}: {what}", unit, rounds)
            for noted, unit in ((self.waited, "ms"), (self.spent, "ms of processor time a request"))
            for (name, what), rounds in noted.items()
        ]

    def _now(self) -> dict[str, float]:
        return {program: self.stage.cpu_seconds(program) for program in self.programs}
