"""The ceiling: the statements of one booking without the product, run by pgbench.

The script is derived from what a real request of this very run asked: same tables, same indexes,
rows as wide, other slots and people each time. A copy stays in .state/bench/booking.sql.
"""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import derive
from bench.figures import Figure, in_turn
from bench.people import Crowd
from bench.pgbench import Transactions, pgbench
from bench.scene import Scene, set_scene
from bench.stage import Options, Stage, bench_folder
from bench.statements import BRACKETS, leanest_booking, shape

TITLE = "The ceiling"
SETS = ("single",)
CLIENTS = (8, 16)
SLOTS = 2000
CAPACITY = 100_000
# More than a run of pgbench books with one client (derive.py), times the clients.
_PEOPLE_A_RUN = 1_000_000 * (max(CLIENTS) + 1)


@dataclass
class Ceiling:
    """A script for this stage. People of pgbench are numbers, and none of the real crowd."""

    stage: Stage
    script: Path
    statements: list[str]
    variables: dict[str, int]
    next_person: int = 10_000_000_000

    def measure(self, clients: int, seconds: float) -> Transactions:
        """So many clients book, each as fast as it is answered."""
        variables = {**self.variables, "counter": 0, "first_person": self.next_person}
        self.next_person += _PEOPLE_A_RUN
        return pgbench(
            self.stage, self.script, clients=clients, seconds=seconds, variables=variables
        )

    @property
    def counted(self) -> list[str]:
        """What each statement does, transaction brackets left out."""
        return [each for each in map(shape, self.statements) if each not in BRACKETS]


def prepare(stage: Stage, scene: Scene, crowd: Crowd) -> Ceiling:
    """Book with the product, and derive the script from a booking that found all caches warm."""
    derive.set_ids_apart(stage)
    booking = leanest_booking(stage, scene, crowd)
    made = derive.made_by(stage, booking.order, f"bench-{booking.serial}")
    script = stage.state.root / "booking.sql"
    script.write_text(derive.script(booking.statements, made), encoding="utf-8")
    shutil.copy(script, bench_folder())
    return Ceiling(stage, script, booking.statements, _slots(stage, scene))


def _slots(stage: Stage, scene: Scene) -> dict[str, int]:
    """Where pgbench finds slots and their online quotas: both have ids without gaps."""
    quotas = stage.rows(
        "SELECT slot_id, min(id), count(*) FROM bookings_quota WHERE slot_id = ANY(%s)"
        " GROUP BY slot_id ORDER BY slot_id",
        [scene.slots],
    )
    first_slot, first_quota, per_slot = quotas[0]
    for number, row in enumerate(quotas):
        assert row == (first_slot + number, first_quota + number * per_slot, per_slot), row
    return {
        "slots": len(quotas),
        "first_slot": first_slot,
        "first_quota": first_quota,
        "quotas_per_slot": per_slot,
    }


def rate(ceiling: Ceiling, clients: int, seconds: float) -> float:
    return ceiling.measure(clients, seconds).rate


def run(stage: Stage, options: Options) -> list[Figure]:
    ceiling = prepare(stage, set_scene(stage, slots=SLOTS, capacity=CAPACITY), Crowd())
    ceiling.measure(CLIENTS[0], options.warm_up)
    measurements = {
        f"ceiling, {clients} clients": partial(rate, ceiling, clients, options.seconds)
        for clients in CLIENTS
    }
    taken = in_turn(measurements, options.rounds, stage.settle)
    count = Figure("statements of one booking", "statements", [float(len(ceiling.counted))])
    return [count, *(Figure(name, "bookings/s", rounds) for name, rounds in taken.items())]
