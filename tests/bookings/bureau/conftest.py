"""A planner over a city of two levels, on the Monday morning of `NOW`."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from applicants.models import Account
from offices.enums import BureauLevel, Role
from offices.models import Bureau, Office
from tests.factories import NOW, make_bureau, make_office
from tests.staff import make_staff, sign_in


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city(db: None) -> Bureau:
    return make_bureau()


@pytest.fixture
def district(city: Bureau) -> Bureau:
    return make_bureau(
        "xiamen-jimei", parent=city, level=BureauLevel.DISTRICT, name="集美分局", name_en="Jimei"
    )


@pytest.fixture
def hall(district: Bureau) -> Office:
    return make_office("xiamen-jimei", bureau=district, name="集美延伸点", name_en="Jimei point")


@pytest.fixture
def planner(city: Bureau) -> Account:
    return make_staff(Role.PLANNER, bureau=city, username="planner")


@pytest.fixture
def bureau_desk(client: Client, planner: Account) -> Client:
    """The client of a signed-in planner of the city."""
    return sign_in(client, planner)
