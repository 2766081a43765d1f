"""Ours and pretix in turn: the same servers, the same load tool, the same seconds."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median

from bench import people
from bench.desk import Desk
from bench.figures import Broken, Figure, in_turn
from bench.loads import sold_out
from bench.peer import environment, invariants
from bench.peer.counter import CREATED, SOLD_OUT, Counter
from bench.peer.house import pretix
from bench.peer.meter import Meter, Spent
from bench.scene import LINE, Scene, set_scene
from bench.stage import Options, Stage
from bench.statements import BRACKETS, leanest_booking, logged, recording, shape
from bench.wrk import Load, wrk

TITLE = f"Side by side with pretix {environment.version()}"
SETS = ("single",)
CONNECTIONS = 16
MANY, TEN = 200, 10
PLACES, LAST_PLACES = 100_000, 5
# An order takes pretix long: in a short round those still open at its end would weigh too much.
LONGER = 2
# The first requests ask more than those that follow.
RECORDED_AFTER = 5
GOAL, GOAL_TEXT = 30.0, "≥ 30 × pretix's order API"

Measure = Callable[[], Load]


@dataclass(frozen=True)
class Pair:
    """The names of what is compared, ours first; our ratio gets the goal, if there is one."""

    ours: str
    theirs: str
    unit: str
    goal: float | None = None


BOOKINGS = Pair(f"bookings, {MANY} slots", f"pretix: orders, {MANY} dates", "bookings/s", GOAL)
PAIRS = (
    BOOKINGS,
    Pair(f"bookings, {TEN} slots", f"pretix: orders, {TEN} dates", "bookings/s"),
    Pair("sold out", "pretix: sold out", "refusals/s"),
    Pair("windows of a day", "pretix: places of one date", "answers/s"),
    Pair("windows of a day", "pretix: places of fifty dates", "answers/s"),
)
WRITING = PAIRS[:2]


def run(stage: Stage, options: Options) -> list[Figure]:
    """Raises Broken when pretix's own rules don't hold at the end."""
    crowd = people.Crowd()
    scene = set_scene(stage, slots=MANY, capacity=PLACES)
    ours = _ours(stage, scene, crowd, options.seconds)
    with pretix(stage, many=MANY, few=TEN, size=PLACES, last=LAST_PLACES) as peer:
        counter, meter = Counter(peer, stage.state.root), Meter(stage, peer)
        theirs = _theirs(counter, options.seconds)
        Desk(stage, scene, crowd).send(CONNECTIONS, options.warm_up, CREATED)
        _warm_up(counter)
        meter.wait_for_quiet()
        statements = _statements(stage, scene, crowd, counter)
        taken = in_turn(_measurements({**ours, **theirs}, meter), options.rounds)
        if violations := invariants.broken(peer.rows, counter.answered):
            raise Broken(violations)
    rates = [figure for pair in PAIRS for figure in compared(pair, taken)]
    return [*rates, *statements, *_costs(meter.spent)]


def _ours(stage: Stage, scene: Scene, crowd: people.Crowd, seconds: float) -> dict[str, Measure]:
    many = Desk(stage, scene, crowd)
    ten = Desk(stage, set_scene(stage, slots=TEN, capacity=PLACES), crowd)
    full = sold_out.prepare(stage, crowd)
    [(day,)] = stage.rows("SELECT date::text FROM bookings_slot WHERE id = %s", [scene.slots[0]])
    windows = f"{stage.base}/api/v1/offices/{scene.offices[0]}/slots/?line={LINE}&date={day}"

    def read() -> Load:
        return wrk(windows, connections=CONNECTIONS, seconds=seconds).require(200)

    return {
        BOOKINGS.ours: partial(many.send, CONNECTIONS, seconds, CREATED),
        PAIRS[1].ours: partial(ten.send, CONNECTIONS, seconds, CREATED),
        PAIRS[2].ours: partial(full.send, CONNECTIONS, seconds, sold_out.CONFLICT),
        PAIRS[3].ours: read,
    }


def _theirs(counter: Counter, seconds: float) -> dict[str, Measure]:
    dates, longer = counter.peer.seeded, LONGER * seconds
    one = f"quotas/{dates.many[0]['quota']}/availability/"
    fifty = "subevents/?with_availability_for=web"
    return {
        BOOKINGS.theirs: partial(counter.send, dates.many, CONNECTIONS, longer, CREATED),
        PAIRS[1].theirs: partial(counter.send, dates.few, CONNECTIONS, longer, CREATED),
        PAIRS[2].theirs: partial(counter.send, dates.last, CONNECTIONS, seconds, SOLD_OUT),
        PAIRS[3].theirs: partial(counter.read, one, CONNECTIONS, seconds),
        PAIRS[4].theirs: partial(counter.read, fifty, CONNECTIONS, seconds),
    }


def _warm_up(counter: Counter) -> None:
    """Warm up by racing for the last places, with half as many people again as there are places.

    Raises Broken when a place is left or somebody got another answer.
    """
    last, places = counter.peer.seeded.last, len(counter.peer.seeded.last) * LAST_PLACES
    statuses = counter.order(last, places * 3 // 2, CONNECTIONS)
    if sorted(statuses) != [CREATED] * places + [SOLD_OUT] * (len(statuses) - places):
        raise Broken([f"a race for {places} places of pretix ended with {sorted(statuses)}"])


def _measurements(measures: Mapping[str, Measure], meter: Meter) -> dict[str, Callable[[], float]]:
    """In the order of the pairs, ours and theirs next to each other."""
    done = {
        **dict.fromkeys((pair.ours for pair in WRITING), meter.bookings),
        **dict.fromkeys((pair.theirs for pair in WRITING), meter.orders),
    }
    names = dict.fromkeys(name for pair in PAIRS for name in (pair.ours, pair.theirs))
    return {name: _measurement(name, measures[name], done.get(name), meter) for name in names}


def _measurement(
    name: str, measure: Measure, done: Callable[[], int] | None, meter: Meter
) -> Callable[[], float]:
    return partial(meter.of, name, measure, done) if done else lambda: measure().rate


def compared(pair: Pair, taken: Mapping[str, list[float]]) -> list[Figure]:
    """Theirs as it is, and ours with its ratio to theirs."""
    theirs = Figure(pair.theirs, pair.unit, taken[pair.theirs])
    ours = Figure(pair.ours, pair.unit, taken[pair.ours]).compared(theirs)
    if pair.goal is not None:
        ours = ours.at_least(pair.goal, GOAL_TEXT)
    return [ours, theirs]


def _statements(stage: Stage, scene: Scene, crowd: people.Crowd, counter: Counter) -> list[Figure]:
    """What one booking or order asks of PostgreSQL, once the processes are warm."""
    booking = leanest_booking(stage, scene, crowd).statements
    counter.order(counter.peer.seeded.many, RECORDED_AFTER, 1)
    theirs = _count("pretix: statements of one order", _record_order(stage, counter))
    return [_count("statements of one booking", booking).compared(theirs), theirs]


def _record_order(stage: Stage, counter: Counter) -> list[str]:
    with recording(stage), stage.log("postgres").open(encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        counter.order(counter.peer.seeded.many, 1, 1)
        return logged(log.read(), "pretix-web")


def _count(name: str, statements: Iterable[str]) -> Figure:
    """Transaction brackets are left out of the count, as everywhere in bench/."""
    shapes = [shape(statement) for statement in statements]
    counted = [each for each in shapes if each not in BRACKETS]
    note = f"{len(shapes)} with BEGIN, COMMIT and savepoints"
    return Figure(name, "statements", [float(len(counted))], note=note)


def _costs(spent: Mapping[str, list[Spent]]) -> list[Figure]:
    """Processor time of one booking or order and of all that follows from it."""
    theirs = _cost("pretix: one order and what it leaves to do", spent[BOOKINGS.theirs])
    ours = _cost("one booking and what it leaves to do", spent[BOOKINGS.ours])
    return [ours.compared(theirs), theirs]


def _cost(name: str, spent: Sequence[Spent]) -> Figure:
    parts = {part: median(getattr(each, part) for each in spent) for part in asdict(spent[0])}
    note = ", ".join(f"{part} {value:.1f}" for part, value in parts.items())
    return Figure(name, "ms of processor time", [each.total for each in spent], note=note)
