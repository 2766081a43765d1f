"""Answers that a crowd asks for, kept in the process for a second.

Not in Redis: asking it would cost more than all the rest of an answer, two processes ask the
database twice a second at most, and a stranger can't fill what everybody shares.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from cachetools import TLRUCache
from django.conf import settings

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
_QUEUES = 64


class _Kept(NamedTuple):
    asked_at: float
    answer: object


def _until(_question: object, kept: _Kept, _now: float) -> float:
    return kept.asked_at + settings.PLACES_KEPT_SECONDS


class Briefly(Generic[Question, Answer]):
    """The last `most` answers. None is older than `PLACES_KEPT_SECONDS`, counted from before it
    was asked for."""

    def __init__(self, most: int) -> None:
        self._kept: TLRUCache[Question, _Kept] = TLRUCache(most, ttu=_until, timer=time.monotonic)
        self._guard = Lock()
        self._queues = [Lock() for _ in range(_QUEUES)]

    def answers(
        self,
        about: Hashable,
        questions: Sequence[Question],
        ask: Callable[[list[Question]], Mapping[Question, Answer]],
    ) -> dict[Question, Answer]:
        """The answers to all these questions; `ask` gets those that nobody has asked yet.

        Of all requests with questions about the same only one asks; the others wait for it.
        """
        known = self._look(questions)
        if len(known) == len(questions):
            return known
        with self._queues[hash(about) % _QUEUES]:
            # Whoever was first may have asked the same.
            known = self._look(questions)
            if missing := [question for question in questions if question not in known]:
                asked_at = time.monotonic()
                found = ask(missing)
                self._keep(found, asked_at)
                known |= found
        return known

    def forget(self) -> None:
        with self._guard:
            self._kept.clear()

    def _look(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        with self._guard:
            kept = [(question, self._kept.get(question)) for question in questions]
        return {question: found.answer for question, found in kept if found}  # type: ignore[misc]

    def _keep(self, found: Mapping[Question, Answer], asked_at: float) -> None:
        with self._guard:
            for question, answer in found.items():
                self._kept[question] = _Kept(asked_at, answer)
