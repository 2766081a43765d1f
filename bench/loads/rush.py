"""Eight o'clock: 20,000 people want the 1,000 places of one day, over 256 connections.

First through the API, where the day opens while the crowd is at the doors; whoever finds a window
full takes one of those offered instead, as people do. Then page by page as browsers do, from the
first question to the confirmation: with sessions from before, and by people who sign in with a code
and register themselves first. Pages are measured with a smaller crowd of the same shape, unless
`--scale` asks for all 20,000.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import Broken, Figure, Goal
from bench.rush.answers import Crowd, percentile
from bench.rush.asking import CONNECTIONS, ask
from bench.rush.browsing import Visit, visit
from bench.rush.hall import build_hall, open_doors
from bench.rush.households import signed_in, strangers
from bench.stage import Options, Stage
from bench.wrk import wrk

TITLE = "Eight o'clock: twenty people for every place"
SETS = ("usual", "scale")
PEOPLE_PER_PLACE = 20
WINDOWS = 40
GATEWAY = "bench.rush.gateway.MailboxGateway"
REFUSALS_SHARE = 0.5
REFUSALS_GOAL = "≥ 50 % of an empty view"


@dataclass(frozen=True)
class Size:
    """How many places, each of them wanted by `PEOPLE_PER_PLACE`."""

    api: int
    pages: int
    strangers: int


USUAL = Size(api=1000, pages=40, strangers=20)
FULL = Size(api=1000, pages=1000, strangers=1000)


def run(stage: Stage, options: Options) -> list[Figure]:
    size = FULL if options.scale else USUAL
    return [
        *_through_the_api(stage, size.api, options),
        *_through_pages(stage, "signed in", size.pages, signed_in),
        *_through_pages(
            stage, "with sign-in", size.strangers, lambda _stage, serials: strangers(serials)
        ),
    ]


def _through_the_api(stage: Stage, places: int, options: Options) -> list[Figure]:
    empty = [_empty_view(stage, options.seconds)]
    hall = build_hall(stage, windows=WINDOWS, places=places // WINDOWS)
    crowd = ask(stage, hall, hall.crowd(places * PEOPLE_PER_PLACE), places)
    empty.append(_empty_view(stage, options.seconds))
    _require(crowd.complaints(), stage, hall.slots, places)
    return _api_figures(crowd, Figure("empty view, 256 connections", "requests/s", empty))


def _empty_view(stage: Stage, seconds: float) -> float:
    """Answers per second to the client of the crowd: wrk with a thread for each connection."""
    url = f"{stage.base}/healthz"
    load = wrk(url, connections=CONNECTIONS, seconds=seconds, threads=CONNECTIONS)
    return load.require(200).rate


def _api_figures(crowd: Crowd, empty: Figure) -> list[Figure]:
    refused = Figure("refusals once sold out", "requests/s", [crowd.refusals_per_second])
    waits = [1000 * answer.seconds for answer in crowd.refusals]
    said = ", ".join(f"{count:,} × {code}" for code, count in sorted(crowd.codes.items()))
    booked = crowd.last_words["booked"]
    return [
        empty,
        Figure(
            "places given",
            "places",
            [booked],
            goal=Goal(f"{crowd.places:,}, none oversold or unsold", booked == crowd.places),
            note=f"{crowd.people:,} people: {booked:,} booked, the others refused. Answers: {said}",
        ),
        Figure("time until the last place was given", "s", [crowd.seconds_to_sell]),
        refused.compared(empty).at_least(REFUSALS_SHARE, REFUSALS_GOAL),
        Figure("wait for a refusal, median", "ms", [percentile(waits, 0.5)]),
        Figure("wait for a refusal, 99 %", "ms", [percentile(waits, 0.99)]),
    ]


def _through_pages(
    stage: Stage, how: str, places: int, crowd_of: Callable[[Stage, range], list[dict[str, object]]]
) -> list[Figure]:
    mailbox = stage.state.root / "mailbox"
    stage.environment |= {"MESSAGE_GATEWAY": GATEWAY, "BENCH_MAILBOX": str(mailbox)}
    stage.restart("messenger")
    windows = min(WINDOWS, places // 5)
    hall = build_hall(stage, windows=windows, places=places // windows)
    people = crowd_of(stage, hall.crowd(places * PEOPLE_PER_PLACE))
    open_doors(stage, hall)
    before = stage.cpu_seconds("web")
    seen = visit(stage, hall, people, places, mailbox)
    spent = stage.cpu_seconds("web") - before
    _require(seen.complaints(), stage, hall.slots, places)
    return _page_figures(seen, how, spent)


def _page_figures(seen: Visit, how: str, web_seconds: float) -> list[Figure]:
    every = seen.all_steps()
    slowest = max(seen.steps, key=lambda step: step.percentile(0.5))
    return [
        Figure(
            f"pages, {how}: places given",
            "places",
            [seen.ends["booked"]],
            goal=Goal("none oversold or unsold, no 5xx", not seen.complaints()),
            note=f"{seen.people:,} people; {seen.ends['full']:,} were told that all is full",
        ),
        Figure(f"pages, {how}: people", "people/s", [seen.people / seen.seconds]),
        Figure(f"pages, {how}: requests", "requests/s", [seen.requests / seen.seconds]),
        Figure(f"pages, {how}: time until the last place was given", "s", [seen.seconds_to_sell]),
        Figure(f"pages, {how}: wait, median", "ms", [every.percentile(0.5)]),
        Figure(
            f"pages, {how}: wait, 99 %",
            "ms",
            [every.percentile(0.99)],
            note=f"slowest: {slowest.method} {slowest.name}",
        ),
        Figure(
            f"pages, {how}: web",
            "ms of processor time a request",
            [1000 * web_seconds / seen.requests],
        ),
    ]


def _require(complaints: list[str], stage: Stage, slots: list[int], places: int) -> None:
    """The database says the same as the answers. Raises Broken."""
    [(taken, bookings)] = stage.rows(
        "SELECT (SELECT sum(taken) FROM bookings_quota WHERE slot_id = ANY(%s)),"
        " (SELECT count(*) FROM bookings_booking WHERE slot_id = ANY(%s) AND status = 'confirmed')",
        [slots, slots],
    )
    if (taken, bookings) != (places, places):
        complaints = [*complaints, f"{places} places: {taken} taken by {bookings} bookings"]
    if complaints:
        raise Broken(complaints)
