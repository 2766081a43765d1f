"""Who gets to which page of which bureau, for every route under /bureau/ that there is."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from applicants.models import Account
from offices.domain.permissions import ALLOWED, Action
from offices.enums import Role, SeasonKind
from offices.models import Bureau, Membership, Notice, Season, SurgePeriod, SurgePlan
from tests.bookings.desk.test_access import routes
from tests.factories import NOW, make_bureau, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 8, 8)

# What each page of a bureau takes beside the bureau, and what opens it.
PAGES: dict[str, tuple[tuple[str, ...], Action]] = {
    "bureau": ((), Action.SEE_REPORTS),
    "bureau-city": ((), Action.SEE_REPORTS),
    "bureau-forecast": ((), Action.SEE_REPORTS),
    "bureau-policy": ((), Action.SET_POLICY),
    "bureau-access-withdraw": (("membership",), Action.GRANT_ACCESS),
    "bureau-access": ((), Action.SEE_ACCESS),
    "bureau-services": ((), Action.GRANT_SERVICES),
    "bureau-hall-add": ((), Action.SET_UP_OFFICES),
    "bureau-hall": (("office",), Action.SET_UP_OFFICES),
    "bureau-district-add": ((), Action.SET_UP_OFFICES),
    "bureau-plans": ((), Action.PLAN_SURGES),
    "bureau-plan": (("plan",), Action.PLAN_SURGES),
    "bureau-plan-remove": (("plan",), Action.PLAN_SURGES),
    "bureau-plan-apply": (("plan",), Action.PLAN_SURGES),
    "bureau-plan-end": (("plan",), Action.PLAN_SURGES),
    "bureau-calendar": ((), Action.PLAN_HOURS),
    "bureau-seasons": ((), Action.PLAN_HOURS),
    "bureau-season-remove": (("season",), Action.PLAN_HOURS),
    "bureau-notices": ((), Action.SET_UP_OFFICES),
    "bureau-notice-remove": (("notice",), Action.SET_UP_OFFICES),
}
# A page that knows one method only answers the other with 405, to those who may.
OPENED = {200, 302, 405}


def things_of(bureau: Bureau) -> dict[str, object]:
    """Something of each kind that pages are about, at this bureau."""
    office = make_office(f"{bureau.code}-hall", bureau=bureau)
    plan = SurgePlan.objects.create(bureau=bureau, code=f"{bureau.code}-spring", name="春节高峰")
    return {
        "office": office.code,
        "membership": Membership.objects.create(
            account=make_staff(username=f"of-{bureau.code}"), role=Role.CLERK, bureau=bureau
        ).pk,
        "notice": Notice.objects.create(
            bureau=bureau, text="暂无出行计划的，请有需要时再预约", first_day=DAY, last_day=DAY
        ).pk,
        "season": Season.objects.create(
            bureau=bureau, kind=SeasonKind.OTHER, name="高峰", first_day=DAY, last_day=DAY
        ).pk,
        "plan": plan.pk,
        "period": SurgePeriod.objects.create(
            plan=plan,
            office=office,
            first_day=DAY,
            last_day=DAY,
            reason="高峰",
            applied_at=NOW,
        ).pk,
    }


def address(name: str, bureau: Bureau, things: dict[str, object]) -> str:
    return reverse(name, args=[bureau.code, *(things[kind] for kind in PAGES[name][0])])


def answers(client: Client, path: str) -> set[int]:
    """What a page says to being looked at and to an empty form."""
    return {client.get(path).status_code, client.post(path).status_code}


@pytest.fixture
def elsewhere(db) -> Bureau:
    return make_bureau("harbin")


def test_every_route_of_a_bureau_is_listed_here():
    found = {name for name, pattern in routes(get_resolver()) if pattern.startswith("bureau/")}
    assert found == set(PAGES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_a_role_opens_what_belongs_to_it(client, city, role, name):
    sign_in(client, make_staff(role, bureau=city))
    path = address(name, city, things_of(city))
    if PAGES[name][1] in ALLOWED[role]:
        assert client.get(path).status_code in OPENED
    else:
        assert answers(client, path) == {403}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_no_role_opens_anything_of_another_bureau(client, city, elsewhere, role, name):
    own, foreign = things_of(city), things_of(elsewhere)
    sign_in(client, make_staff(role, bureau=city))
    assert answers(client, address(name, elsewhere, foreign)) == {404}
    # Nor through the own bureau's address, with a thing of the other.
    if PAGES[name][0]:
        through_own = answers(client, address(name, city, foreign))
        assert through_own <= ({404, 405} if PAGES[name][1] in ALLOWED[role] else {403})
        assert own != foreign


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_a_role_over_the_city_holds_in_its_districts_and_not_the_other_way_round(
    city, district, role, name
):
    above = sign_in(Client(), make_staff(role, bureau=city))
    below = sign_in(Client(), make_staff(role, bureau=district))
    path = address(name, district, things_of(district))
    expected = OPENED if PAGES[name][1] in ALLOWED[role] else {403}
    assert above.get(path).status_code in expected
    assert below.get(path).status_code in expected
    assert answers(below, address(name, city, things_of(city))) == {404}


@pytest.mark.parametrize("name", PAGES)
def test_nobody_without_a_role_over_the_bureau_gets_in(city, name):
    things = things_of(city)
    superuser = make_staff(username="root")
    Account.objects.filter(pk=superuser.pk).update(is_superuser=True)
    of_one_hall = make_staff(office=make_office())
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    visitors = [sign_in(Client(), superuser), sign_in(Client(), of_one_hall), Client()]
    visitors[2].force_login(citizen)
    for visitor in visitors:
        assert answers(visitor, address(name, city, things)) == {404}


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_led_to_the_sign_in_of_staff(client, city, name):
    path = address(name, city, things_of(city))
    for method in (client.get, client.post):
        assert method(path).url == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("name", PAGES)
def test_a_password_alone_opens_nothing(client, city, name):
    path = address(name, city, things_of(city))
    client.force_login(make_staff(bureau=city))
    assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/?next=")
    client.force_login(make_staff(bureau=city, authenticator=False))
    assert client.get(path).url == "/accounts/2fa/totp/activate/"
