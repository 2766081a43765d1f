"""Every way through the questions of the wizard, and what each rule says."""

import datetime as dt
from collections.abc import Iterator

import pytest

from offices.demo.loading import load_catalogue
from offices.domain import wizard
from offices.domain.wizard import advise, find_service, next_question, options_of, read_answers
from offices.domain.wizard_tables import MODE_OF, QUESTIONS, RULES
from offices.enums import Document, Matter, ServiceMode, Way
from offices.models import ServiceGuide
from tests.factories import make_service

TODAY = dt.date(2026, 8, 3)
Answers = dict[str, str]

# Somebody for whom a smart machine will do.
AT_MACHINE = {
    "document": "hkm_permit",
    "matter": "re_endorsement",
    "purpose": "tourism",
    "permit": "card",
    "age": "adult",
    "staff": "no",
    "residence": "elsewhere",
    "fingerprints": "yes",
    "come": "yes",
    "urgent": "no",
}
# Somebody of a pilot city whose passport expires.
ONLINE = {
    "document": "passport",
    "matter": "renewal",
    "age": "adult",
    "staff": "no",
    "residence": "local",
    "online_city": "yes",
    "fingerprints": "yes",
    "come": "yes",
    "urgent": "no",
}


def paths(answers: Answers | None = None) -> Iterator[Answers]:
    """Every complete set of answers."""
    answers = answers or {}
    question = next_question(answers)
    if question is None:
        yield answers
        return
    for value, _words in options_of(question, answers):
        yield from paths({**answers, question.name: value})


ALL = list(paths())


def way(answers: Answers, **other: str) -> Way:
    return advise(answers | other).way


def test_every_combination_of_answers_has_exactly_one_best_way() -> None:
    assert len(ALL) > 1000
    for answers in ALL:
        advice = advise(answers)
        assert RULES.index(advice.best) < min(map(RULES.index, advice.others), default=len(RULES))
        assert read_answers(answers) == answers


def test_no_rule_is_dead() -> None:
    best = {RULES.index(advise(answers).best) for answers in ALL}
    assert best == set(range(len(RULES)))


def test_no_rule_asks_for_an_answer_that_nobody_can_give() -> None:
    given = {(name, value) for answers in ALL for name, value in answers.items()}
    wanted = {
        (name, value) for rule in RULES for name, values in rule.when.items() for value in values
    }
    assert wanted <= given


def test_no_question_is_asked_in_vain() -> None:
    """Each changes the way, the materials or the days of somebody."""
    guide = ServiceGuide(
        working_days=7,
        working_days_elsewhere=20,
        materials=[{"name": only, "only": only} for only in wizard.MaterialFor],
    )

    def result(answers: Answers) -> str:
        materials = [each["name"] for each in wizard.materials_for(Way.COUNTER, answers, guide)]
        service = (answers["document"], answers.get("matter"))
        return str((advise(answers).way, materials, wizard.days_for(answers, guide), service))

    for question in QUESTIONS:
        # By the answers before it and the answer to it: what may come of them.
        after: dict[tuple[str, ...], dict[str, set[str]]] = {}
        for answers in (each for each in ALL if question.name in each):
            before = tuple(answers.values())[: list(answers).index(question.name)]
            by_answer = after.setdefault(before, {})
            by_answer.setdefault(answers[question.name], set()).add(result(answers))
        matters = [len({frozenset(each) for each in found.values()}) for found in after.values()]
        assert max(matters) > 1, question.name


@pytest.mark.row("XM-40")
def test_a_card_holder_renews_a_tourist_endorsement_without_an_appointment() -> None:
    assert way(AT_MACHINE) == Way.MACHINE
    assert way(AT_MACHINE, permit="booklet") == Way.HAND_IN
    assert "无需预约" in str(Way.MACHINE.label)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"purpose": "business"}, Way.MACHINE),
        ({"age": "senior"}, Way.MACHINE),
        ({"urgent": "yes"}, Way.MACHINE),
        ({"purpose": "other"}, Way.COUNTER),
        ({"purpose": "business", "permit": "booklet"}, Way.COUNTER),
        ({"staff": "yes"}, Way.COUNTER),
        ({"age": "child"}, Way.COUNTER),
        ({"matter": "first_issue"}, Way.COUNTER),
        ({"document": "tw_permit"}, Way.COUNTER),
        ({"fingerprints": "no"}, Way.COURIER),
        ({"come": "no"}, Way.COURIER),
        ({"come": "no", "urgent": "yes"}, Way.HOME_VISIT),
        ({"staff": "yes", "urgent": "yes"}, Way.URGENT),
    ],
)
def test_whom_a_machine_serves(other: Answers, expected: Way) -> None:
    assert way(AT_MACHINE, **other) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, Way.ONLINE),
        ({"matter": "replacement"}, Way.ONLINE),
        ({"document": "tw_permit"}, Way.ONLINE),
        ({"come": "no"}, Way.ONLINE),
        ({"matter": "first_issue"}, Way.COUNTER),
        ({"age": "child"}, Way.COUNTER),
        ({"staff": "yes"}, Way.COUNTER),
        ({"residence": "in_province"}, Way.COUNTER),
        ({"online_city": "no"}, Way.COUNTER),
        ({"fingerprints": "no"}, Way.COUNTER),
        ({"fingerprints": "no", "come": "no"}, Way.HOME_VISIT),
        ({"urgent": "yes"}, Way.URGENT),
    ],
)
def test_who_renews_online(other: Answers, expected: Way) -> None:
    assert way(ONLINE, **other) == expected


