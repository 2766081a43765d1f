"""The daily look at missed appointments, by two workers at once."""

import datetime as dt

import pytest

from applicants.enums import MessageKind
from applicants.models import Message, Suspension
from bookings.domain import lifecycle
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.suspending import suspend_absentees
from tests.factories import NOW, make_party, make_person, make_slot
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
PEOPLE = 6


def test_each_is_suspended_and_told_once() -> None:
    people = [make_person() for _n in range(PEOPLE)]
    for days in (20, 10, 0):
        when = NOW - days * DAY
        slot = make_slot(PEOPLE, starts_at=when)
        for person in people:
            book(make_party(slot, people=(person,)), SYSTEM, when - DAY)
        lifecycle.mark_no_shows(when + dt.timedelta(hours=1))
    at_once(*[lambda: suspend_absentees(NOW + DAY)] * 3)
    suspended = Suspension.objects.values_list("identity_hash", flat=True)
    assert len(suspended) == PEOPLE
    assert {bytes(each) for each in suspended} == {one.identity.hash for one in people}
    assert Message.objects.filter(kind=MessageKind.SUSPENDED).count() == PEOPLE
