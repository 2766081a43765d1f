"""By appointment only, from a day on: what the office's page says before and after (JJ-09)."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from offices.domain.policy import BookingPolicy
from offices.domain.walk_in import walk_in_allowed
from tests.factories import make_office

BEFORE, START = dt.date(2027, 1, 7), dt.date(2027, 1, 8)


@pytest.mark.parametrize(
    ("policy", "day", "allowed"),
    [
        (BookingPolicy(), START, True),
        (BookingPolicy(walk_in_always=False), START, False),
        (BookingPolicy(appointment_only_from=START), BEFORE, True),
        (BookingPolicy(appointment_only_from=START), START, False),
        # The day decides, once there is one.
        (
            BookingPolicy(appointment_only_from=START, walk_in_always=False),
            dt.date(2027, 1, 7),
            True,
        ),
    ],
)
def test_a_walk_in_is_served_until_the_day(
    policy: BookingPolicy, day: dt.date, allowed: bool
) -> None:
    assert walk_in_allowed(policy, day) is allowed


def page_on(client: Client, day: dt.date, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    with time_machine.travel(dt.datetime.combine(day, dt.time(1), dt.UTC), tick=False):
        text = client.get("/offices/xiamen-zhenhai/").text
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@pytest.mark.django_db
@pytest.mark.row("JJ-09")
def test_before_the_day_one_may_walk_in_and_from_it_on_one_books_exemptions_aside(
    client: Client,
) -> None:
    make_office(policy={"appointment_only_from": "2027-01-08"})
    before, after = page_on(client, BEFORE), page_on(client, START)
    assert "2027年1月8日起实行预约办证" in before
    assert "没有预约，也能办" in before
    assert "没有预约，也能办" not in after
    assert "实行预约办证 请先预约再来大厅。急事急办和免预约情形无需预约" in after
    english = page_on(client, START, "en")
    assert "urgent matters and those exempt from booking are served" in english


@pytest.mark.django_db
def test_an_office_without_such_a_day_turns_nobody_away(client: Client) -> None:
    make_office()
    text = page_on(client, START)
    assert "没有预约，也能办" in text
    assert "实行预约办证" not in text
