"""A message's words in the form that each gateway needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from applicants.domain.texts import render
from applicants.domain.texts.letter import letter
from applicants.domain.texts.templates import filled
from applicants.gateways import Filled, GatewayRefused, Letter
from applicants.models import Message


@dataclass(frozen=True, slots=True)
class WordsOf:
    message: Message
    text: str

    def letter(self) -> Letter:
        return letter(self.message)

    def filled(self, registered: Mapping[str, Mapping[str, str]]) -> Filled:
        try:
            return filled(self.message, registered)
        except (KeyError, TypeError, ValueError):
            raise GatewayRefused("fact_lacking", final=True) from None


def words_of(message: Message) -> WordsOf:
    """Raises KeyError, TypeError or ValueError when the context lacks a fact of the text."""
    return WordsOf(message, render(message))
