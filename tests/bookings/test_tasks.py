"""How the background goes about its work: in steps, and in small ones while many people book."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.cache import cache

from applicants import tasks as message_tasks
from applicants.domain import pace
from bookings import tasks
from tests.factories import make_office

# 08:00 in China.
RELEASE = dt.datetime(2026, 8, 3, 0, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_rush() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the background slept, without waiting for it."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def counting(found: int) -> tuple[list[int], Callable[[dt.datetime, int], int]]:
    """A verb that ends up to `limit` of what it finds, and notes each limit."""
    limits: list[int] = []

    def verb(_now: dt.datetime, limit: int) -> int:
        done = min(limit, found - sum(limits))
        limits.append(limit)
        return done

    return limits, verb


def test_work_goes_on_in_large_steps_until_it_is_done(pauses: list[float]) -> None:
    limits, verb = counting(1200)

    tasks._in_batches("done", verb)

    assert (limits, pauses) == ([500, 500, 500], [])


def test_during_a_rush_it_goes_on_in_small_steps_with_pauses(pauses: list[float]) -> None:
    pace.announce_rush(60)
    limits, verb = counting(120)

    tasks._in_batches("done", verb)

    assert (limits, pauses) == ([50, 50, 50], [pace.PAUSE_SECONDS] * 2)


def test_a_step_that_is_too_long_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, verb = counting(5000)
    monkeypatch.setattr(tasks, "SECONDS", 0)

    tasks._in_batches("done", verb)

    assert limits == [500]


@pytest.mark.parametrize(("rush", "others"), [(False, {}), (True, {"others": 10})])
def test_during_a_rush_few_messages_but_all_codes_leave_in_a_step(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float], rush: bool, others: dict[str, int]
) -> None:
    asked: list[dict[str, int]] = []

    def deliver(_now: dt.datetime, _seconds: float, **options: int) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr(message_tasks, "deliver_due", deliver)
    if rush:
        pace.announce_rush(60)

    message_tasks.deliver_messages(4)

    assert asked == [others]


@pytest.mark.django_db
@pytest.mark.parametrize(("moment", "rush"), [(RELEASE, True), (RELEASE.replace(hour=6), False)])
def test_the_release_of_a_day_is_announced(moment: dt.datetime, rush: bool) -> None:
    make_office()

    with time_machine.travel(moment, tick=False):
        tasks.watch_releases()

    assert next(pace.steps(0)) is rush
