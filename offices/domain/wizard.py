"""Do I need to come at all? What people answer, and what follows from it.

Nothing here knows a person: ages are bands, and the answers may stand in an address.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from offices.domain import catalogue
from offices.domain.wizard_tables import (
    AT_MACHINE,
    FEES,
    MODE_OF,
    OPTION_WHEN,
    QUESTIONS,
    RULES,
    YES,
    Age,
    Conditions,
    Purpose,
    Question,
    Rule,
    Words,
)
from offices.enums import MaterialFor, Matter, Residence, ServiceMode, SiteLimit, Way
from offices.models import Service, ServiceGuide
from offices.models.catalogue import Material

Answers = Mapping[str, str]
# Catalogues without a service of its own for a lost document treat it as a renewal.
_INSTEAD = {Matter.REPLACEMENT: Matter.RENEWAL}


@dataclass(frozen=True, slots=True)
class Advice:
    """The rules that hold for somebody: the best one, and what is possible besides."""

    best: Rule
    others: tuple[Rule, ...]

    @property
    def way(self) -> Way:
        return self.best.way


def advise(answers: Answers, modes: Collection[str] = tuple(ServiceMode)) -> Advice:
    """What to do, by answers to all that `next_question` asks; `modes`: how the service is done."""
    holding = [
        rule
        for rule in RULES
        if _holds(rule.when, answers) and MODE_OF.get(rule.way) in (None, *modes)
    ]
    best, *others = holding or [RULES[-1]]
    return Advice(best, tuple(others))


def next_question(answers: Answers) -> Question | None:
    """The first question that concerns them and isn't answered."""
    return next((q for q in QUESTIONS if q.name not in answers and _concerns(q, answers)), None)


def options_of(question: Question, answers: Answers) -> list[tuple[str, Words]]:
    """Pairs of value and words: what somebody with these answers may choose from."""
    return [
        (value, words)
        for value, words in question.options
        if _holds(OPTION_WHEN.get((question.name, value), {}), answers)
    ]


def read_answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answers to the questions in their order, up to the first that isn't answered rightly."""
    answers: dict[str, str] = {}
    while question := next_question(answers):
        value = given.get(question.name, "")
        if value not in dict(options_of(question, answers)):
            break
        answers[question.name] = value
    return answers


def find_service(answers: Answers, day: dt.date) -> Service | None:
    """The service that a booking would begin with."""
    offered = [
        service
        for service in catalogue.public_services(day).values()
        if service.document == answers["document"]
    ]
    matter = answers.get("matter")
    for wanted in filter(None, (matter, _INSTEAD.get(matter))):  # type: ignore[call-overload]
        if found := next((each for each in offered if each.matter == wanted), None):
            return found
    return None if matter or not offered else offered[0]


def materials_for(way: Way, answers: Answers, guide: ServiceGuide) -> list[Material]:
    """What exactly this person needs of all that the guide names."""
    if way == Way.MACHINE:
        return list(AT_MACHINE)
    asked = _asked_of(answers)
    return [each for each in guide.materials if each.get("only", "") in {"", *asked}]


def days_for(answers: Answers, guide: ServiceGuide) -> int | None:
    """Working days; across provinces they may be more (XM-06)."""
    return guide.days_for(elsewhere=answers.get("residence") == Residence.ELSEWHERE)


def fee_for(answers: Answers) -> str:
    """Of an endorsement for what they travel for, in words; "" where the guide says the fee."""
    if "purpose" not in answers:
        return ""
    known = FEES.get((answers["document"], answers["purpose"]))
    return str(known or _("The counter will tell you the fee"))


def limit_of(answers: Answers) -> str:
    """Whom a self-service site must serve to be of use; "" where any will do (domain.md B4)."""
    if answers.get("residence") == Residence.ELSEWHERE:
        return SiteLimit.ELSEWHERE
    return SiteLimit.BUSINESS if answers.get("purpose") == Purpose.BUSINESS else ""


def _asked_of(answers: Answers) -> set[str]:
    found = {
        MaterialFor.UNDER_16: answers.get("age") == Age.CHILD,
        MaterialFor.STATE_STAFF: answers.get("staff") == YES,
        MaterialFor.WITH_PURPOSE: answers.get("purpose") in {Purpose.BUSINESS, Purpose.OTHER},
    }
    return {kind for kind, holds in found.items() if holds}


def _concerns(question: Question, answers: Answers) -> bool:
    return any(_holds(conditions, answers) for conditions in question.when)


def _holds(conditions: Conditions, answers: Answers) -> bool:
    return all(answers.get(name) in wanted for name, wanted in conditions.items())
