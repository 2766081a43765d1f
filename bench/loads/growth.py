"""The same questions and bookings in a small house and in large ones, in turn.

The coming two weeks look alike in all of them; what grows is the past, and the number of offices.
An answer is compared by the processor time of web server, PostgreSQL and Valkey together. Read anew
is the question that nobody else asked (PLACES_KEPT_SECONDS=0), over all offices of a house, up to
200. From the board is what a crowd's question costs: about two offices in each house, so that the
same share of questions finds the board fresh.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from bench.costs import Costs
from bench.desk import Desk
from bench.figures import Figure, in_turn
from bench.loads.availability import CONNECTIONS, KEPT, READ, ask, nothing_kept, questions
from bench.loads.bookings import CREATED
from bench.people import Crowd
from bench.seeding.sizes import Size
from bench.stage import Options, Stage
from bench.windows import windows_with_room
from bench.wrk import Load

TITLE = "10 thousand, 1 million and 10 million bookings; 2, 200 and 3,000 offices"
SETS = ("scale",)
SMALLEST, LARGEST = Size(10_000, 2), Size(10_000_000, 200)
HOUSES = (SMALLEST, Size(1_000_000, 200), LARGEST, Size(3_000_000, 3000))
WINDOWS = 200
GOAL, GOAL_TEXT = 1.2, "≤ 1.2 × the smallest"

# What is asked, in every house.
Asks = Mapping[str, Mapping[Size, Callable[[], Load]]]


def run(houses: Mapping[Size, Stage], options: Options) -> list[Figure]:
    desks = {size: _desk(house) for size, house in houses.items()}
    offices = {size: desk.scene.offices for size, desk in desks.items()}
    few = {size: codes[: SMALLEST.offices] for size, codes in offices.items()}
    figures = _compared(houses, options, _looks(houses, few, KEPT, options))
    with _nothing_kept(houses.values()):
        figures += _compared(houses, options, _looks(houses, offices, READ, options))
    return figures + _compared(houses, options, _bookings(desks, options))


def _desk(house: Stage) -> Desk:
    return Desk(house, windows_with_room(house, WINDOWS), Crowd(first=1_000_000))


def _looks(
    houses: Mapping[Size, Stage],
    offices: Mapping[Size, Sequence[str]],
    how: str,
    options: Options,
) -> Asks:
    asked = {size: questions(house, offices[size]) for size, house in houses.items()}
    # Half as long each: there are many of them, and they are steady.
    seconds = options.seconds / 2
    return {
        f"{name}, {how}": {
            size: partial(ask, house, asked[size][name], seconds) for size, house in houses.items()
        }
        for name in asked[SMALLEST]
    }


def _bookings(desks: Mapping[Size, Desk], options: Options) -> Asks:
    seconds = options.seconds
    return {
        "bookings": {
            size: partial(desk.send, CONNECTIONS, seconds, CREATED) for size, desk in desks.items()
        }
    }


@contextmanager
def _nothing_kept(houses: Iterator[Stage]) -> Iterator[None]:
    with ExitStack() as opened:
        for house in houses:
            opened.enter_context(nothing_kept(house))
        yield


def _compared(houses: Mapping[Size, Stage], options: Options, asks: Asks) -> list[Figure]:
    costs = {size: Costs(house) for size, house in houses.items()}
    for by_size in asks.values():
        for warm_up in by_size.values():
            warm_up()
    taken = in_turn(
        {
            f"{name}: {size}": partial(costs[size].of, name, measure)
            for name, by_size in asks.items()
            for size, measure in by_size.items()
        },
        options.rounds,
        lambda: _settle(houses),
    )
    rates = [Figure(f"rate of {name}", "answers/s", rounds) for name, rounds in taken.items()]
    return [*(figure for name in asks for figure in _of_sizes(name, costs)), *rates]


def _settle(houses: Mapping[Size, Stage]) -> None:
    for house in houses.values():
        house.settle()


def _of_sizes(name: str, costs: Mapping[Size, Costs]) -> Iterator[Figure]:
    unit = "ms of processor time an answer"
    small = Figure(f"{name}: {SMALLEST}", unit, costs[SMALLEST].in_all(name))
    yield small
    for size in (size for size in costs if size != SMALLEST):
        figure = Figure(f"{name}: {size}", unit, costs[size].in_all(name))
        figure = figure.compared(small, "the smallest")
        yield figure.at_most(GOAL, GOAL_TEXT) if size == LARGEST else figure
