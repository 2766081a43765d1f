"""What goes into the gaps of registered texts, in one language."""

import datetime as dt
from collections.abc import Callable

from django.utils import translation

from applicants.domain.manage_code import manage_code
from applicants.domain.phrases import either, listed, moment_or_midnight, say_date
from applicants.domain.texts.facts import BookingFacts
from applicants.domain.texts.sentences import window
from applicants.enums import MessageKind
from applicants.models import Message


def values_of(message: Message, language: str, gaps: list[str]) -> dict[str, str]:
    """`language` has sentences of its own: zh-hans or en. Raises KeyError for a lacking fact."""
    with translation.override(language):
        return {gap: _value(message, gap) for gap in gaps}


def _value(message: Message, gap: str) -> str:
    if gap == "code" and message.kind == MessageKind.SIGN_IN_CODE:
        return message.secret
    if gap in _AS_THEY_ARE:
        return str(message.context[_AS_THEY_ARE[gap]])
    return _SAID[gap](message.context)


# Gaps whose fact needs no words.
_AS_THEY_ARE = {
    "number": "number",
    "places": "places",
    "minutes": "minutes",
    "months": "months",
    "in_days": "days",
    "count": "no_shows",
}


def _start(facts: BookingFacts) -> str:
    """As WeChat's fields for a time want it."""
    starts = dt.datetime.fromisoformat(facts["starts_at"])
    return f"{starts.year}年{starts.month}月{starts.day}日 {starts:%H:%M}"


def _office(facts: BookingFacts) -> str:
    """Where to come: the site, if it isn't the office itself."""
    site = either(facts.get("site", ""), facts.get("site_en", ""))
    return site or either(facts["office"], facts["office_en"])


def _things(facts: BookingFacts) -> str:
    return listed(either(thing["name"], thing["name_en"]) for thing in facts["materials"]) or "-"


def _answer(facts: BookingFacts) -> str:
    return either(facts["notice"], facts.get("notice_en", "")).rstrip("。. ") or "-"


def _until(facts: BookingFacts) -> str:
    moment = facts.get("answer_until") or facts.get("earlier_at") or facts["visit_at"]
    return moment_or_midnight(moment)


def _date(facts: BookingFacts) -> str:
    return say_date(dt.date.fromisoformat(facts.get("suspended_until") or facts["due_on"]))


def _days(facts: BookingFacts) -> str:
    first, last = (dt.date.fromisoformat(facts[day]) for day in ("first_day", "last_day"))
    return say_date(first) if first == last else f"{say_date(first)}–{say_date(last)}"


_SAID: dict[str, Callable[[BookingFacts], str]] = {
    "time": window,
    "start": _start,
    "office": _office,
    "code": lambda facts: manage_code(facts["number"]),
    "things": _things,
    "answer": _answer,
    "until": _until,
    "date": _date,
    "days": _days,
}
