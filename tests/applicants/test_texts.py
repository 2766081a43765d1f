"""Every kind of message has its words in every language, of a length that can be sent."""

import re
from typing import Any

import pytest
from django.conf import settings

from applicants.domain.texts import render
from applicants.domain.texts.letter import letter
from applicants.domain.texts.registered import TEMPLATES
from applicants.domain.texts.templates import name_of
from applicants.domain.texts.words import words_of
from applicants.enums import MessageKind
from applicants.gateways import GatewayRefused
from applicants.models import Message
from tests.applicants.gateways.messages import FACTS, make_message
from tests.house import ROOT

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Carriers split what is longer than 70 characters, and charge for each part.
LONGEST = 70 * 5
REQUEST = {
    **FACTS,
    "notice": "请于周五前补充住院通知",
    "notice_en": "",
    "due_on": "2026-08-07",
    "visit_at": "2026-08-07T09:00",
}


WAITED = {**FACTS, "first_day": "2026-08-04", "last_day": "2026-08-07"}
# The contexts with which messages of a kind are written, each that has a text of its own.
CONTEXTS: dict[str, list[dict[str, Any]]] = {
    MessageKind.SIGN_IN_CODE: [{"minutes": 10, "purpose": what} for what in ("", "contact")],
    MessageKind.CONFIRMED: [FACTS, {**FACTS, "without_account": True}],
    MessageKind.SUSPENDED: [{**FACTS, "no_shows": 3, "suspended_until": "2026-09-02"}],
    MessageKind.APPEAL_DECIDED: [
        {**FACTS, "lifted": lifted, "notice": "当日航班取消，情况属实"} for lifted in (True, False)
    ],
    MessageKind.OFFICE_NOTICE: [
        {**FACTS, "notice": "因系统升级，当日上午暂停办理", "notice_en": ""}
    ],
    MessageKind.WAITING_OFFER: [{**FACTS, "answer_until": "2026-08-03T20:00:00+08:00"}],
    MessageKind.WAITING_ENDED: [{**WAITED, "unanswered": each} for each in (True, False)],
    MessageKind.EARLIER_PLACE: [{**FACTS, "earlier_at": "2026-08-03T15:00:00+08:00"}],
    MessageKind.URGENT_NEWS: [
        {**REQUEST, "event": event}
        for event in ("asked", "more_needed", "approved", "rejected", "done")
    ]
    + [{**REQUEST, "event": "more_needed", "without_account": True}],
    MessageKind.HOME_VISIT_NEWS: [
        {**REQUEST, "event": event}
        for event in ("asked", "approved", "rejected", "assigned", "done")
    ],
    MessageKind.RENEWAL_DUE: [{"months": 12}],
    MessageKind.DATA_UNUSED: [{"account": account, "days": 30} for account in (True, False)],
    MessageKind.ACCOUNT_DELETED: [{}],
}


def all_messages() -> list[Message]:
    return [
        make_message(kind=kind, context=facts, language=language, secret="123456")
        for kind in MessageKind
        for facts in CONTEXTS.get(kind, [FACTS])
        for language in LANGUAGES
    ]


def each(message: Message) -> str:
    return f"{name_of(message)}-{message.language}"


@pytest.mark.parametrize("message", all_messages(), ids=each)
def test_it_can_be_said_in_full_and_in_few_parts(message: Message) -> None:
    text = render(message)
    assert re.match(r"【.+】|\[.+\] ", text)
    assert len(text) <= LONGEST
    assert "%(" not in text
    assert "${" not in text
    said = letter(message)
    assert said.subject
    assert said.text
    assert f'<html lang="{message.language}">' in said.html
    if message.language == "en":
        assert not re.search("[一-鿿]", re.sub("请于.*住院通知|当日.*属实|因系.*办理", "", text))
    else:
        assert re.search("[一-鿿]", text)


@pytest.mark.parametrize("message", all_messages(), ids=each)
def test_it_fits_the_text_that_is_registered_for_it(message: Message) -> None:
    name = name_of(message)
    words = words_of(message).filled({name: dict.fromkeys(LANGUAGES, "T-1")})
    whole = TEMPLATES[name].text(message.language)
    for gap, value in words.values.items():
        assert 0 < len(value) <= 35
        whole = whole.replace(f"${{{gap}}}", value)
    assert "${" not in whole
    assert len(whole) <= LONGEST


def test_nothing_is_registered_that_nobody_sends() -> None:
    assert set(TEMPLATES) == {name_of(message) for message in all_messages()}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_registered_text_has_the_same_gaps_in_each_language_in_the_same_order(name: str) -> None:
    template = TEMPLATES[name]
    assert re.findall(r"\$\{(\w+)\}", template.english) == template.gaps


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_operators_find_each_text_that_is_to_be_registered(name: str) -> None:
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    template = TEMPLATES[name]
    assert f"| `{name}` | {template.chinese} | {template.english} |" in operations


def test_a_long_answer_is_cut_where_operators_would_refuse_it() -> None:
    long = {**FACTS, "notice": "长" * 60, "notice_en": ""}
    words = words_of(make_message(kind=MessageKind.OFFICE_NOTICE, context=long))
    values = words.filled({"office_notice": {"zh-hans": "T-1"}}).values
    assert values["answer"] == "长" * 34 + "…"


def test_a_message_that_lacks_a_fact_was_asked_of_nobody() -> None:
    words = words_of(make_message(context=FACTS))
    words.message.context = {key: FACTS[key] for key in ("number", "city")}
    with pytest.raises(GatewayRefused, match="fact_lacking") as refused:
        words.filled({"confirmed": {"zh-hans": "T-1"}})
    assert refused.value.final


def test_a_site_stands_for_the_office_that_runs_it() -> None:
    words = words_of(make_message(context={**FACTS, "site": "鼓浪屿便民点", "site_en": ""}))
    assert words.filled({"confirmed": {"zh-hans": "1"}}).values["office"] == "鼓浪屿便民点"
