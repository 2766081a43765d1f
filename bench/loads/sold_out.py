"""Asking for a place where none is left: 409 with the nearest other windows.

In a rush nearly everybody gets this answer, so it has to be cheap.
"""

from bench import people
from bench.costs import Costs
from bench.desk import Desk
from bench.figures import Figure, in_turn
from bench.loads import empty_view
from bench.scene import set_scene
from bench.stage import Options, Stage
from bench.statements import post

TITLE = "Sold out"
SETS = ("single",)
SLOTS = 50
CONNECTIONS = 16
CONFLICT = 409
GOAL = 0.5
GOAL_TEXT = "≥ 50 % of an empty view"
MOST_PER_SECOND = 5000


def prepare(stage: Stage, crowd: people.Crowd) -> Desk:
    """Windows with one place, each of them taken through the API."""
    scene = set_scene(stage, slots=SLOTS, capacity=1)
    for slot, serial in zip(scene.slots, crowd.take(SLOTS), strict=True):
        post(stage, people.request_line(slot, serial), scene.token)
    return Desk(stage, scene, crowd, MOST_PER_SECOND)


def run(stage: Stage, options: Options) -> list[Figure]:
    desk = prepare(stage, people.Crowd())
    desk.send(CONNECTIONS, options.warm_up, CONFLICT)
    costs = Costs(stage)
    seconds = options.seconds
    taken = in_turn(
        {
            "empty view": lambda: empty_view.measure(stage, CONNECTIONS, seconds),
            "sold out": lambda: costs.of(
                "sold out", lambda: desk.send(CONNECTIONS, seconds, CONFLICT)
            ),
        },
        options.rounds,
        stage.settle,
    )
    empty = Figure("empty view", "requests/s", taken["empty view"])
    refused = Figure("sold out", "requests/s", taken["sold out"])
    return [empty, refused.compared(empty).at_least(GOAL, GOAL_TEXT), *costs.figures()]
