"""Bookings through the API, with everything that they are compared to.

Empty view, ceiling, bookings and refusals are measured in turn, so that each ratio is of one
moment of one machine. Every answer must be what was asked for, or there is no figure.
"""

from collections.abc import Mapping

from bench import people
from bench.costs import Costs
from bench.desk import Desk
from bench.figures import Figure, in_turn
from bench.loads import ceiling, empty_view, sold_out
from bench.scene import set_scene
from bench.stage import Options, Stage

TITLE = "Bookings, refusals, ceiling and empty view, in turn"
OFFICES = 200
MANY = 2000
TEN = 10
CAPACITY = 100_000
PLACES_OF_TEN = 20_000_000
CREATED = 201
GOAL = 0.25
GOAL_TEXT = "≥ 25 % of the ceiling"


def run(stage: Stage, options: Options) -> list[Figure]:
    crowd = people.Crowd()
    scene = set_scene(stage, slots=MANY, capacity=CAPACITY, offices=OFFICES)
    many = Desk(stage, scene, crowd)
    ten = Desk(stage, set_scene(stage, slots=TEN, capacity=PLACES_OF_TEN), crowd)
    full = sold_out.prepare(stage, crowd)
    top = ceiling.prepare(stage, scene, crowd)
    many.send(16, options.warm_up, CREATED)
    full.send(16, options.warm_up, sold_out.CONFLICT)
    costs = Costs(stage)
    seconds = options.seconds
    taken = in_turn(
        {
            "empty view, 16 connections": lambda: costs.of(
                "empty view", lambda: empty_view.ask(stage, 16, seconds), ("web",)
            ),
            "ceiling, 8 clients": lambda: top.measure(8, seconds).rate,
            "ceiling, 16 clients": lambda: costs.of(
                "ceiling", lambda: top.measure(16, seconds), ("postgres",)
            ),
            "bookings, many slots, 16 connections": lambda: costs.of(
                "booking", lambda: many.send(16, seconds, CREATED)
            ),
            "bookings, many slots, 64 connections": lambda: many.send(64, seconds, CREATED).rate,
            "bookings, ten slots, 16 connections": lambda: ten.send(16, seconds, CREATED).rate,
            "sold out, 16 connections": lambda: costs.of(
                "refusal", lambda: full.send(16, seconds, sold_out.CONFLICT)
            ),
        },
        options.rounds,
        stage.settle,
    )
    count = Figure("statements of one booking", "statements", [float(len(top.counted))])
    return [*_compared(taken), count, *costs.figures()]


def _compared(taken: Mapping[str, list[float]]) -> list[Figure]:
    """Bookings to the better ceiling, refusals to the empty view."""
    rates = [Figure(name, f"{_thing(name)}/s", rounds) for name, rounds in taken.items()]
    [empty] = [each for each in rates if each.name.startswith("empty view")]
    tops = [each for each in rates if each.name.startswith("ceiling")]
    top = max(tops, key=lambda each: each.median)
    compared = []
    for each in rates:
        if each.name.startswith("bookings"):
            each = each.compared(top)
        if each.name.startswith("bookings, many slots"):
            each = each.at_least(GOAL, GOAL_TEXT)
        if each.name.startswith("sold out"):
            each = each.compared(empty).at_least(sold_out.GOAL, sold_out.GOAL_TEXT)
        compared.append(each)
    return compared


def _thing(name: str) -> str:
    return "requests" if name.startswith(("empty view", "sold out")) else "bookings"
