"""Requests that are sent twice, and decided by two at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from applicants.models import Message
from bookings.domain import home_visit, requests, urgent
from bookings.domain.numbers import new_number
from bookings.domain.parties import Actor
from bookings.domain.requests import AskedAlready, WrongState
from bookings.models import HomeVisit, UrgentRequest
from tests.citizens import make_account
from tests.factories import NOW
from tests.requests import A_WEEK_ON, events_of, make_asking, make_urgent
from tests.staff import make_staff
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 4


def outcome(job: Callable[[], Any]) -> Callable[[], str]:
    """The name of the refusal; "" where there is none."""

    def run() -> str:
        try:
            job()
        except (AskedAlready, WrongState) as refusal:
            return type(refusal).__name__
        return ""

    return run


@pytest.mark.parametrize("kind", [UrgentRequest, HomeVisit])
@pytest.mark.parametrize("guarded", [False, True])
def test_two_clicks_ask_once(kind, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the guard off, the race is there."""
    if not guarded:
        looked = threading.Barrier(CLICKS, timeout=10)
        monkeypatch.setattr(requests, "_take_turns", lambda _account: None)
        # Nobody writes before all have looked.
        monkeypatch.setattr(requests, "new_number", lambda: (looked.wait(), new_number())[1])
    asking, actor = make_asking(), Actor(account=make_account())

    def ask() -> None:
        if kind is UrgentRequest:
            urgent.ask(asking, urgent.Urgency("meeting", A_WEEK_ON), actor, NOW)
        else:
            need = home_visit.Need("厦门市演示路1号", "长期卧床", A_WEEK_ON, A_WEEK_ON)
            home_visit.ask(asking, need, actor, NOW)

    refused = at_once(*[outcome(ask)] * CLICKS).count("AskedAlready")
    assert kind.objects.count() == CLICKS - refused
    assert (refused == CLICKS - 1) is guarded
    assert Message.objects.count() == CLICKS - refused


def test_one_of_two_officers_decides_and_the_applicant_is_told_once() -> None:
    account = make_account()
    request = make_urgent(account=account)
    officers = [Actor(operator=make_staff(username=name)) for name in ("one", "two")]
    verbs = (urgent.approve, urgent.reject)
    jobs = [
        outcome(lambda verb=verb, by=by: verb(request.pk, "已核对", by, NOW))
        for verb, by in zip(verbs, officers, strict=True)
    ]
    assert sorted(at_once(*jobs)) == ["", "WrongState"]
    assert len(events_of(request)) == 2
    assert Message.objects.filter(reference=request.number).count() == 2
