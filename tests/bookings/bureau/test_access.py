"""Who gets to which page of which bureau, for every route under /bureau/ that there is."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from applicants.models import Account
from offices.domain.permissions import ALLOWED, Action
from offices.enums import Role, SeasonKind
from offices.models import (
    Bureau,
    Membership,
    Notice,
    Season,
    SelfServiceSite,
    SurgePeriod,
    SurgePlan,
)
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
    "bureau-sites": ((), Action.KEEP_DEVICES),
    "bureau-site": (("site",), Action.KEEP_DEVICES),
    "bureau-notices": ((), Action.SET_UP_OFFICES),
    "bureau-notice-remove": (("notice",), Action.SET_UP_OFFICES),
    "bureau-notice-poster": (("notice",), Action.SET_UP_OFFICES),
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
        "site": SelfServiceSite.objects.create(
            bureau=bureau, code=f"{bureau.code}-site", name="自助服务点", city="厦门"
        ).pk,
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


Answers = dict[str, set[int]]


def answers(client: Client, bureau: Bureau, things: dict[str, object], *names: str) -> Answers:
    """What each page says to being looked at and to an empty form."""
    paths = {name: address(name, bureau, things) for name in names or PAGES}
    return {
        name: {client.get(path).status_code, client.post(path).status_code}
        for name, path in paths.items()
    }


def everywhere(*statuses: int) -> Answers:
    return {name: set(statuses) for name in PAGES}


def opened_to(role: Role) -> list[str]:
    return [name for name, (_things, action) in PAGES.items() if action in ALLOWED[role]]


def shut_to(role: Role) -> list[str]:
    return [name for name in PAGES if name not in opened_to(role)]


def looked_at(client: Client, bureau: Bureau, things: dict[str, object], role: Role) -> Answers:
    """What the role doesn't get of the pages that belong to it; nothing, if all is well."""
    got = {
        name: {client.get(address(name, bureau, things)).status_code} for name in opened_to(role)
    }
    return {name: status for name, status in got.items() if not status <= OPENED}


@pytest.fixture
def elsewhere(db) -> Bureau:
    return make_bureau("harbin")


def test_every_route_of_a_bureau_is_listed_here():
    found = {name for name, pattern in routes(get_resolver()) if pattern.startswith("bureau/")}
    assert found == set(PAGES)


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_belongs_to_it_and_nothing_else(client, city, role):
    sign_in(client, make_staff(role, bureau=city))
    things = things_of(city)
    assert looked_at(client, city, things, role) == {}
    shut = shut_to(role)
    assert answers(client, city, things, *shut) == {name: {403} for name in shut}


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_anything_of_another_bureau(client, city, elsewhere, role):
    things_of(city)
    foreign = things_of(elsewhere)
    sign_in(client, make_staff(role, bureau=city))
    assert answers(client, elsewhere, foreign) == everywhere(404)
    # Nor through the own bureau's address, with a thing of the other.
    about_things = [name for name in opened_to(role) if PAGES[name][0]]
    if about_things:
        through_own = answers(client, city, foreign, *about_things)
        assert {name: got - {405} for name, got in through_own.items()} == {
            name: {404} for name in about_things
        }


@pytest.mark.parametrize("role", Role)
def test_a_role_over_the_city_holds_in_its_districts_and_not_the_other_way_round(
    city, district, role
):
    above = sign_in(Client(), make_staff(role, bureau=city))
    below = sign_in(Client(), make_staff(role, bureau=district))
    things = things_of(district)
    assert looked_at(above, district, things, role) == {}
    assert looked_at(below, district, things, role) == {}
    assert answers(below, city, things_of(city)) == everywhere(404)


def test_nobody_without_a_role_over_the_bureau_gets_in(city):
    things = things_of(city)
    superuser = make_staff(username="root")
    Account.objects.filter(pk=superuser.pk).update(is_superuser=True)
    of_one_hall = make_staff(office=make_office())
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    visitors = [sign_in(Client(), superuser), sign_in(Client(), of_one_hall), Client()]
    visitors[2].force_login(citizen)
    for visitor in visitors:
        assert answers(visitor, city, things) == everywhere(404)


def test_who_is_not_signed_in_is_led_to_the_sign_in_of_staff(client, city):
    things = things_of(city)
    for path in (address(name, city, things) for name in PAGES):
        for method in (client.get, client.post):
            assert method(path).url == f"/accounts/login/?next={path}"


def test_a_password_alone_opens_nothing(client, city):
    things = things_of(city)
    paths = [address(name, city, things) for name in PAGES]
    client.force_login(make_staff(bureau=city))
    for path in paths:
        assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/?next=")
    client.force_login(make_staff(bureau=city, authenticator=False))
    for path in paths:
        assert client.get(path).url == "/accounts/2fa/totp/activate/"
