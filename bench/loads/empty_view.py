"""The least that the product can answer: /healthz through web server and whole middleware.

It asks neither PostgreSQL nor Valkey. What a request costs beyond this is its own.
"""

from functools import partial

from bench.figures import Figure, in_turn
from bench.stage import Options, Stage
from bench.wrk import wrk

TITLE = "An empty view"
SETS = ("single",)
CONNECTIONS = (8, 64)


def measure(stage: Stage, connections: int, seconds: float) -> float:
    """Answers per second."""
    load = wrk(f"{stage.base}/healthz", connections=connections, seconds=seconds)
    return load.require(200).rate


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
