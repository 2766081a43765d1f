"""What locust saw of a crowd at the pages, and what it finds in them."""

import datetime as dt
import json

import pytest
import time_machine

from bench.rush.browsing import Outcome, Step, Visit, parse_outcomes, parse_steps
from bench.rush.markup import free_choices, token_of
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from tests.citizens import make_account, make_member, signed_in, start_booking
from tests.factories import NOW, make_party, make_slot

PRINTED = json.dumps(
    [
        {
            "method": "POST",
            "name": "when",
            "num_requests": 4,
            "num_failures": 1,
            "response_times": {"10": 2, "40": 1, "100.0": 1},
        }
    ]
)
STEP = Step("POST", "when", 4, 0, {10.0: 2, 40.0: 1, 100.0: 1})


def visit(*ends: str, people: int = 3, places: int = 1, steps: tuple[Step, ...] = (STEP,)) -> Visit:
    outcomes = [Outcome(n, end, 100.0 + n, 110.0 + n) for n, end in enumerate(ends)]
    return Visit(steps, outcomes, people, places)


def test_what_locust_prints_is_read() -> None:
    [step] = parse_steps(PRINTED)
    assert step == Step("POST", "when", 4, 1, {10.0: 2, 40.0: 1, 100.0: 1})


def test_outcomes_are_read() -> None:
    line = '{"person": 5, "outcome": "booked", "begun": 1.5, "ended": 3.0, "reopened": 1}'
    assert parse_outcomes([line]) == [Outcome(5, "booked", 1.5, 3.0, 1)]


def test_percentiles_of_a_step() -> None:
    assert [STEP.percentile(share) for share in (0.5, 0.75, 0.99)] == [10, 40, 100]
    assert Step("GET", "what", 0, 0, {}).percentile(0.5) == 0.0


def test_all_steps_together() -> None:
    other = Step("GET", "when", 1, 0, {10.0: 1})
    together = visit("booked", steps=(STEP, other)).all_steps()
    assert (together.requests, together.times) == (5, {10.0: 3, 40.0: 1, 100.0: 1})


def test_a_sound_visit_has_no_complaints() -> None:
    seen = visit("full", "booked", "full")
    assert seen.complaints() == []
    assert (seen.seconds, seen.seconds_to_sell) == (12, 11)


@pytest.mark.parametrize(
    ("seen", "complaint"),
    [
        (visit("booked", "full", "full", places=2), "1 places went of 2"),
        (visit("booked", "full"), "2 of 3 people came to an end"),
        (
            visit("booked", "full", "stuck: who: 500"),
            "people were left without an answer: {'stuck: who: 500': 1}",
        ),
        (
            visit("booked", "full", "full", steps=(Step("GET", "who", 9, 2, {}),)),
            "2 × GET who failed",
        ),
    ],
)
def test_what_went_wrong_is_a_complaint(seen: Visit, complaint: str) -> None:
    assert seen.complaints() == [complaint]


@pytest.mark.django_db
def test_browsers_of_the_crowd_find_the_windows_that_have_room() -> None:
    with time_machine.travel(NOW, tick=False):
        later = NOW + dt.timedelta(days=1, hours=2)
        free, full = make_slot(1), make_slot(1, starts_at=later)
        book(make_party(full), SYSTEM, NOW)
        account = make_account()
        member = make_member(account)
        browser = signed_in(account)
        start_booking(browser, [member])
        page = browser.get("/book/time/").content.decode()
        who = browser.get("/book/people/").content.decode()
    assert free_choices(page, "slot") == [str(free.pk)]
    assert free_choices(who, "people") == [str(member.pk)]
    assert len(token_of(page)) == 64


def test_a_page_without_a_form_has_no_token() -> None:
    assert token_of("<p></p>") == ""
