"""Holds that ran out: how quickly the worker gives their places back, beside the bare SQL.

The bare SQL is the leanest that ends a hold and keeps the rules: one statement for each batch of
the same size, from a driver without Django. Each round frees fresh holds, first with the one, then
with the other.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.backlog import HOLDS_WAIT, add_holds, any_of, ask_for, make_models, wait_until
from bench.figures import Broken, Figure, in_turn
from bench.scene import set_scene
from bench.stage import Options, Stage

TITLE = "100,000 expired holds"
# Beat would ask for the same in between.
STAGE = {"programs": ("worker",)}
HOLDS = 100_000
SLOTS = 2_000
BATCH = 500
GOAL, GOAL_TEXT = 0.5, "≥ 50 % of the bare SQL"
TASK, QUEUE = "bookings.tasks.expire_holds", "release"

_BARE = f"""
WITH overdue AS (
    SELECT id, quota_id, places FROM bookings_booking
    WHERE status = 'held' AND expires_at <= now()
    ORDER BY expires_at LIMIT {BATCH} FOR NO KEY UPDATE SKIP LOCKED
), ended AS (
    UPDATE bookings_booking AS booking SET status = 'expired', ended_at = now()
    FROM overdue WHERE booking.id = overdue.id
), freed AS (
    UPDATE bookings_attendee SET active = false FROM overdue WHERE booking_id = overdue.id
), noted AS (
    INSERT INTO bookings_bookingevent (booking_id, kind, at, data)
    SELECT id, 'expired', now(), '{{}}' FROM overdue
), back AS (
    SELECT quota_id, sum(places) AS places FROM overdue GROUP BY quota_id
)
UPDATE bookings_quota SET taken = taken - back.places FROM back WHERE id = quota_id
"""


def run(stage: Stage, options: Options, holds: int = HOLDS) -> list[Figure]:
    """`holds` in all for each of the two, in as many parts as there are rounds."""
    scene = set_scene(stage, slots=SLOTS, capacity=holds // SLOTS + 10)
    sweep = _Sweep(
        stage, make_models(stage, scene.slots).hold, scene.slots, holds // options.rounds
    )
    # The worker's first task opens its connections.
    sweep.freed_per_second(sweep.by_worker)
    sweep.spent.clear()
    taken = in_turn(
        {
            "bare SQL": lambda: sweep.freed_per_second(sweep.by_bare_sql),
            "worker": lambda: sweep.freed_per_second(sweep.by_worker),
        },
        options.rounds,
    )
    bare = Figure("bare SQL", "holds/s", taken["bare SQL"])
    worker = Figure("expire_holds by the worker", "holds/s", taken["worker"])
    return [bare, worker.compared(bare).at_least(GOAL, GOAL_TEXT), *sweep.costs()]


@dataclass
class _Sweep:
    """Frees so many holds at a time, and notes what that costs."""

    stage: Stage
    model: int
    slots: Sequence[int]
    holds: int
    spent: dict[str, list[float]] = field(default_factory=dict)

    def freed_per_second(self, sweep: Callable[[], None]) -> float:
        add_holds(self.stage, self.model, self.slots, self.holds)
        programs = ("worker", "postgres")
        before = [self.stage.cpu_seconds(program) for program in programs]
        begun = time.monotonic()
        sweep()
        seconds = time.monotonic() - begun
        for program, earlier in zip(programs, before, strict=True):
            used = self.stage.cpu_seconds(program) - earlier
            name = f"{sweep.__name__.strip('_').replace('_', ' ')}: {program}"
            self.spent.setdefault(name, []).append(1000 * used / self.holds)
        _require_all_free(self.stage)
        return self.holds / seconds

    def by_worker(self) -> None:
        ask_for(self.stage, TASK, QUEUE)
        wait_until(lambda: not any_of(self.stage, HOLDS_WAIT))

    def by_bare_sql(self) -> None:
        while self.stage.execute(_BARE):
            pass

    def costs(self) -> list[Figure]:
        return [
            Figure(name, "ms of processor time a hold", rounds)
            for name, rounds in self.spent.items()
            if name != "by bare sql: worker"
        ]


def _require_all_free(stage: Stage) -> None:
    """Each copied hold has ended once. Raises Broken."""
    rows = stage.rows(
        "SELECT number, booking.status, count(event.id) FROM bookings_booking AS booking"
        " LEFT JOIN bookings_bookingevent AS event"
        " ON event.booking_id = booking.id AND event.kind = 'expired'"
        " WHERE number LIKE 'H%' GROUP BY booking.id"
        " HAVING booking.status <> 'expired' OR count(event.id) <> 1 LIMIT 20"
    )
    if rows:
        raise Broken(
            [f"hold {number}: {status}, ended {times} times" for number, status, times in rows]
        )