@pytest.mark.row("XM-41")
def test_the_courier_is_offered_for_tourist_re_endorsements_only() -> None:
    offered = [
        answers
        for answers in ALL
        if Way.COURIER in {rule.way for rule in (advise(answers).best, *advise(answers).others)}
    ]
    assert {(each["matter"], each["purpose"]) for each in offered} == {
        (Matter.RE_ENDORSEMENT, "tourism")
    }
    assert Way.COURIER in {rule.way for rule in advise(AT_MACHINE).others}


@pytest.mark.row("WH-21")
def test_a_service_is_booked_done_on_the_spot_or_at_home() -> None:
    assert [mode.name for mode in ServiceMode] == ["BOOKED", "WALK_IN", "HOME_VISIT"]
    cannot_come = ONLINE | {"matter": "first_issue", "come": "no"}
    assert MODE_OF[advise(cannot_come).way] == ServiceMode.HOME_VISIT
    assert MODE_OF[advise(cannot_come | {"come": "yes"}).way] == ServiceMode.BOOKED
    urgent = cannot_come | {"come": "yes", "urgent": "yes"}
    assert MODE_OF[advise(urgent).way] == ServiceMode.WALK_IN


def test_a_way_that_the_service_is_not_offered_by_is_not_advised() -> None:
    cannot_come = ONLINE | {"matter": "first_issue", "come": "no"}
    assert advise(cannot_come, [ServiceMode.BOOKED]).way == Way.COUNTER


def test_foreigners_and_collectors_are_asked_nothing_more() -> None:
    for document in (Document.VISA, Document.RESIDENCE_PERMIT, Document.COLLECTION):
        assert next_question({"document": document}) is None
        assert way({"document": document}) == Way.COUNTER


def test_answers_are_read_up_to_the_first_that_makes_no_sense() -> None:
    assert read_answers({"document": "passport", "matter": "re_endorsement", "age": "adult"}) == {
        "document": "passport"
    }
    assert read_answers({"document": "moon"}) == {}


@pytest.mark.django_db
def test_every_path_of_the_demo_catalogue_leads_to_a_service() -> None:
    load_catalogue()
    services = {(each["document"], each.get("matter")): find_service(each, TODAY) for each in ALL}
    missing = {key for key, service in services.items() if service is None}
    assert missing == set()
    assert services[Document.HKM_PERMIT, Matter.REPLACEMENT].code == "hkm-permit-renewal"


@pytest.mark.django_db
def test_a_catalogue_without_the_service_says_so() -> None:
    make_service("passport-first")
    assert find_service(ONLINE, TODAY) is None
    assert find_service(ONLINE | {"matter": "first_issue"}, TODAY).code == "passport-first"


def materials(answers: Answers, way: Way = Way.COUNTER) -> list[str]:
    guide = ServiceGuide(
        materials=[
            {"name": "身份证"},
            {"name": "监护关系证明", "only": "under_16"},
            {"name": "单位同意函", "only": "state_staff"},
            {"name": "事由证明", "only": "with_purpose"},
        ]
    )
    return [item["name"] for item in wizard.materials_for(way, answers, guide)]


def test_only_what_the_person_needs_is_listed() -> None:
    assert materials(ONLINE) == ["身份证"]
    assert materials(ONLINE | {"age": "child"}) == ["身份证", "监护关系证明"]
    assert materials(ONLINE | {"staff": "yes"}) == ["身份证", "单位同意函"]
    assert materials(AT_MACHINE | {"purpose": "other"}) == ["身份证", "事由证明"]
    assert materials(AT_MACHINE, Way.MACHINE) == ["卡式通行证", "居民身份证"]
