"""How staff sign in: password, then authenticator; and who can't."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, reverse

from applicants.domain.demo import DEMO_PASSWORD, give_demo_account
from applicants.models import Account
from offices.enums import Role
from offices.models import Office
from tests.factories import make_office
from tests.staff import PASSWORD, SECRET, make_staff, present_code, sign_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
CODE = "/accounts/2fa/authenticate/"
DESK = "/desk/xiamen-zhenhai/"


@pytest.fixture
def hall() -> Office:
    return make_office()


def give_password(client: Client, username: str = "supervisor", password: str = PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def test_password_and_code_open_the_desk(client, hall):
    make_staff(office=hall, username="supervisor")
    assert give_password(client).url == CODE
    assert client.get(DESK).url.startswith(LOGIN)
    assert client.post(CODE, {"code": present_code()}).url == "/desk/"
    assert client.get(DESK).status_code == 200


def test_the_public_accounts_of_a_demonstration_end_with_it(client, settings):
    settings.DEMO = True
    give_demo_account("clerk", "Clerk")
    assert give_password(Client(), "clerk", DEMO_PASSWORD).url == CODE
    settings.DEMO = False
    assert give_password(client, "clerk", DEMO_PASSWORD).url == "/accounts/inactive/"
    assert client.get(CODE).url == LOGIN
    assert client.get("/desk/").url.startswith(LOGIN)


def test_the_way_to_a_page_leads_back_to_it_after_both_factors(client, hall):
    make_staff(office=hall, username="supervisor")
    sign_in_page = client.get(f"{DESK}week/").url
    client.post(sign_in_page, {"login": "supervisor", "password": PASSWORD})
    assert client.post(CODE, {"code": present_code()}).url == f"{DESK}week/"


@pytest.mark.parametrize(
    ("username", "password"),
    [("supervisor", "wrong-password-1"), ("nobody", PASSWORD), ("", ""), ("SUPERVISOR ", "")],
)
def test_a_wrong_password_and_an_unknown_name_look_the_same(client, hall, username, password):
    make_staff(office=hall, username="supervisor")
    response = give_password(client, username, password)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_opens_nothing(client, hall):
    make_staff(office=hall, username="supervisor")
    give_password(client)
    right = present_code()
    response = client.post(CODE, {"code": f"{(int(right) + 1) % 10**6:06}"})
    assert list(response.context["form"].errors) == ["code"]
    assert client.get(DESK).url.startswith(LOGIN)


def test_a_code_opens_the_desk_once(hall):
    make_staff(office=hall, username="supervisor")
    code = present_code()
    for client, status in ((Client(), 302), (Client(), 200)):
        give_password(client)
        assert client.post(CODE, {"code": code}).status_code == status


def test_guessing_passwords_is_stopped_after_five(client, hall):
    make_staff(office=hall, username="supervisor")
    for _guess in range(5):
        give_password(client, password="wrong-password-1")
    response = give_password(client)
    assert response.context["form"].non_field_errors() == ["登录失败次数过多，请稍后重试。"]
    assert "_auth_user_id" not in client.session


def test_guessing_codes_is_stopped_after_five(client, hall):
    make_staff(office=hall, username="supervisor")
    give_password(client)
    for guess in range(5):
        client.post(CODE, {"code": f"{guess:06}"})
    response = client.post(CODE, {"code": present_code()})
    assert list(response.context["form"].errors) == ["code"]


def test_who_has_no_authenticator_sets_one_up_before_any_desk(client, hall):
    make_staff(office=hall, username="supervisor", authenticator=False)
    give_password(client)
    assert client.get(DESK).url == "/accounts/2fa/totp/activate/"
    # Setting it up asks for the password once more.
    again = client.get("/accounts/2fa/totp/activate/").url
    assert again.startswith("/accounts/reauthenticate/")
    client.post(again, {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.text
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    done = client.post("/accounts/2fa/totp/activate/", {"code": present_code()})
    assert done.url == "/accounts/2fa/recovery-codes/"
    assert client.get(done.url).text.count("<code>") == 10
    # The desk wants a code as well, from the authenticator that is there now.
    asked = client.get(DESK).url
    assert asked.startswith("/accounts/2fa/reauthenticate/?next=")
    assert client.post(asked, {"code": present_code()}).url == DESK
    assert client.get(DESK).status_code == 200


def test_the_secret_is_not_kept_in_the_clear(hall):
    account = make_staff(office=hall)
    totp = Authenticator.objects.get(user=account)
    assert SECRET not in totp.data["secret"]
    assert totp.wrap().validate_code(present_code())


def test_recovery_codes_are_shown_once(client, hall):
    account = make_staff(office=hall)
    sign_in(client, account)
    give = "/accounts/2fa/recovery-codes/generate/"
    again = client.get(give).url
    client.post(again, {"password": PASSWORD})
    codes = client.post(give).url
    assert client.get(codes).text.count("<code>") == 10
    assert client.get(codes).text.count("<code>") == 0


def test_an_idle_desk_is_locked_after_half_an_hour(client, hall):
    start = dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        sign_in(client, make_staff(office=hall))
        assert client.get(DESK).status_code == 200
    for minutes, status in ((29, 200), (58, 200), (89, 302)):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            assert client.get(DESK).status_code == status


def test_a_citizen_can_not_sign_in_here_nor_see_these_pages(client):
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    assert not citizen.has_usable_password()
    client.force_login(citizen)
    for page in ("2fa/", "2fa/totp/activate/", "password/", "reauthenticate/"):
        assert client.get(f"/accounts/{page}").status_code == 404


def test_an_account_that_is_not_in_use_does_not_get_in(client, hall):
    account = make_staff(office=hall, username="supervisor")
    Account.objects.filter(pk=account.pk).update(is_active=False)
    response = give_password(client)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "account_set_password"]
)
def test_nobody_signs_up_or_resets_a_password_here(client, name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
    for path in ("signup/", "password/reset/", "email/"):
        assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("page", ["2fa/", "password/", "2fa/recovery-codes/generate/", "logout/"])
def test_the_pages_of_ones_sign_in_open(client, hall, page):
    sign_in(client, make_staff(Role.CLERK, office=hall))
    assert client.get(f"/accounts/{page}").status_code in {200, 302}


def test_the_password_is_changed_with_the_old_one(client, hall):
    account = make_staff(office=hall)
    sign_in(client, account)
    new = "another-desk-of-tests-2"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/", fields | {"oldpassword": "no"}).status_code == 200
    assert client.post("/accounts/password/", fields).status_code == 302
    account.refresh_from_db()
    assert account.check_password(new)


def test_signing_out_ends_the_desk(client, hall):
    sign_in(client, make_staff(office=hall))
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get(DESK).url.startswith(LOGIN)
