"""manage.py demo_accounts."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from applicants.domain.demo import DEMO_PASSWORD, demo_totp_codes
from applicants.models import Account
from offices.models import Membership
from tests.factories import NOW, make_bureau, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices() -> None:
    make_bureau("xiamen")
    make_office("xiamen-zhenhai")
    make_office("harbin-city", bureau=make_bureau("harbin"))


def test_it_makes_the_demo_staff_once_and_prints_how_to_sign_in(settings, capsys):
    settings.DEMO = True
    for _time in range(2):
        call_command("demo_accounts")
    memberships = Membership.objects.order_by("account__username")
    rows = memberships.values_list("account__username", "role", "office__code", "bureau__code")
    assert list(rows) == [
        ("clerk-xiamen", "clerk", "xiamen-zhenhai", None),
        ("overseer", "overseer", None, "xiamen"),
        ("planner", "planner", None, "xiamen"),
        ("security", "security_admin", None, "xiamen"),
        ("supervisor-harbin", "supervisor", "harbin-city", None),
        ("supervisor-xiamen", "supervisor", "xiamen-zhenhai", None),
    ]
    printed = capsys.readouterr().out
    assert printed.count("supervisor-xiamen") == 2
    assert DEMO_PASSWORD in printed


def test_what_is_printed_opens_the_desk(settings):
    settings.DEMO = True
    call_command("demo_accounts")
    [staff] = [s for s in demo_totp_codes(timezone.now()) if s.username == "supervisor-xiamen"]
    client = Client()
    client.post("/accounts/login/", {"login": staff.username, "password": staff.password})
    client.post("/accounts/2fa/authenticate/", {"code": staff.code})
    assert client.get("/desk/xiamen-zhenhai/").status_code == 200


def test_outside_a_demonstration_it_refuses_and_shows_no_code(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_accounts")
    assert Account.objects.count() == 0
    assert demo_totp_codes(NOW) == []
