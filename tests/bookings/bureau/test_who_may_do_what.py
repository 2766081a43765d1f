"""Who may do what, where: seen by supervisors, given and taken by security administrators."""

import pytest
from django.test import Client

from applicants.models import Account
from bookings.pages.bureau.action_words import WORDS
from offices.domain.permissions import ALLOWED, Action
from offices.enums import Role
from offices.models import Bureau, Membership, OrganisationChange
from tests.factories import NOW, make_bureau, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
ACCESS = "/bureau/xiamen/access/"


@pytest.fixture
def admin(city: Bureau) -> Account:
    return make_staff(Role.SECURITY_ADMIN, bureau=city, username="security")


@pytest.fixture
def guard(client: Client, admin: Account) -> Client:
    """The client of a signed-in security administrator of the city."""
    return sign_in(client, admin)


def answer(**fields: str) -> dict[str, str]:
    return {
        "username": "newcomer",
        "role": "clerk",
        "place": "office:xiamen-jimei",
        "reason": "新到岗",
        **fields,
    }


def roles_of(name: str) -> list[tuple[str, object]]:
    memberships = Membership.objects.filter(account__username=name)
    return [(one.role, one.office or one.bureau) for one in memberships.order_by("pk")]


def test_every_action_has_its_words():
    assert len(WORDS) == len(Action)
    assert {action for action, _text in WORDS} == set(Action)


def test_the_page_lists_members_with_their_roles_and_how_they_sign_in(guard, city, hall):
    make_staff(Role.CLERK, office=hall, username="clerk", authenticator=False)
    Account.objects.filter(username="clerk").update(last_login=NOW)
    make_staff(office=make_office("elsewhere", bureau=make_bureau("harbin")), username="stranger")
    members = guard.get(ACCESS).context["members"]
    assert [
        (str(one.membership.account), one.membership.role, one.place, one.has_second_factor)
        for one in members
    ] == [
        ("clerk", "clerk", "集美延伸点", False),
        ("security", "security_admin", "厦门市公安局出入境管理局", True),
    ]
    assert "2026-08-03 09:00" in guard.get(ACCESS).text
    assert "未设置" in guard.get(ACCESS).text


def test_the_table_of_roles_is_what_the_gates_hold(guard):
    table = {str(text): allowed for text, allowed in guard.get(ACCESS).context["table"]}
    assert table == {
        str(text): [action in ALLOWED[role] for role in Role] for action, text in WORDS
    }


def test_a_role_is_granted_and_withdrawn_with_a_reason(guard, admin, hall):
    make_staff(username="newcomer")
    assert "角色已授予" in guard.post(ACCESS, answer(), follow=True).text
    assert roles_of("newcomer") == [("clerk", hall)]
    way = f"{ACCESS}{Membership.objects.get(role='clerk').pk}/withdraw/"
    assert guard.get(way).status_code == 200
    assert list(guard.post(way, {"reason": ""}).context["form"].errors) == ["reason"]
    assert "角色已撤销" in guard.post(way, {"reason": "调离"}, follow=True).text
    assert roles_of("newcomer") == []
    log = OrganisationChange.objects.order_by("pk").values_list(
        "subject", "before", "after", "reason", "account", "office"
    )
    assert list(log) == [
        ("clerk", {}, {"role": "clerk"}, "新到岗", admin.pk, hall.pk),
        ("clerk", {"role": "clerk"}, {}, "调离", admin.pk, hall.pk),
    ]


def test_a_role_over_a_district_is_granted(guard, district):
    make_staff(username="newcomer")
    guard.post(ACCESS, answer(role="planner", place="bureau:xiamen-jimei"))
    assert roles_of("newcomer") == [("planner", district)]


def test_nobody_raises_themselves_nor_takes_their_own_role(guard, admin, hall):
    response = guard.post(ACCESS, answer(username="security", role="supervisor"))
    assert "不能修改本人的角色" in response.text
    own = Membership.objects.get(account=admin)
    response = guard.post(f"{ACCESS}{own.pk}/withdraw/", {"reason": "误授"})
    assert "不能修改本人的角色" in response.text
    assert [role for role, _place in roles_of("security")] == ["security_admin"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.PLANNER, Role.OVERSEER, Role.CLERK])
def test_nobody_but_a_security_administrator_grants(city, hall, role):
    make_staff(username="newcomer")
    client = sign_in(Client(), make_staff(role, bureau=city))
    assert client.post(ACCESS, answer()).status_code == 403
    assert roles_of("newcomer") == []


def test_a_supervisor_sees_who_may_do_what_without_a_way_to_change_it(city, hall):
    client = sign_in(Client(), make_staff(bureau=city))
    page = client.get(ACCESS)
    assert page.status_code == 200
    assert "/withdraw/" not in page.text
    assert 'name="username"' not in page.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "nobody"}, "username"),
        ({"role": "king"}, "role"),
        ({"place": "office:harbin-city"}, "place"),
        ({"place": "bureau:harbin"}, "place"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(guard, hall, fields, wrong):
    make_office("harbin-city", bureau=make_bureau("harbin"))
    make_staff(username="newcomer")
    response = guard.post(ACCESS, answer(**fields))
    assert list(response.context["form"].errors) == [wrong]
    assert roles_of("newcomer") == []


def test_a_role_is_not_given_twice(guard, hall):
    make_staff(username="newcomer")
    guard.post(ACCESS, answer())
    assert "已有该角色" in guard.post(ACCESS, answer()).text
    assert OrganisationChange.objects.count() == 1


def test_a_citizen_is_given_no_role(guard, hall):
    Account.objects.create(username="citizen", password="!")
    response = guard.post(ACCESS, answer(username="citizen"))
    assert list(response.context["form"].errors) == ["username"]


def test_a_security_administrator_begins_with_the_bureaus_they_guard(guard, city):
    page = guard.get("/desk/").text
    assert 'href="/bureau/xiamen/access/"' in page
    assert 'href="/bureau/xiamen/"' not in page


def test_the_list_costs_the_same_for_one_member_and_for_three(
    guard, hall, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as counted:
        guard.get(ACCESS)
    for number in range(2):
        make_staff(office=hall, username=f"clerk-{number}")
    with django_assert_num_queries(len(counted)):
        guard.get(ACCESS)
