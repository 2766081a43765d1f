"""A supervisor at the desk of a hall, on the Monday morning of `NOW`."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from applicants.models import Account
from offices.models import Office
from tests.factories import NOW, make_office
from tests.staff import make_staff, sign_in


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hall(db: None) -> Office:
    return make_office()


@pytest.fixture
def supervisor(hall: Office) -> Account:
    return make_staff(office=hall, username="supervisor")


@pytest.fixture
def desk(client: Client, supervisor: Account) -> Client:
    """The client of a signed-in supervisor of the hall."""
    return sign_in(client, supervisor)
