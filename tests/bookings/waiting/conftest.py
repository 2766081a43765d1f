"""A full window tomorrow at ten in Xiamen, who has its place, and people who would take it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from applicants.models import Account
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.domain.waiting.entries import Wish, join
from bookings.models import Booking, Slot, WaitingEntry
from tests.citizens import make_account, make_member
from tests.factories import NOW, make_line, make_office, make_party, make_slot

TOMORROW = dt.date(2026, 8, 4)
Waiter = Callable[..., WaitingEntry]


@pytest.fixture
def slot(db: None) -> Slot:
    return make_slot(1)


@pytest.fixture
def holder(slot: Slot) -> Booking:
    """The one who has the place."""
    account = make_account("+8613700137000")
    return book(make_party(slot), Actor(account=account), NOW)


@pytest.fixture
def waiter(holder: Booking) -> Waiter:
    """Another household each time, of so many people."""
    known: list[Account] = []

    def wait(size: int = 1, *, at: dt.datetime = NOW, **wish: Any) -> WaitingEntry:
        account = make_account(f"+86139001390{len(known):02}")
        known.append(account)
        return join(account, wish_of(account, size, **wish), at)

    return wait


def wish_of(account: Account, size: int = 1, **fields: Any) -> Wish:
    people = [make_member(account, f"演示{n}", relation="other") for n in range(size)]
    fields = {
        "office": make_office(),
        "first_day": TOMORROW,
        "last_day": TOMORROW,
    } | fields
    return Wish(
        line=make_line(),
        city="厦门",
        people=tuple(person.pk for person in people),
        wanted={str(person.pk): ["passport-first"] for person in people},
        **fields,
    )
