"""Answers kept for a second: how old they get, who asks for them, how many are kept."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from offices.domain.briefly import Briefly

CROWD = 256


class Counter:
    """Answers each question with how often anything was asked so far."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked: list[list[str]] = []
        self.seconds = seconds

    def __call__(self, questions: list[str]) -> dict[str, int]:
        self.asked.append(questions)
        time.sleep(self.seconds)
        return dict.fromkeys(questions, len(self.asked))


@pytest.fixture
def kept_for(settings: Any) -> Callable[[float], None]:
    def choose(seconds: float) -> None:
        settings.PLACES_KEPT_SECONDS = seconds

    return choose


def test_an_answer_lives_as_long_as_the_setting_says(kept_for: Callable[[float], None]) -> None:
    kept_for(0.2)
    briefly: Briefly[str, int] = Briefly(10)
    ask = Counter()
    answers = []
    begun = time.monotonic()
    while time.monotonic() - begun < 0.5:
        answers.append((time.monotonic() - begun, briefly.answers("it", ["it"], ask)["it"]))
        time.sleep(0.01)
    for answer in {each for _at, each in answers}:
        seen = [at for at, each in answers if each == answer]
        assert max(seen) - min(seen) < 0.25
    assert 2 <= len(ask.asked) <= 3


def test_the_second_begins_before_the_question(kept_for: Callable[[float], None]) -> None:
    kept_for(0.2)
    briefly: Briefly[str, int] = Briefly(10)
    slow = Counter(seconds=0.25)
    assert briefly.answers("it", ["it"], slow) == {"it": 1}
    assert briefly.answers("it", ["it"], slow) == {"it": 2}


def test_a_crowd_that_comes_at_once_asks_once(kept_for: Callable[[float], None]) -> None:
    kept_for(60)
    briefly: Briefly[str, int] = Briefly(10)
    ask = Counter(seconds=0.2)
    start = threading.Barrier(CROWD)

    def come(_number: int) -> int:
        start.wait()
        return briefly.answers("it", ["it"], ask)["it"]

    with ThreadPoolExecutor(CROWD) as crowd:
        assert list(crowd.map(come, range(CROWD))) == [1] * CROWD
    assert ask.asked == [["it"]]


def test_only_what_nobody_knows_is_asked(kept_for: Callable[[float], None]) -> None:
    kept_for(60)
    briefly: Briefly[str, int] = Briefly(10)
    ask = Counter()
    briefly.answers("days", ["Monday", "Tuesday"], ask)
    known = briefly.answers("days", ["Tuesday", "Wednesday"], ask)
    assert (known, ask.asked[1:]) == ({"Tuesday": 1, "Wednesday": 2}, [["Wednesday"]])


def test_an_empty_answer_is_an_answer(kept_for: Callable[[float], None]) -> None:
    kept_for(60)
    briefly: Briefly[str, tuple[int, ...]] = Briefly(10)
    asked = []

    def ask(questions: list[str]) -> dict[str, tuple[int, ...]]:
        asked.append(questions)
        return {"Sunday": ()}

    assert [briefly.answers("days", ["Sunday"], ask) for _ in range(2)] == [{"Sunday": ()}] * 2
    assert len(asked) == 1


def test_a_failure_is_not_kept(kept_for: Callable[[float], None]) -> None:
    kept_for(60)
    briefly: Briefly[str, int] = Briefly(10)

    def fail(_questions: list[str]) -> dict[str, int]:
        raise OSError

    with pytest.raises(OSError):
        briefly.answers("it", ["it"], fail)
    assert briefly.answers("it", ["it"], Counter()) == {"it": 1}


def test_a_stranger_with_many_questions_does_not_fill_the_memory(
    kept_for: Callable[[float], None],
) -> None:
    kept_for(60)
    briefly: Briefly[str, int] = Briefly(10)
    for number in range(100):
        briefly.answers(number, [str(number)], Counter())
    assert len(briefly._kept) == 10
