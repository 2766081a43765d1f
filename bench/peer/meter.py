"""Processor time of both houses and of the servers under them."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.peer.house import Peer
from bench.stage import Stage
from bench.wrk import Load

# Longer than our beat waits between two looks for messages.
QUIET_SECONDS = 2.5
QUIET_SHARE = 0.1
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time of one booking or order."""

    web: float
    worker: float
    servers: float

    @property
    def total(self) -> float:
        return self.web + self.worker + self.servers


@dataclass
class Meter:
    """`spent` has one value a round, by what was measured."""

    stage: Stage
    peer: Peer
    spent: dict[str, list[Spent]] = field(default_factory=lambda: defaultdict(list))

    def of(self, name: str, measure: Callable[[], Load], done: Callable[[], int]) -> float:
        """The rate of a load, noting its processor time and that of the work which it left.

        `done` counts what was made so far. Answers won't do: when wrk leaves, its last requests
        are still being worked on, and where those before were few they weigh a lot.
        """
        made, before = done(), self._now()
        load = measure()
        self.wait_for_quiet()
        passed = (end - begin for begin, end in zip(before, self._now(), strict=True))
        made = done() - made
        self.spent[name].append(Spent(*(1000 * seconds / made for seconds in passed)))
        return load.rate

    def bookings(self) -> int:
        return _only(self.stage.rows("SELECT count(*) FROM bookings_booking"))

    def orders(self) -> int:
        return _only(self.peer.rows("SELECT count(*) FROM pretixbase_order"))

    def wait_for_quiet(self) -> None:
        """Let both workers finish what was left to them, or they disturb what comes next."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            before = sum(self._now()[:2])
            time.sleep(QUIET_SECONDS)
            if sum(self._now()[:2]) - before < QUIET_SHARE * QUIET_SECONDS:
                return

    def _now(self) -> tuple[float, float, float]:
        """Seconds so far of the web servers, of what works behind them, and of the servers.

        Of both houses: the one that is not measured has nothing to do.
        """
        web = self.stage.cpu_seconds("web") + self.peer.cpu_seconds("web")
        ours = sum(map(self.stage.cpu_seconds, self.stage.programs))
        theirs = sum(map(self.peer.cpu_seconds, self.peer.programs))
        servers = sum(map(self.stage.cpu_seconds, ("postgres", "valkey")))
        return web, ours + theirs - web, servers


def _only(rows: list[tuple[int]]) -> int:
    [(count,)] = rows
    return count
