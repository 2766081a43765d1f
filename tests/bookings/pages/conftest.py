"""A Monday morning in Xiamen, an office with a window tomorrow at ten, and a family signed in."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from applicants.models import Account, Applicant
from bookings.models import Slot
from tests.citizens import make_account, make_family, signed_in
from tests.factories import NOW, make_slot


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def slot(db: None) -> Slot:
    return make_slot(10)


@pytest.fixture
def account(slot: Slot) -> Account:
    return make_account()


@pytest.fixture
def citizen(account: Account) -> Client:
    return signed_in(account)


@pytest.fixture
def family(account: Account) -> list[Applicant]:
    return make_family(account)
