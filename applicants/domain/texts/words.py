"""A message's words in the form that each gateway needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from applicants.domain.texts import render
from applicants.domain.texts.letter import letter
from applicants.domain.texts.templates import fields, filled
from applicants.gateways import Filled, GatewayRefused, Letter
from applicants.models import Message


@dataclass(frozen=True, slots=True)
class WordsOf:
    message: Message
    text: str

    def letter(self) -> Letter:
        return letter(self.message)

    def filled(self, registered: Mapping[str, Mapping[str, str]]) -> Filled:
        with _all_facts():
            return filled(self.message, registered)

    def fields(self, registered: Mapping[str, Mapping[str, Any]]) -> Filled:
        with _all_facts():
            return fields(self.message, registered)


@contextmanager
def _all_facts() -> Iterator[None]:
    """Nobody was asked yet: what can't be said isn't in doubt."""
    try:
        yield
    except (KeyError, TypeError, ValueError):
        raise GatewayRefused("fact_lacking", final=True) from None


def words_of(message: Message) -> WordsOf:
    """Raises KeyError, TypeError or ValueError when the context lacks a fact of the text."""
    return WordsOf(message, render(message))
