"""Django's admin asks for both factors, and for what Django itself asks."""

import pytest
from django.test import Client

from applicants.models import Account
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Account:
    account = make_staff(username="root")
    Account.objects.filter(pk=account.pk).update(is_superuser=True)
    return account


def test_both_factors_open_the_admin(client, root):
    assert sign_in(client, root).get("/admin/").status_code == 200


def test_a_password_alone_opens_nothing(client, root):
    client.force_login(root)
    assert client.get("/admin/").url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"


def test_the_sign_in_of_staff_stands_in_for_the_admins_own(client):
    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"
    assert client.get("/admin/login/").url == "/accounts/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "root"}).status_code == 302


def test_a_citizen_finds_no_admin(client):
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    client.force_login(citizen)
    assert client.get("/admin/").status_code == 404


def test_staff_without_permissions_see_none_of_it(root):
    client = sign_in(Client(), make_staff())
    assert client.get("/admin/offices/office/").status_code == 403
    assert sign_in(Client(), root).get("/admin/offices/office/").status_code == 200
