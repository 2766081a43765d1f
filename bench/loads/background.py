"""People who look and book, while reminders and expired holds pile up behind them.

The same two loads under three conditions, in turn: with nothing to do in the background; with a
backlog that the workers go about as always; and with that backlog while offices release the places
of a new day (放号), when the workers hold back. They find the release by themselves, from the
offices' own release time.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import redis

from bench import people
from bench.backlog import (
    HOLDS_WAIT,
    MESSAGES_WAIT,
    Models,
    add_holds,
    add_reminders,
    ask_for,
    make_models,
    wait_until,
)
from bench.desk import Desk
from bench.figures import Figure
from bench.scene import Scene, set_scene
from bench.stage import Options, Stage
from bench.wrk import Load, wrk

TITLE = "Looking and booking while the background works"
BACKLOG = 100_000
SLOTS = 2_000
CONNECTIONS = 16
# A backlog takes longer to make than to look at.
MOST_ROUNDS = 2
CREATED, OK = 201, 200
QUIET = "nothing behind"
CONDITIONS = {QUIET: False, "a backlog": False, "a backlog, at a release": True}
# How applicants/domain/pace.py says that many people book, below the cache's own prefix.
RUSH = "*:rush"
NOON_AWAY = 12
_PUT_OFF = (
    "UPDATE bookings_booking SET expires_at = now() + interval '1 day'"
    " WHERE status = 'held' AND expires_at <= now()"
)
_RELEASE = """
UPDATE offices_office SET policy = policy || jsonb_build_object('release_time', to_char(
    now() AT TIME ZONE timezone + %s * interval '1 hour', 'HH24:MI'
))
"""
_DONE = """
SELECT (SELECT count(*) FROM applicants_message WHERE state = 'sent' AND reference LIKE 'R%'),
    (SELECT count(*) FROM bookings_booking WHERE status = 'expired' AND number LIKE 'H%')
"""


def run(stage: Stage, options: Options, backlog: int = BACKLOG) -> list[Figure]:
    """`backlog` reminders and as many holds wait when a measurement with them begins."""
    scene = set_scene(stage, slots=SLOTS, capacity=backlog)
    crowded = _Crowded(stage, scene, make_models(stage, scene.slots), backlog)
    crowded.book(options.warm_up)
    for number in range(1, min(options.rounds, MOST_ROUNDS) + 1):
        for condition, release in CONDITIONS.items():
            crowded.prepare(waiting=condition != QUIET, release=release)
            crowded.measure(condition, options.seconds)
        print(f"  round {number}", flush=True)
    crowded.prepare(waiting=False, release=False)
    return crowded.figures()


@dataclass
class _Crowded:
    """Two loads before a backlog, and what was seen of each under each condition."""

    stage: Stage
    scene: Scene
    models: Models
    backlog: int
    # By condition, by what was counted.
    seen: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def __post_init__(self) -> None:
        self.desk = Desk(self.stage, self.scene, people.Crowd())
        self.valkey = redis.Redis.from_url(self.stage.redis_url)
        [(self.day,)] = self.stage.rows(
            "SELECT date::text FROM bookings_slot WHERE id = %s", [self.scene.slots[0]]
        )

    def book(self, seconds: float) -> Load:
        return self.desk.send(CONNECTIONS, seconds, CREATED)

    def look(self, seconds: float) -> Load:
        address = f"/api/v1/offices/{self.scene.offices[0]}/slots/?line=mainland&date={self.day}"
        url = self.stage.base + address
        return wrk(url, connections=CONNECTIONS, seconds=seconds).require(OK)

    def prepare(self, *, waiting: bool, release: bool) -> None:
        self._set_release(release)
        if waiting:
            self._fill()
            ask_for(self.stage, "bookings.tasks.expire_holds", "release")
        else:
            self.stage.settle()
            self.stage.execute(_PUT_OFF)

    def _set_release(self, on: bool) -> None:
        self.stage.execute(_RELEASE, [0 if on else NOON_AWAY])
        if on:
            ask_for(self.stage, "bookings.tasks.watch_releases", "release")
            wait_until(lambda: bool(self.valkey.keys(RUSH)))
        else:
            for key in self.valkey.keys(RUSH):
                self.valkey.delete(key)

    def _fill(self) -> None:
        if missing := self.backlog - self._count(MESSAGES_WAIT):
            add_reminders(self.stage, self.models.reminder, missing)
        if missing := self.backlog - self._count(HOLDS_WAIT):
            add_holds(self.stage, self.models.hold, self.scene.slots, missing)

    def _count(self, rows: str) -> int:
        [(found,)] = self.stage.rows(f"SELECT count(*) FROM ({rows}) AS waiting")
        return min(int(found), self.backlog)

    def measure(self, condition: str, seconds: float) -> None:
        seen = self.seen[condition]
        before, begun = self._done(), time.monotonic()
        loads: dict[str, Callable[[float], Load]] = {"bookings": self.book, "looks": self.look}
        for what, send in loads.items():
            load = send(seconds)
            seen[f"{what}/s"].append(load.rate)
            seen[f"ms, 99 % of {what} answered"].append(load.p99_ms)
        passed = time.monotonic() - begun
        done = self._done()
        for what, now, earlier in zip(("reminders", "holds"), done, before, strict=True):
            seen[f"{what}/s"].append((now - earlier) / passed)

    def _done(self) -> tuple[int, int]:
        [(messages, holds)] = self.stage.rows(_DONE)
        return messages, holds

    def figures(self) -> list[Figure]:
        """Loads beside those with nothing behind them, and what the background did meanwhile."""
        return [
            figure
            for condition in CONDITIONS
            for what, rounds in self.seen[condition].items()
            if (figure := self._figure(condition, what, rounds)) is not None
        ]

    def _figure(self, condition: str, what: str, rounds: list[float]) -> Figure | None:
        behind = what in ("reminders/s", "holds/s")
        if condition == QUIET:
            return None if behind else Figure(f"{condition}: {what}", _unit(what), rounds)
        figure = Figure(f"{condition}: {what}", _unit(what), rounds)
        if behind:
            return figure
        return figure.compared(Figure(QUIET, "", self.seen[QUIET][what]))


def _unit(what: str) -> str:
    return what if what.endswith("/s") else "ms"
