"""Why not: every refusal says which rule, what it rests on, and what one can do about it."""

import ast
import datetime as dt
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

import bookings.domain
import visits.domain
from bookings.domain import errors, ways
from bookings.domain.eligibility import find_services, reasons_against
from bookings.domain.errors import BookingError, NotEligible, Reason
from bookings.domain.parties import Person
from bookings.domain.ways import REASONS, REFUSALS, Way, rule_of
from bookings.models import Slot
from offices.domain.policy import BookingPolicy
from offices.models import Session
from tests.factories import (
    NOW,
    make_identity,
    make_line,
    make_office,
    make_person,
    make_service,
    make_slot,
)

ROOT = Path(__file__).resolve().parents[2]
APPS = ("bookings", "visits", "applicants", "offices")
ON_LAW = {"guardian_needed", "wrong_document"}
CHILD = dt.date(2016, 1, 1)
SESSIONS: list[dict[str, Any]] = [
    {"booking_free": True},
    {"max_age": 20},
    {"students_only": True, "residents_of": "厦门"},
]


def with_ancestors(kind: type) -> Iterator[type]:
    yield kind
    for below in kind.__subclasses__():
        yield from with_ancestors(below)


def codes_of_reasons() -> set[str]:
    """Every code that the source gives a Reason."""
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                    assert isinstance(node.args[0], ast.Constant), path
                    found.add(str(node.args[0].value))
    return found


def codes_of_errors() -> set[str]:
    for package in (bookings.domain, visits.domain):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    kinds = [kind for kind in with_ancestors(BookingError) if kind.__module__.startswith(APPS)]
    return {kind.code for kind in kinds if kind is not BookingError}  # type: ignore[attr-defined]


def test_every_reason_has_its_rule_and_every_rule_its_reason() -> None:
    assert codes_of_reasons() == set(REASONS)


def test_every_refusal_has_its_rule_and_every_rule_its_refusal() -> None:
    # A party's reasons say themselves what to do.
    assert codes_of_errors() - {"not_eligible"} == set(REFUSALS)


@pytest.mark.parametrize("code", sorted({*REASONS, *REFUSALS}))
def test_every_rule_shows_a_way_on_in_both_languages(code: str) -> None:
    found = rule_of(code).ways
    assert found
    for way in found:
        with translation.override("zh-hans"):
            chinese = str(way.label)
        with translation.override("en"):
            assert str(way.label) not in ("", chinese)
        # The address is one that there is.
        assert way.path or not way.link


def test_no_two_ways_share_a_code_and_their_links_lead_somewhere(client: Client, db: Any) -> None:
    known = [value for value in vars(ways).values() if isinstance(value, Way)]
    assert len({way.code for way in known}) == len(known)
    for way in known:
        if way.path.startswith("/"):
            assert client.get(way.path).status_code in (200, 302), way.path


@pytest.mark.parametrize("code", sorted(ON_LAW))
def test_what_rests_on_law_names_it(code: str) -> None:
    with translation.override("zh-hans"):
        assert "《" in str(rule_of(code).source) or "国家" in str(rule_of(code).source)


# --- Every reason, as it comes about ------------------------------------------------------------


@pytest.fixture
def slot(db: Any) -> Slot:
    make_service("visa-extension")
    return make_slot()


def in_session(day: int, **fields: Any) -> Slot:
    starts_at = NOW + dt.timedelta(days=day)
    session = Session.objects.create(
        office=make_office(),
        line=make_line(),
        name="学生专场",
        name_en="Student session",
        kind="student",
        date=starts_at.date(),
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=20,
        **fields,
    )
    return make_slot(session=session, starts_at=starts_at)


def reasons(
    slot: Slot, *people: Person, offered: set[str] | None = None, **policy: Any
) -> list[Reason]:
    codes = {code for person in people for code in person.services}
    services = find_services(codes)
    handled = services.keys() if offered is None else offered
    return reasons_against(people, slot, BookingPolicy(**policy), services, handled)


def every_reason(slot: Slot) -> Iterator[Reason]:
    """One party or more for every rule."""
    adult = make_person()
    unknown = replace(make_identity(), id_type="passport")
    yield from reasons(slot)
    yield from reasons(slot, adult, make_person(), max_party=1)
    yield from reasons(slot, adult, replace(adult))
    yield from reasons(slot, replace(adult, services=()))
    yield from reasons(slot, make_person("passport-first", "hkm-permit-first"), max_services=1)
    yield from reasons(slot, replace(adult, identity=unknown))
    yield from reasons(slot, make_person(born=dt.date(2030, 1, 1)))
    yield from reasons(slot, make_person(born=CHILD))
    yield from reasons(slot, make_person("no-such-thing"))
    yield from reasons(slot, make_person("visa-extension"))
    yield from reasons(slot, adult, offered=set())
    for day, session in enumerate(SESSIONS, start=6):
        yield from reasons(in_session(day, **session), adult)


def sentences(slot: Slot, language: str) -> dict[str, str]:
    with translation.override(language):
        found = list(every_reason(slot))
    Slot.objects.filter(session__isnull=False).delete()
    Session.objects.all().delete()
    assert all(reason.ways for reason in found)
    assert all(reason.source for reason in found if reason.code == "guardian_needed")
    return {reason.code: reason.message for reason in found}


def test_every_reason_comes_with_its_sentence_in_both_languages(slot: Slot) -> None:
    make_service("hkm-permit-first")
    chinese, english = sentences(slot, "zh-hans"), sentences(slot, "en")
    assert chinese.keys() == english.keys() == REASONS.keys()
    for code, sentence in chinese.items():
        assert sentence
        assert sentence != english[code]


def test_a_passport_asks_for_the_resident_card_by_law(slot: Slot) -> None:
    foreigner = make_person(identity=replace(make_identity(), id_type="passport"))
    with translation.override("zh-hans"):
        (reason,) = [
            one
            for one in reasons(slot, replace(foreigner, birth_date=dt.date(1990, 1, 1)))
            if one.code == "wrong_document"
        ]
    assert reason.source == "《中华人民共和国护照法》第六条"


def test_a_party_with_several_reasons_is_shown_each_way_once() -> None:
    refusal = NotEligible([Reason("guardian_needed", "…", 0), Reason("guardian_needed", "…", 1)])
    assert [way.code for way in refusal.ways] == ["bring_adult", "add_person", "call"]


def test_what_is_not_open_yet_says_when_it_opens() -> None:
    opens = dt.datetime(2026, 8, 5, 0, 0, tzinfo=dt.UTC)
    refusal = errors.SlotNotOpen(1, "not_yet_open", opens, ZoneInfo("Asia/Shanghai"))
    with translation.override("zh-hans"):
        assert (
            refusal.message == "该时段将于8月5日 周三 08:00开放预约。请届时再来，或选择其他时段。"
        )
    with translation.override("en"):
        assert refusal.message == (
            "Booking for this time opens on Wed 5 Aug, 08:00. "
            "Come back then, or choose another time."
        )
