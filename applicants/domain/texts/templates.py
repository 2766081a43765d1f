"""Short texts with gaps, for gateways that send nothing but texts registered beforehand.

docs/operations.md lists them all, as they are to be registered; a test holds the list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from applicants.domain.texts.registered import TEMPLATES
from applicants.domain.texts.values import values_of
from applicants.enums import MessageKind
from applicants.models import Message
from applicants.script import traditional

# Operators cut or refuse longer ones.
LONGEST_VALUE = 35


@dataclass(frozen=True, slots=True)
class Filled:
    """What a gateway is asked to send: the number of a template, and what goes into its gaps."""

    code: str
    values: dict[str, str]


class NotRegistered(LookupError):
    """The gateway's settings name no template for this message."""


def filled(message: Message, registered: Mapping[str, Mapping[str, str]]) -> Filled:
    """`registered` has the gateway's codes by name and language. Raises NotRegistered.

    Who asked for a language that isn't registered gets Simplified Chinese. Numbers outside the
    mainland need templates of their own, registered as "en/abroad" and so on.
    """
    name = name_of(message)
    codes = registered.get(name, {})
    for key, language in _wanted(message):
        if key in codes:
            return Filled(codes[key], values_in(message, language, TEMPLATES[name].gaps))
    raise NotRegistered(name)


def _wanted(message: Message) -> Iterator[tuple[str, str]]:
    languages = list(dict.fromkeys([message.language, "zh-hans"]))
    if message.recipient.startswith("+") and not message.recipient.startswith("+86"):
        yield from ((f"{language}/abroad", language) for language in languages)
    yield from ((language, language) for language in languages)


def values_in(message: Message, language: str, gaps: list[str]) -> dict[str, str]:
    if language == "zh-hant":
        simplified = values_in(message, "zh-hans", gaps)
        return {gap: traditional(value) for gap, value in simplified.items()}
    return {gap: _cut(value) for gap, value in values_of(message, language, gaps).items()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def name_of(message: Message) -> str:
    """A kind, and what tells apart those that have several texts."""
    facts = message.context
    variant = ""
    match message.kind:
        case MessageKind.CONFIRMED:
            variant = "code" if facts.get("without_account") else ""
        case MessageKind.APPEAL_DECIDED:
            variant = "upheld" if facts["lifted"] else "rejected"
        case MessageKind.WAITING_ENDED:
            variant = "unanswered" if facts["unanswered"] else "in_vain"
        case MessageKind.URGENT_NEWS | MessageKind.HOME_VISIT_NEWS:
            variant = facts["event"]
    return f"{message.kind}_{variant}" if variant else str(message.kind)
