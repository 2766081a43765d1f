"""Short texts with gaps, for gateways that send nothing but texts registered beforehand.

docs/operations.md lists them all, as they are to be registered; a test holds the list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from applicants.domain.texts.registered import TEMPLATES
from applicants.domain.texts.requests import request_event
from applicants.domain.texts.values import values_of
from applicants.enums import MessageKind
from applicants.gateways import Filled, GatewayRefused
from applicants.models import Message
from applicants.script import traditional

# Operators cut or refuse longer ones.
LONGEST_VALUE = 35


def filled(message: Message, registered: Mapping[str, Mapping[str, str]]) -> Filled:
    """`registered` has the gateway's codes by name and language.

    Who asked for a language that isn't registered gets Simplified Chinese. Numbers outside the
    mainland need templates of their own, registered as "en/abroad" and so on. Raises
    GatewayRefused where none is registered, or a fact is lacking.
    """
    name = name_of(message)
    codes = registered.get(name, {})
    for key, language in _wanted(message):
        if key in codes:
            return Filled(codes[key], _values_in(message, language, TEMPLATES[name].gaps))
    raise GatewayRefused("no_template", final=True)


def fields(message: Message, registered: Mapping[str, Mapping[str, Any]]) -> Filled:
    """A form whose labels are registered, in whatever language; the values are in the reader's.

    `registered` has by name the form's `id`, and the gap that goes into each of its `fields`.
    """
    form = registered.get(name_of(message))
    if form is None:
        raise GatewayRefused("no_template", final=True)
    gaps: Mapping[str, str] = form["fields"]
    values = _values_in(message, message.language, list(gaps.values()))
    return Filled(form["id"], {field: values[gap] for field, gap in gaps.items()})


def _wanted(message: Message) -> Iterator[tuple[str, str]]:
    languages = list(dict.fromkeys([message.language, "zh-hans"]))
    if message.recipient.startswith("+") and not message.recipient.startswith("+86"):
        yield from ((f"{language}/abroad", language) for language in languages)
    yield from ((language, language) for language in languages)


def _values_in(message: Message, language: str, gaps: list[str]) -> dict[str, str]:
    if language == "zh-hant":
        simplified = _values_in(message, "zh-hans", gaps)
        return {gap: traditional(value) for gap, value in simplified.items()}
    return {gap: _cut(value) for gap, value in values_of(message, language, gaps).items()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def name_of(message: Message) -> str:
    """A kind, and what tells apart those that have several texts."""
    facts = message.context
    variant = ""
    match message.kind:
        case MessageKind.SIGN_IN_CODE:
            variant = facts.get("purpose", "")
        case MessageKind.CONFIRMED:
            variant = "code" if facts.get("without_account") else ""
        case MessageKind.DATA_UNUSED:
            variant = "account" if facts["account"] else "person"
        case MessageKind.APPEAL_DECIDED:
            variant = "upheld" if facts["lifted"] else "rejected"
        case MessageKind.WAITING_ENDED:
            variant = "unanswered" if facts["unanswered"] else "in_vain"
        case MessageKind.URGENT_NEWS:
            variant = request_event(facts)
        case MessageKind.HOME_VISIT_NEWS:
            variant = facts["event"]
    return f"{message.kind}_{variant}" if variant else str(message.kind)
