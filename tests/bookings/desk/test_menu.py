"""What stands above a desk's pages leads only where the reader may go, and says where they are."""

import re

import pytest
from django.test import Client

from bookings.templatetags.desk_menu import BUREAU, open_sections, open_ways
from offices.domain.permissions import ALLOWED
from offices.enums import Role
from tests.bookings.bureau import test_access as bureau_pages
from tests.bookings.desk import test_access as desk_pages
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
_NAVIGATION = re.compile(r'<nav class="desk-nav".*?</nav>', re.DOTALL)
# Pages without the navigation: parts of a page, files, sheets to print, and the way in.
_BARE = {"desk-cell", "desk-booking-form", "desk-urgent-evidence", "bureau-notice-poster"}


def navigation(client: Client, address: str) -> str:
    found = _NAVIGATION.search(client.get(address, follow=True).content.decode())
    return found[0] if found else ""


def links(navigation: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', navigation)


@pytest.mark.parametrize("role", [Role.CLERK, Role.GUIDE, Role.SUPERVISOR, Role.OVERSEER])
def test_each_link_of_each_section_opens(client, hall, role):
    sign_in(client, make_staff(role, office=hall))
    sections = links(navigation(client, f"/desk/{hall.code}/"))
    pages = {link for section in sections for link in links(navigation(client, section))}
    assert {link: client.get(link).status_code for link in pages} == dict.fromkeys(pages, 200)


def test_a_guide_has_no_planning_and_a_planner_meets_nobody(client, hall):
    def sections(role: Role) -> list[str]:
        sign_in(client, make_staff(role, office=hall))
        return re.findall(r">([^<>]+)</a>", navigation(client, f"/desk/{hall.code}/week/"))

    assert "大厅现场" in sections(Role.GUIDE)
    assert "排班放号" not in sections(Role.GUIDE)
    assert "排班放号" in sections(Role.PLANNER)
    assert "大厅现场" not in sections(Role.PLANNER)


def test_whoever_decides_urgent_requests_enters_them_from_there(client, hall):
    sign_in(client, make_staff(Role.CLERK, office=hall))
    assert f"/desk/{hall.code}/urgent/enter/" in links(
        navigation(client, f"/desk/{hall.code}/bookings/")
    )
    sign_in(client, make_staff(office=hall))
    found = links(navigation(client, f"/desk/{hall.code}/bookings/"))
    assert f"/desk/{hall.code}/urgent/" in found
    assert f"/desk/{hall.code}/urgent/enter/" not in found


def test_every_page_of_an_office_says_in_which_section_it_is(client, hall):
    things = desk_pages.things_of(hall)
    sign_in(client, make_staff(office=hall))
    lost = [
        name
        for name in desk_pages.PAGES
        if name not in _BARE
        and (found := navigation(client, desk_pages.address(name, hall, things)))
        and 'aria-current="page"' not in found
    ]
    assert not lost, lost


def test_every_page_of_a_bureau_says_where_it_is(client, hall):
    things = bureau_pages.things_of(hall.bureau)
    sign_in(client, make_staff(bureau=hall.bureau))
    lost = [
        name
        for name in bureau_pages.opened_to(Role.SUPERVISOR)
        if name not in _BARE
        and (found := navigation(client, bureau_pages.address(name, hall.bureau, things)))
        and 'aria-current="page"' not in found
    ]
    assert not lost, lost


@pytest.mark.parametrize("role", Role)
def test_no_two_pages_call_themselves_the_same(role):
    actions = ALLOWED[role]
    ways = [way.here for section in open_sections(actions) for way in section.ways]
    assert len(ways) == len(set(ways))
    of_bureau = [way.here for way in open_ways(BUREAU, actions)]
    assert len(of_bureau) == len(set(of_bureau))
