"""A bureau's overview: the tree of bureaus and offices, and the ways into them."""

import re

import pytest
from django.test import Client

from offices.domain.policy import policy_for
from offices.enums import BureauLevel, OfficeKind, Role
from offices.models import Office
from tests.factories import make_bureau, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
CITY = "/bureau/xiamen/"


def headings(page: str) -> list[str]:
    """What stands in the first column, from top to bottom."""
    cells = re.findall(r'<th scope="row(?:group)?".*?</th>', page, re.S)
    return [" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in cells]


def nineteen_halls() -> list[Office]:
    """Harbin: the city's own hall, and one in each of 18 districts and counties."""
    city = make_bureau("harbin", policy={"horizon_days": 7, "hold_minutes": 15})
    halls = [make_office("harbin-city", bureau=city, name="市局大厅")]
    for number in range(1, 19):
        district = make_bureau(
            f"harbin-{number}", parent=city, level=BureauLevel.DISTRICT, name=f"{number}分局"
        )
        halls.append(make_office(f"hall-{number}", bureau=district, name=f"{number}号大厅"))
    return halls


@pytest.mark.row("HB-20")
def test_nineteen_halls_stand_under_one_city_and_inherit_its_policy(client):
    halls = nineteen_halls()
    sign_in(client, make_staff(Role.PLANNER, bureau=make_bureau("harbin")))
    page = client.get("/bureau/harbin/").text
    assert sum(f'href="/desk/{hall.code}/"' in page for hall in halls) == 19
    assert "共19个大厅" in page
    inherited = {(policy_for(hall).horizon_days, policy_for(hall).hold_minutes) for hall in halls}
    assert inherited == {(7, 15)}


@pytest.mark.row("HB-34")
def test_an_overseer_of_the_city_sees_all_nineteen_halls_and_edits_none(client):
    halls = nineteen_halls()
    sign_in(client, make_staff(Role.OVERSEER, bureau=make_bureau("harbin")))
    page = client.get("/bureau/harbin/").text
    for hall in halls:
        assert f'href="/desk/{hall.code}/"' in page
        assert client.get(f"/desk/{hall.code}/").status_code == 200
        for way in ("close", "split", "sessions", "policy", "roster"):
            assert client.post(f"/desk/{hall.code}/{way}/").status_code == 403
    assert "/halls/" not in page


def test_a_district_comes_after_its_city_and_an_extension_point_after_its_hall(
    bureau_desk, city, district, hall
):
    centre = make_office("xiamen-zhenhai", name="镇海路大厅")
    make_office("a-point", name="五缘湾", kind=OfficeKind.EXTENSION, parent=centre)
    assert headings(bureau_desk.get(CITY).text) == [
        "厦门市公安局出入境管理局",
        "镇海路大厅",
        "五缘湾",
        "集美分局",
        "集美延伸点",
    ]


def test_an_office_says_that_it_is_for_training_or_not_in_use(bureau_desk):
    make_office("drill", is_training=True)
    make_office("old", is_active=False)
    page = bureau_desk.get(CITY).text
    assert ("培训用" in page, "已停用" in page, "对外开放" in page) == (True, True, False)


def test_a_bureau_without_offices_says_what_to_do_first(bureau_desk):
    assert "添加大厅" in bureau_desk.get(CITY).text


def test_a_tree_costs_the_same_for_one_office_and_for_three(
    bureau_desk, hall, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as counted:
        bureau_desk.get(CITY)
    for code in ("one", "two"):
        make_office(code, bureau=hall.bureau)
    with django_assert_num_queries(len(counted)):
        bureau_desk.get(CITY)


def test_who_has_a_role_over_a_bureau_begins_with_a_choice(city, hall):
    planner = sign_in(Client(), make_staff(Role.PLANNER, bureau=city))
    page = planner.get("/desk/").text
    assert 'href="/bureau/xiamen/"' in page
    assert 'href="/bureau/xiamen-jimei/"' in page
    assert 'href="/desk/xiamen-jimei/"' in page
