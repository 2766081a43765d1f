"""What each role may do, and at which offices."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from offices.domain.permissions import ALLOWED, Action, actions_at, office_for, offices_for
from offices.enums import Role
from offices.models import Bureau, Office
from tests.factories import make_bureau, make_office
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Office:
    return make_office("hall")


@pytest.fixture
def elsewhere() -> Office:
    return make_office("elsewhere")


def codes(account, action: Action = Action.SEE_DESK) -> list[str]:
    return sorted(offices_for(account, action).values_list("code", flat=True))


def test_every_role_says_what_it_may_do():
    assert set(ALLOWED) == set(Role.values)


def test_a_supervisor_may_do_all_but_give_out_roles_at_their_own_office_only(hall, elsewhere):
    supervisor = make_staff(office=hall)
    assert codes(supervisor) == ["hall"]
    assert actions_at(supervisor, hall) == frozenset(Action) - {Action.GRANT_ACCESS}
    assert actions_at(supervisor, elsewhere) == frozenset()


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        (Role.CLERK, Action.BOOK_FOR_OTHERS, True),
        (Role.CLERK, Action.CHANGE_QUOTAS, False),
        (Role.GUIDE, Action.CHECK_IN, True),
        (Role.GUIDE, Action.BOOK_FOR_OTHERS, False),
        (Role.PLANNER, Action.PUBLISH_SESSIONS, True),
        (Role.PLANNER, Action.FIND_BOOKINGS, False),
        (Role.OVERSEER, Action.SEE_REPORTS, True),
        (Role.OVERSEER, Action.CHANGE_QUOTAS, False),
        (Role.OVERSEER, Action.FIND_BOOKINGS, False),
        (Role.SECURITY_ADMIN, Action.SEE_DESK, False),
    ],
)
def test_a_role_opens_what_belongs_to_it(hall, role, action, allowed):
    assert codes(make_staff(role, office=hall), action) == (["hall"] if allowed else [])


def test_a_bureau_covers_the_offices_of_all_bureaus_below_it():
    city = make_bureau("city")
    district = make_bureau("district", parent=city)
    part = make_bureau("part", parent=district)
    for code, bureau in (("of-city", city), ("of-district", district), ("of-part", part)):
        make_office(code, bureau=bureau)
    make_office("elsewhere", bureau=make_bureau("other-city"))
    assert codes(make_staff(Role.OVERSEER, bureau=city)) == ["of-city", "of-district", "of-part"]
    assert codes(make_staff(Role.OVERSEER, bureau=district)) == ["of-district", "of-part"]


def test_a_bureau_membership_counts_at_its_offices():
    city = make_bureau("city")
    office = make_office("hall", bureau=make_bureau("district", parent=city))
    assert actions_at(make_staff(Role.OVERSEER, bureau=city), office) == ALLOWED[Role.OVERSEER]


def test_two_memberships_add_up(hall):
    account = make_staff(Role.CLERK, office=hall)
    account.memberships.create(role=Role.OVERSEER, bureau=Bureau.objects.get())
    assert actions_at(account, hall) == ALLOWED[Role.CLERK] | ALLOWED[Role.OVERSEER]


def test_an_office_whose_desk_one_does_not_see_seems_not_to_exist(hall, elsewhere):
    supervisor = make_staff(office=hall)
    for code in ("elsewhere", "no-such-office"):
        with pytest.raises(Http404):
            office_for(supervisor, Action.SEE_DESK, code)


def test_what_the_role_does_not_open_at_the_own_office_is_refused_openly(hall):
    clerk = make_staff(Role.CLERK, office=hall)
    assert office_for(clerk, Action.BOOK_FOR_OTHERS, "hall") == hall
    with pytest.raises(PermissionDenied):
        office_for(clerk, Action.CHANGE_QUOTAS, "hall")


def test_a_superuser_without_membership_has_no_desk(hall):
    superuser = make_staff()
    superuser.is_superuser = True
    superuser.save()
    assert codes(superuser) == []
