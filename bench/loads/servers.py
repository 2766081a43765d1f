"""Which web server, with how many processes and threads.

Each serves the same product: an empty view, windows from the board, bookings over many windows and
in one. Processor time a request tells them apart more surely than rates do; how long the slowest
hundredth waits shows what a server does with a queue. Threads are also connections to PostgreSQL,
which all wait for the same row when everybody books the same window. uvicorn speaks ASGI, where
Django takes a new thread for every request, each with a connection of its own: a crowd uses them
up, and a server that can't answer counts as 0.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from bench import people, tools
from bench.desk import Desk
from bench.figures import Figure, in_turn
from bench.loads import availability, empty_view
from bench.scene import set_scene
from bench.stage import Options, Stage
from bench.wrk import Load, WrkError
from config.servers.workload import WEB

TITLE = "Web servers"
SETS = ("single",)
CONNECTIONS = 64
SLOTS, CAPACITY, CAPACITY_OF_ONE = 500, 100_000, 10_000_000
CREATED = 201
AS_IT_IS = "as it is"
_GUNICORN = "gunicorn config.wsgi:application --preload --timeout 60 --no-control-socket"
_THREADS = f"{_GUNICORN} --worker-class gthread"
_GRANIAN = "granian config.wsgi:application --interface wsgi --no-ws --log-level warning"
_UVICORN = "uvicorn django.core.asgi:get_asgi_application --factory --lifespan off --no-access-log"
_BIND, _PORT = "--bind 127.0.0.1:{port}", "--host 127.0.0.1 --port {port}"
SERVERS = {
    AS_IT_IS: f"{WEB} 127.0.0.1:{{port}}",
    "gunicorn, 8 processes": f"{_GUNICORN} --worker-class sync --workers 8 {_BIND}",
    "gunicorn, 2 × 2 threads": f"{_THREADS} --workers 2 --threads 2 {_BIND}",
    "gunicorn, 2 × 8 threads": f"{_THREADS} --workers 2 --threads 8 {_BIND}",
    "gunicorn, 4 × 2 threads": f"{_THREADS} --workers 4 --threads 2 {_BIND}",
    "granian, 2 × 4 threads": f"{_GRANIAN} --workers 2 --blocking-threads 4 {_PORT}",
    "uvicorn, 2 processes": f"{_UVICORN} --log-level warning --workers 2 {_PORT}",
}
Ask = Callable[[], Load]


@dataclass
class Seen:
    """Of one server and one thing asked, a value a round."""

    rates: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    failure: str = ""

    def note(self, load: Load, spent: float) -> None:
        self.rates.append(load.rate)
        self.slowest.append(load.p99_ms)
        self.processor.append(1000 * spent / load.requests)

    def figure(self, name: str) -> Figure:
        if self.failure:
            return Figure(name, "requests/s", [0.0], note=self.failure)
        note = f"99 % within {median(self.slowest):.0f} ms, {median(self.processor):.2f} ms of the "
        note += "web server's processor time each"
        return Figure(name, "requests/s", self.rates, note=note)


def run(stage: Stage, options: Options) -> list[Figure]:
    asks = _asks(stage, options.seconds / 2)
    seen: dict[tuple[str, str], Seen] = defaultdict(Seen)
    serve = {name: partial(_serve, stage, name, asks, seen) for name in SERVERS}
    in_turn(serve, options.rounds, stage.settle)
    stage.restart("web")
    return [
        seen[what, name].figure(f"{what}: {name}").compared(seen[what, AS_IT_IS].figure(AS_IT_IS))
        for what in asks
        for name in SERVERS
    ]


def _asks(stage: Stage, seconds: float) -> dict[str, Ask]:
    crowd = people.Crowd()
    many = set_scene(stage, slots=SLOTS, capacity=CAPACITY)
    one = set_scene(stage, slots=1, capacity=CAPACITY_OF_ONE)
    windows = availability.windows(many.offices)
    return {
        "empty view": partial(empty_view.ask, stage, CONNECTIONS, seconds),
        "windows": partial(availability.ask, stage, windows, seconds, CONNECTIONS),
        "booking": partial(Desk(stage, many, crowd).send, CONNECTIONS, seconds, CREATED),
        "booking in one window": partial(
            Desk(stage, one, crowd).send, CONNECTIONS, seconds, CREATED
        ),
    }


def _serve(
    stage: Stage, name: str, asks: dict[str, Ask], seen: dict[tuple[str, str], Seen]
) -> float:
    """Everything asked of one server, warm; what it took of the last in a second."""
    stage.restart("web", *_command(stage, SERVERS[name]))
    rate = 0.0
    for what, ask in asks.items():
        try:
            ask()
            before = stage.cpu_seconds("web")
            load = ask()
        except WrkError as error:
            seen[what, name].failure = str(error)
        else:
            seen[what, name].note(load, stage.cpu_seconds("web") - before)
            rate = load.rate
    return rate


def _command(stage: Stage, command: str) -> list[str]:
    words = command.format(port=stage.port).split()
    return words if words[0] == "gunicorn" else ["bench.served", str(_packages()), *words]


def _packages() -> Path:
    environment = tools.program("python").parent.parent
    return next(environment.glob("lib/python*/site-packages"))
