"""Every page that there is, in each state in which people see it: it fits the screen, no rule of
accessibility is broken, the console stays silent.

320 pixels are what a screen of 1280 is at 400 % zoom. A new route fails here until it is listed.
"""

from typing import Any

import pytest
from django.test import Client

from bookings.models import Slot
from offices.models import Office, SurgePlan
from tests.bookings.bureau import test_access as bureau_pages
from tests.bookings.desk import test_access as desk_pages
from tests.every_page import World, make_world
from tests.journeys.reading import NARROW, WIDE, Browse, carry, look_at_all
from tests.staff import make_staff, sign_in


@pytest.fixture
def world(office: Office, windows: list[Slot]) -> World:
    return make_world(office, windows)


@pytest.mark.parametrize(
    ("language", "elder", "screen"),
    [
        pytest.param("zh-hans", False, NARROW, id="zh"),
        pytest.param("en", True, NARROW, id="en-elder", marks=pytest.mark.slow),
        pytest.param("zh-hant", False, WIDE, id="zh-hant", marks=pytest.mark.slow),
        pytest.param("zh-hans", True, WIDE, id="zh-elder", marks=pytest.mark.slow),
        pytest.param("en", False, WIDE, id="en", marks=pytest.mark.slow),
    ],
)
def test_every_page_of_citizens(
    world: World,
    new_journey: Browse,
    base_url: str,
    language: str,
    elder: bool,
    screen: dict[str, int],
) -> None:
    client, addresses = world
    journey = new_journey(viewport=screen, reduced_motion="reduce")
    carry(journey, client, language, base_url, elder=elder)
    found = look_at_all(journey, addresses.values())
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "screen"),
    [("zh-hans", WIDE), ("en", WIDE), ("zh-hans", {"width": 360, "height": 640})],
    ids=["zh", "en", "zh-phone"],
)
def test_every_page_of_staff(
    office: Office, new_journey: Browse, base_url: str, language: str, screen: dict[str, int]
) -> None:
    things = desk_pages.things_of(office)
    of_bureau = bureau_pages.things_of(office.bureau)
    client = sign_in(Client(), make_staff(bureau=office.bureau))
    # Where two are called the same, nobody can tell them apart.
    SurgePlan.objects.exclude(code=office.code).update(name="暑期高峰")
    Office.objects.exclude(pk=office.pk).update(name="集美办证大厅", name_en="Jimei Hall")
    addresses = [
        *(desk_pages.address(name, office, things) for name in desk_pages.PAGES),
        *(
            bureau_pages.address(name, office.bureau, of_bureau)
            for name in bureau_pages.opened_to("supervisor")
        ),
    ]
    journey = new_journey(viewport=screen)
    carry(journey, client, language, base_url, elder=False)
    found = look_at_all(journey, [one for one in addresses if is_page(client.get(one))])
    assert not found, "\n".join(found)


def is_page(answer: Any) -> bool:
    """Neither a file, nor a part of a page, nor what takes a form only."""
    return "html" in answer.get("Content-Type", "") and b"<html" in answer.content
