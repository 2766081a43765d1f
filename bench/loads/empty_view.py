"""The least that the product can answer: /healthz through web server and whole middleware.

It asks neither PostgreSQL nor Valkey. What a request costs beyond this is its own.
"""

from functools import partial

from bench.figures import Figure, in_turn
from bench.stage import Options, Stage
from bench.wrk import Load, wrk

TITLE = "An empty view"
SETS = ("single",)
CONNECTIONS = (8, 64)


def ask(stage: Stage, connections: int, seconds: float) -> Load:
    load = wrk(f"{stage.base}/healthz", connections=connections, seconds=seconds)
    return load.require(200)


def measure(stage: Stage, connections: int, seconds: float) -> float:
    """Answers per second."""
    return ask(stage, connections, seconds).rate


def run(stage: Stage, options: Options) -> list[Figure]:
    measure(stage, CONNECTIONS[0], options.warm_up)
    measurements = {
        f"empty view, {connections} connections": partial(
            measure, stage, connections, options.seconds
        )
        for connections in CONNECTIONS
    }
    taken = in_turn(measurements, options.rounds, stage.settle)
    return [Figure(name, "requests/s", rounds) for name, rounds in taken.items()]
