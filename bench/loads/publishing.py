"""A year ahead for 200 offices: hours become windows and places, beside the bare INSERT.

The bare SQL writes as many such rows, for the year after, from a table that holds them already.
Publishing again finds nothing to do: that is what happens every night.
"""

import json

from bench.figures import Broken, Figure
from bench.seeding.sizes import Size
from bench.stage import Options, Stage

TITLE = "A year ahead, published for 200 offices"
SETS = ("scale",)
STAGE = {"programs": ()}
# Next to no past: two weeks are published already, and partly booked.
HOUSE = Size(1, 200)
DAYS_AHEAD = 365


def run(stage: Stage, options: Options) -> list[Figure]:
    stage.python("bench.seeding", str(HOUSE.bookings), str(HOUSE.offices))
    lines = stage.python("bench.publishing", str(DAYS_AHEAD), str(options.rounds)).splitlines()
    rounds = [json.loads(line) for line in lines]
    if changed := sum(each["changed_again"] for each in rounds):
        raise Broken([f"publishing again changed {changed} windows"])
    windows = sum(each["windows"] for each in rounds)
    bare = Figure("bare SQL", "windows/s", [each["windows"] / each["bare"] for each in rounds])
    first = Figure(
        "published",
        "windows/s",
        [each["windows"] / each["first"] for each in rounds],
        note=f"{windows:,} windows with three counters each",
    )
    per_office = [each["first"] / each["offices"] for each in rounds]
    again = [1000 * each["again"] / each["offices"] for each in rounds]
    return [
        bare,
        first.compared(bare),
        Figure("a year of one office", "s", per_office),
        Figure("all offices", "s", [sum(each["first"] for each in rounds)]),
        Figure("once more, nothing new: one office", "ms", again),
    ]
