"""The sign-in pages: a contact, its code, and a session of one's own."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from applicants.domain import sign_in
from applicants.models import Account, Message
from tests.citizens import PHONE, last_code, make_account, signed_in

pytestmark = pytest.mark.django_db

START = "/sign-in/"
CODE = "/sign-in/code/"


@pytest.fixture
def browser() -> Client:
    return Client()


def ask(browser: Client, typed: str = "13800138000", query: str = "") -> Any:
    return browser.post(START + query, {"contact": typed})


def test_a_phone_number_leads_to_the_code_and_the_code_to_my_bookings(browser: Client) -> None:
    assert ask(browser).headers["Location"] == CODE
    response = browser.post(CODE, {"code": last_code()})
    assert response.headers["Location"] == reverse("my-bookings")
    assert browser.session["_auth_user_id"] == str(
        Account.objects.get(contact_hash__isnull=False).pk
    )


def test_without_a_phone_an_e_mail_address_does(browser: Client) -> None:
    ask(browser, "Li@Example.com", "?by=email")
    browser.post(CODE, {"code": last_code()})
    account = Account.objects.get()
    assert (account.medium, account.contact) == ("email", "li@example.com")


def test_the_code_is_pasted_with_spaces(browser: Client) -> None:
    ask(browser)
    code = last_code()
    response = browser.post(CODE, {"code": f" {code[:3]} {code[3:]} "})
    assert response.status_code == 302


def test_the_contact_is_in_no_url_and_unreadable_in_the_session_table(browser: Client) -> None:
    response = ask(browser)
    assert "138" not in response.headers["Location"]
    stored = Session.objects.get()
    assert PHONE not in str(stored.get_decoded())
    assert "13800138000" not in str(stored.get_decoded())


def test_the_page_of_the_code_shows_the_contact_masked(browser: Client) -> None:
    ask(browser)
    page = browser.get(CODE).content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_answer_is_the_same_with_and_without_an_account(browser: Client) -> None:
    make_account()
    known = ask(browser)
    unknown = ask(Client(), "13900139000")
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert browser.post(CODE, {"code": "abc"}).status_code == 200


def test_a_wrong_number_is_kept_in_its_field_with_the_reason(browser: Client) -> None:
    response = ask(browser, "138")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="138"' in page
    assert 'href="#id_contact"' in page
    assert not Message.objects.exists()


def test_a_wrong_code_says_how_many_attempts_are_left(browser: Client) -> None:
    ask(browser)
    wrong = f"{(int(last_code()) + 1) % 10**6:06d}"
    page = browser.post(CODE, {"code": wrong}).content.decode()
    assert "还可以再试4次" in page
    assert "_auth_user_id" not in browser.session


def test_going_back_and_forward_within_a_minute_leads_to_the_code_already_sent(
    browser: Client,
) -> None:
    ask(browser)
    assert ask(browser).headers["Location"] == CODE
    assert Message.objects.count() == 1


def test_another_code_within_a_minute_is_refused_with_the_wait(browser: Client) -> None:
    ask(browser)
    response = browser.post("/sign-in/resend/", follow=True)
    assert "秒后再获取" in response.content.decode()
    assert Message.objects.count() == 1


def test_too_many_codes_are_refused_with_429(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "CODES_PER_SOURCE_AND_HOUR", 1)
    ask(browser)
    response = ask(Client(), "13900139000")
    assert response.status_code == 429
    assert "次数过多" in response.content.decode()


def test_behind_a_proxy_each_visitor_is_counted_alone(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "CODES_PER_SOURCE_AND_HOUR", 1)
    settings.TRUSTED_PROXIES = 1
    statuses = [
        Client(headers={"X-Forwarded-For": f"{made_up}, 192.0.2.{visitor}"})
        .post(START, {"contact": f"139001390{made_up[-2:]}"})
        .status_code
        for visitor, made_up in ((1, "203.0.113.11"), (2, "203.0.113.12"), (2, "203.0.113.13"))
    ]
    # Whatever a visitor writes in front of it, the proxy's own entry counts.
    assert statuses == [302, 302, 429]


def test_the_session_gets_a_new_key(browser: Client) -> None:
    ask(browser)
    before = browser.session.session_key
    browser.post(CODE, {"code": last_code()})
    assert browser.session.session_key != before


def test_the_answers_of_a_booking_survive_signing_in(browser: Client) -> None:
    ask(browser)
    session = browser.session
    session["draft"] = {"services": ["passport-first"]}
    session.save()
    browser.post(CODE, {"code": last_code()})
    assert browser.session["draft"] == {"services": ["passport-first"]}


def test_signing_in_as_somebody_else_forgets_the_answers_of_the_one_before() -> None:
    browser = signed_in(make_account("+8613900139000"))
    session = browser.session
    session["draft"] = {"services": ["passport-first"], "people": [1]}
    session.save()
    browser.logout()
    ask(browser)
    browser.post(CODE, {"code": last_code()})
    assert "draft" not in browser.session


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/book/people/", "/book/people/"),
        ("https://evil.example/", "/bookings/"),
        ("//evil.example/", "/bookings/"),
        ("javascript:alert(1)", "/bookings/"),
        ("", "/bookings/"),
    ],
)
def test_the_way_back_stays_on_this_site(browser: Client, asked: str, led_to: str) -> None:
    browser.post(f"{START}?next={asked}", {"contact": "13800138000"})
    response = browser.post(CODE, {"code": last_code()})
    assert response.headers["Location"] == led_to


def test_the_code_page_without_a_contact_leads_to_the_start(browser: Client) -> None:
    assert browser.get(CODE).headers["Location"] == START
    assert browser.post("/sign-in/resend/").headers["Location"] == START


def test_whoever_is_signed_in_is_not_asked_again() -> None:
    assert signed_in().get(START).headers["Location"] == "/bookings/"


def test_messages_follow_in_the_language_of_the_page(browser: Client) -> None:
    browser.cookies["django_language"] = "en"
    ask(browser)
    browser.post(CODE, {"code": last_code()})
    assert Message.objects.get().language == "en"
    assert Account.objects.get().language == "en"


def test_signing_out_takes_a_post(browser: Client) -> None:
    browser = signed_in()
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").headers["Location"] == "/"
    assert "_auth_user_id" not in browser.session


def test_the_fields_help_phones_to_fill_them_in(browser: Client) -> None:
    assert 'autocomplete="tel"' in browser.get(START).content.decode()
    ask(browser)
    page = browser.get(CODE).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_what_is_collected_and_why_is_said_before_it_is_asked_for(browser: Client) -> None:
    assert 'href="/privacy/"' in browser.get(START).content.decode()
