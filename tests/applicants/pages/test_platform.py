"""Signing in with an identity platform, and everything that a crooked answer may try."""

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from applicants.models import Account, ExternalIdentity
from applicants.pages import oidc
from tests.applicants.pages.conftest import Platform
from tests.citizens import PHONE, make_account, signed_in

pytestmark = pytest.mark.django_db
START = "/sign-in/platform/"
BACK = "/sign-in/platform/back/"


@pytest.fixture
def citizen() -> Client:
    return Client()


def leave(citizen: Client, query: str = "") -> str:
    """To the platform, which everybody agrees with at once; the address that it leads back to."""
    there = citizen.get(START + query).headers["Location"]
    answer = requests.get(there, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def come_back(citizen: Client, address: str) -> Any:
    return citizen.get(address)


def through(citizen: Client, query: str = "") -> Any:
    return come_back(citizen, leave(citizen, query))


def is_in(citizen: Client) -> bool:
    return "_auth_user_id" in citizen.session


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_without_a_platform_there_is_no_such_page(citizen: Client, settings: Any) -> None:
    settings.OIDC_ISSUER = ""
    assert [citizen.get(path).status_code for path in (START, BACK)] == [404, 404]
    assert START not in text_of(citizen.get("/sign-in/"))


def test_the_sign_in_page_offers_it_beside_the_code(citizen: Client, platform: Platform) -> None:
    page = text_of(citizen.get("/sign-in/?next=/household/"))
    assert f'href="{START}?next=/household/"' in page
    assert "使用一网通办登录" in page


def test_the_request_has_state_nonce_and_pkce(citizen: Client, platform: Platform) -> None:
    there = urlsplit(citizen.get(START).headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}" == platform.issuer
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert (asked["scope"], asked["redirect_uri"]) == ("openid phone", f"http://testserver{BACK}")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_a_new_person_gets_an_account_and_finds_it_again(platform: Platform) -> None:
    first, second = Client(), Client()
    assert through(first).headers["Location"] == "/bookings/"
    through(second)
    assert first.session["_auth_user_id"] == second.session["_auth_user_id"]
    account = Account.objects.get()
    assert (account.contact, account.medium, account.has_usable_password()) == ("", "", False)
    platform.behave(sub="Somebody")
    through(Client())
    assert Account.objects.count() == 2


def test_a_verified_phone_number_leads_to_the_account_that_has_it(platform: Platform) -> None:
    mine = make_account(PHONE)
    citizen = Client()
    platform.behave(phone_number="13800138000", phone_number_verified=True)
    through(citizen)
    assert citizen.session["_auth_user_id"] == str(mine.pk)
    assert ExternalIdentity.objects.get().account == mine


def test_a_number_that_is_not_in_the_token_is_asked_for(platform: Platform) -> None:
    mine = make_account(PHONE)
    citizen = Client()
    platform.behave(told={"phone_number": PHONE, "phone_number_verified": True})
    through(citizen)
    assert citizen.session["_auth_user_id"] == str(mine.pk)


def test_what_is_told_of_somebody_else_counts_for_nobody(
    citizen: Client, platform: Platform
) -> None:
    told = {"sub": "somebody else", "phone_number": PHONE, "phone_number_verified": True}
    platform.behave(told=told)
    assert through(citizen).status_code == 400
    assert not is_in(citizen)


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_a_number_that_nobody_verified_leads_nowhere(
    verified: object, citizen: Client, platform: Platform
) -> None:
    mine = make_account(PHONE)
    platform.behave(phone_number=PHONE, phone_number_verified=verified)
    through(citizen)
    assert is_in(citizen)
    assert citizen.session["_auth_user_id"] != str(mine.pk)


def test_once_linked_a_new_number_at_the_platform_changes_nothing(platform: Platform) -> None:
    platform.behave(phone_number=PHONE, phone_number_verified=True)
    through(Client())
    other = make_account("+8613900139000")
    citizen = Client()
    platform.behave(phone_number="+8613900139000", phone_number_verified=True)
    through(citizen)
    assert citizen.session["_auth_user_id"] != str(other.pk)


def test_the_session_gets_a_new_key(citizen: Client, platform: Platform) -> None:
    address = leave(citizen)
    before = citizen.session.session_key
    come_back(citizen, address)
    assert citizen.session.session_key != before


def test_a_closed_account_stays_closed(citizen: Client, platform: Platform) -> None:
    through(Client())
    Account.objects.update(is_active=False)
    response = through(citizen)
    assert response.status_code == 403
    assert not is_in(citizen)


# What a crooked answer may try.


@pytest.mark.parametrize(
    "fault",
    [
        "wrong nonce",
        "no nonce",
        "wrong audience",
        "wrong issuer",
        "expired",
        "from the future",
        "alg none",
        "our own secret",
        "public key as secret",
        "stranger's key",
        "changed",
        "no id token",
    ],
)
def test_a_crooked_token_signs_nobody_in(fault: str, citizen: Client, platform: Platform) -> None:
    platform.behave(fault)
    response = through(citizen)
    assert response.status_code == 400
    assert "平台返回的信息未通过校验" in text_of(response)
    assert not is_in(citizen)
    assert not Account.objects.exists()


@pytest.mark.parametrize("fault", ["clock behind", "clock ahead"])
def test_clocks_may_differ_by_half_a_minute(
    fault: str, citizen: Client, platform: Platform
) -> None:
    platform.behave(fault)
    through(citizen)
    assert is_in(citizen)


def test_an_answer_with_another_state_is_refused(citizen: Client, platform: Platform) -> None:
    address = leave(citizen)
    assert come_back(citizen, address.partition("&state=")[0] + "&state=x").status_code == 400
    assert come_back(citizen, BACK).status_code == 400
    assert not is_in(citizen)


def test_an_answer_that_another_browser_asked_for_is_refused(
    citizen: Client, platform: Platform
) -> None:
    address = leave(Client())
    leave(citizen)
    assert come_back(citizen, address).status_code == 400
    assert not is_in(citizen)


def test_an_answer_works_once(citizen: Client, platform: Platform) -> None:
    address = leave(citizen)
    come_back(citizen, address)
    citizen.post("/sign-out/")
    assert come_back(citizen, address).status_code == 400
    assert not is_in(citizen)


def test_a_code_that_was_stolen_is_of_no_use_in_another_sign_in(
    citizen: Client, platform: Platform
) -> None:
    """State and session are the thief's own; the platform refuses for PKCE."""
    stolen = parse_qs(urlsplit(leave(Client())).query)["code"][0]
    own = parse_qs(urlsplit(leave(citizen)).query)["state"][0]
    assert come_back(citizen, f"{BACK}?code={stolen}&state={own}").status_code == 400
    assert not is_in(citizen)


def test_a_platform_that_calls_itself_something_else_is_not_asked(
    citizen: Client, platform: Platform
) -> None:
    platform.behave("other issuer")
    assert citizen.get(START).status_code == 400
    platform.behave()
    assert citizen.get(START).status_code == 302


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/household/", "/household/"),
        ("https://evil.example/", "/bookings/"),
        ("//evil.example/", "/bookings/"),
        ("javascript:alert(1)", "/bookings/"),
        ("/\\evil.example", "/bookings/"),
    ],
)
def test_the_way_back_stays_on_this_site(
    asked: str, led_to: str, citizen: Client, platform: Platform
) -> None:
    assert through(citizen, f"?next={asked}").headers["Location"] == led_to


