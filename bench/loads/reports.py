"""Figures of an office and of all offices, over up to ten million bookings.

Days that are over were counted in the night; what the night's work takes for a day is a figure of
its own. `by hand` is the same question to the bookings themselves.
"""

import json
from collections.abc import Mapping

from bench.figures import Figure
from bench.loads.growth import LARGEST, SMALLEST
from bench.seeding.sizes import Size
from bench.stage import Options, Stage

TITLE = "Reports"
SETS = ("scale",)
HOUSES = (SMALLEST, LARGEST)


def run(houses: Mapping[Size, Stage], options: Options) -> list[Figure]:
    for house in houses.values():
        house.python("bench.reporting", "count")
    rounds: dict[Size, list[dict[str, float]]] = {size: [] for size in houses}
    for _round in range(options.rounds):
        for size, house in houses.items():
            rounds[size].append(json.loads(house.python("bench.reporting", "ask")))
    small = _figures(rounds[SMALLEST], SMALLEST)
    large = _figures(rounds[LARGEST], LARGEST)
    compared = [
        one.compared(other, "the smallest") for one, other in zip(large, small, strict=True)
    ]
    return [*small, *compared]


def _figures(rounds: list[dict[str, float]], size: Size) -> list[Figure]:
    return [
        Figure(f"{question}: {size}", "ms", [1000 * each[question] for each in rounds])
        for question in rounds[0]
    ]
