"""What messages say, in the language of whoever gets them.

A text is a signature and a few short sentences. Chinese ones follow the official text messages
that people know: the sender in 【】, the matter, what to bring, whom to call. No links: official
messages that carry links teach people to trust fraud.

Each module has one function per kind of message, and lists them in its SENTENCES.
"""

from django.utils import translation

from applicants.domain.phrases import joined
from applicants.domain.texts import booking, requests, site, standing, waiting
from applicants.domain.texts.facts import BookingFacts, Thing
from applicants.domain.texts.sentences import signed_by_office
from applicants.enums import MessageKind
from applicants.models import Message
from applicants.script import traditional

__all__ = ["BookingFacts", "Thing", "paragraphs", "render"]

_OF_BOOKINGS = booking.SENTENCES | standing.SENTENCES | requests.SENTENCES | waiting.SENTENCES


def render(message: Message) -> str:
    """The whole text. Raises KeyError, TypeError or ValueError when the context lacks a fact."""
    if message.language == "zh-hant":
        return traditional(_render(message, "zh-hans"))
    return _render(message, message.language)


def paragraphs(message: Message) -> list[str]:
    """The signature and each sentence, in the language that is active."""
    kind = MessageKind(message.kind)
    if sentences := site.SENTENCES.get(kind):
        return [site.signed(), *sentences(message)]
    facts: BookingFacts = message.context
    return [signed_by_office(facts), *_OF_BOOKINGS[kind](facts)]


def _render(message: Message, language: str) -> str:
    with translation.override(language):
        return joined(paragraphs(message))