# Levels


@pytest.mark.parametrize(
    ("claims", "is_let_in"),
    [
        ({"authLevel": "3"}, True),
        ({"authLevel": 4}, True),
        ({"acr": "L3"}, True),
        ({"acr": "urn:example:level:3"}, True),
        ({"authLevel": "2", "acr": "9"}, False),
        ({"authLevel": "high"}, False),
        ({}, False),
    ],
)
def test_who_is_known_too_little_is_not_let_in(
    claims: dict[str, Any], is_let_in: bool, citizen: Client, platform: Platform, settings: Any
) -> None:
    settings.OIDC_MIN_LEVEL = 3
    platform.behave(**claims)
    response = through(citizen)
    assert is_in(citizen) is is_let_in
    if not is_let_in:
        assert response.status_code == 403
        assert "实名认证等级不足" in text_of(response)


def test_the_level_is_kept_as_it_was_the_last_time(platform: Platform) -> None:
    for level in ("L2", "L3"):
        platform.behave(authLevel=level)
        through(Client())
    assert ExternalIdentity.objects.get().level == "L3"


# When it doesn't work out


@pytest.mark.parametrize("fault", ["broken", "broken at last"])
def test_when_the_platform_is_down_the_page_shows_the_other_way(
    fault: str, citizen: Client, platform: Platform
) -> None:
    if fault == "broken at last":
        address = leave(citizen)
        platform.behave(fault)
        response = come_back(citizen, address)
    else:
        platform.behave(fault)
        response = citizen.get(START)
    page = text_of(response)
    assert response.status_code == 503
    assert "平台暂时无法访问" in page
    assert 'href="/sign-in/"' in page
    assert "12367" in page
    platform.behave()
    through(citizen)
    assert is_in(citizen)


