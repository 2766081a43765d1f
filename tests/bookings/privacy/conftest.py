"""Somebody about whom everything is kept that can be kept."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from applicants.domain.consents import agree
from applicants.models import Account, Applicant, Suspension
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.domain.waiting.entries import Wish, join
from bookings.enums import EventKind, Status
from bookings.models import Appeal, Booking
from tests.citizens import make_account, make_family, signed_in
from tests.factories import NOW, make_office, make_party, make_person, make_slot
from tests.requests import make_pdf, make_urgent, make_visit

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(db: None) -> Account:
    account = make_account()
    agree(account, NOW)
    return account


@pytest.fixture
def citizen(account: Account) -> Client:
    return signed_in(account)


@pytest.fixture
def family(account: Account) -> list[Applicant]:
    return make_family(account)


def booked(account: Account, person: Applicant, starts_at: dt.datetime) -> Booking:
    """An appointment of one of the family, made two days before it."""
    slot = make_slot(10, starts_at=starts_at)
    one = make_person(name=person.name, identity=person.identity)
    return book(make_party(slot, people=(one,)), Actor(account=account), starts_at - 2 * DAY)


def missed(account: Account, person: Applicant, starts_at: dt.datetime) -> Booking:
    booking = booked(account, person, starts_at)
    Booking.objects.filter(pk=booking.pk).update(status=Status.NO_SHOW)
    booking.attendees.update(active=False)
    booking.events.create(kind=EventKind.NO_SHOW, at=starts_at + DAY)
    return booking


@pytest.fixture
def everything(account: Account, family: list[Applicant]) -> dict[str, object]:
    """A past visit, one to come, requests with a file, a place in a queue, a suspension."""
    past = missed(account, family[0], NOW - 5 * DAY)
    coming = booked(account, family[1], NOW + DAY)
    suspension = Suspension.objects.create(
        identity_hash=family[0].identity_hash,
        starts_at=NOW - 4 * DAY,
        ends_at=NOW + 26 * DAY,
        no_shows=3,
        missed=[past.number],
    )
    Appeal.objects.create(
        suspension=suspension,
        office=past.slot.office,
        account=account,
        text="当天住院",
        made_at=NOW,
    )
    office = make_office()
    wish = Wish(
        line=past.slot.line,
        city=office.city,
        office=office,
        first_day=NOW.date() + DAY,
        last_day=NOW.date() + 3 * DAY,
        people=(family[2].pk,),
        wanted={str(family[2].pk): ["passport-first"]},
        accompanied=True,
    )
    return {
        "past": past,
        "coming": coming,
        "suspension": suspension,
        "urgent": make_urgent(account=account, files=[make_pdf()], name="演示急"),
        "visit": make_visit(account=account, name="演示访"),
        "waiting": join(account, wish, NOW),
    }
