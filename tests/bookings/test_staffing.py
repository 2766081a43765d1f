"""`manage.py create_staff`: how a city's operator lets somebody in."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from applicants.models import Account
from offices.domain.permissions import Action, offices_for
from offices.models import Membership
from tests.factories import make_office
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> str:
    printed = StringIO()
    call_command("create_staff", *arguments, stdout=printed, stderr=StringIO())
    return printed.getvalue().strip()


def test_a_new_supervisor_gets_a_password_once_and_the_desk_of_one_office():
    office, _other = make_office(), make_office("harbin-city")
    arguments = ("lin", "--name", "林主管", "--role", "supervisor", "--office", office.code)
    password = create(*arguments)
    account = Account.objects.get(username="lin")
    assert account.check_password(password)
    assert (account.is_staff, account.is_superuser, str(account)) == (True, False, "林主管")
    assert list(offices_for(account, Action.CHANGE_QUOTAS)) == [office]
    assert create(*arguments) == ""
    assert Membership.objects.count() == 1


def test_a_role_over_a_bureau_covers_its_offices():
    office = make_office()
    create("overseer", "--role", "overseer", "--bureau", office.bureau.code)
    account = Account.objects.get(username="overseer")
    assert list(offices_for(account, Action.SEE_DESK)) == [office]


def test_a_reset_asks_for_a_new_authenticator_and_ends_the_old_password():
    office = make_office()
    account = make_staff(office=office, username="lin")
    password = create("lin", "--role", "supervisor", "--office", office.code, "--reset")
    account.refresh_from_db()
    assert account.check_password(password)
    assert not Authenticator.objects.filter(user=account).exists()


@pytest.mark.parametrize("place", [("--office", "nowhere"), ("--bureau", "nowhere")])
def test_an_unknown_code_is_refused_with_the_known_ones(place):
    make_office()
    with pytest.raises(CommandError, match=r"There is no nowhere. Known codes: xiamen"):
        create("lin", "--role", "clerk", *place)
    assert not Account.objects.exists()


def test_a_citizen_is_never_turned_into_staff():
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    create("lin", "--role", "clerk", "--office", make_office().code)
    citizen.refresh_from_db()
    assert (citizen.is_staff, citizen.memberships.count()) == (False, 0)