def test_when_nothing_listens_there_the_page_says_so(
    citizen: Client, platform: Platform, settings: Any
) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert citizen.get(START).status_code == 503


def test_whoever_says_no_there_is_back_at_the_sign_in(citizen: Client, platform: Platform) -> None:
    platform.behave("denied")
    response = through(citizen)
    assert response.headers["Location"] == "/sign-in/"
    assert not is_in(citizen)


# What is kept


def test_nothing_that_the_platform_knows_is_kept_or_logged(
    citizen: Client, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    known = {
        "sub": "subject-4711",
        "name": "演示甲",
        "id_number": "350000199001010018",
        "phone_number": PHONE,
        "phone_number_verified": True,
    }
    platform.behave(**known)
    through(citizen)
    written = caplog.text + str([session.get_decoded() for session in Session.objects.all()])
    with connection.cursor() as cursor:
        for table in ("applicants_account", "applicants_externalidentity"):
            cursor.execute(f"SELECT * FROM {table}")
            written += str(
                [
                    [bytes(v) if isinstance(v, memoryview) else v for v in row]
                    for row in cursor.fetchall()
                ]
            )
    for value in ("subject-4711", "演示甲", "350000199001010018", "13800138000"):
        assert value not in written


# Linking


def test_whoever_is_signed_in_is_asked_before_the_platform_is_linked(platform: Platform) -> None:
    mine = make_account()
    citizen = signed_in(mine)
    assert through(citizen, "?next=/account/").headers["Location"] == "/account/platform/"
    assert not ExternalIdentity.objects.exists()
    assert "绑定一网通办" in text_of(citizen.get("/account/platform/"))
    assert citizen.post("/account/platform/").headers["Location"] == "/account/"
    assert ExternalIdentity.objects.get().account == mine
    again = Client()
    through(again)
    assert again.session["_auth_user_id"] == str(mine.pk)


def test_the_question_is_asked_once(platform: Platform) -> None:
    citizen = signed_in()
    through(citizen)
    citizen.post("/account/platform/")
    assert citizen.post("/account/platform/").headers["Location"] == "/account/"
    assert through(citizen, "?next=/household/").headers["Location"] == "/household/"
    assert ExternalIdentity.objects.count() == 1


def test_what_is_linked_to_somebody_else_stays_with_them(platform: Platform) -> None:
    through(Client())
    citizen = signed_in()
    through(citizen)
    response = citizen.post("/account/platform/")
    assert response.status_code == 409
    assert ExternalIdentity.objects.get().account != make_account()


def test_a_link_is_removed_by_its_owner(platform: Platform) -> None:
    citizen = signed_in()
    through(citizen)
    citizen.post("/account/platform/")
    assert "解除绑定" in text_of(citizen.get("/account/"))
    citizen.post("/account/platform/remove/")
    assert not ExternalIdentity.objects.exists()


def test_the_only_way_in_is_not_removed(citizen: Client, platform: Platform) -> None:
    through(citizen)
    page = text_of(citizen.post("/account/platform/remove/", follow=True))
    assert "不能解除绑定" in page
    assert ExternalIdentity.objects.exists()


def test_the_platform_is_asked_for_its_addresses_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    through(Client())
    asked: list[str] = []
    real = requests.Session.request

    def note(self: requests.Session, method: str, url: str, **kwargs: Any) -> Any:
        asked.append(urlsplit(url).path)
        return real(self, method, url, **kwargs)

    monkeypatch.setattr(requests.Session, "request", note)
    through(Client())
    # The first is the browser's.
    assert asked == ["/authorize", "/token", "/userinfo"]
    assert oidc.TIMEOUT <= 5
