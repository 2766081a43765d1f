"""The sign-in pages: a contact, its code, and a session of one's own."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants.domain import challenge
from applicants.models import Account, CodeBreaker, Message
from tests.challenges import solved
from tests.citizens import PHONE, last_code, make_account, signed_in

pytestmark = pytest.mark.django_db

START = "/sign-in/"
CODE = "/sign-in/code/"


@pytest.fixture
def citizen() -> Client:
    return Client()


def ask(citizen: Client, typed: str = "13800138000", query: str = "") -> Any:
    return citizen.post(START + query, {"contact": typed})


def test_a_phone_number_leads_to_the_code_and_the_code_to_my_bookings(citizen: Client) -> None:
    assert ask(citizen).headers["Location"] == CODE
    response = citizen.post(CODE, {"code": last_code()})
    assert response.headers["Location"] == reverse("my-bookings")
    assert citizen.session["_auth_user_id"] == str(
        Account.objects.get(contact_hash__isnull=False).pk
    )


def test_without_a_phone_an_e_mail_address_does(citizen: Client) -> None:
    ask(citizen, "Li@Example.com", "?by=email")
    citizen.post(CODE, {"code": last_code()})
    account = Account.objects.get()
    assert (account.medium, account.contact) == ("email", "li@example.com")


def test_the_code_is_pasted_with_spaces(citizen: Client) -> None:
    ask(citizen)
    code = last_code()
    response = citizen.post(CODE, {"code": f" {code[:3]} {code[3:]} "})
    assert response.status_code == 302


def test_the_contact_is_in_no_url_and_unreadable_in_the_session_table(citizen: Client) -> None:
    response = ask(citizen)
    assert "138" not in response.headers["Location"]
    stored = Session.objects.get()
    assert PHONE not in str(stored.get_decoded())
    assert "13800138000" not in str(stored.get_decoded())


def test_the_page_of_the_code_shows_the_contact_masked(citizen: Client) -> None:
    ask(citizen)
    page = citizen.get(CODE).content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_answer_is_the_same_with_and_without_an_account(citizen: Client) -> None:
    make_account()
    known = ask(citizen)
    unknown = ask(Client(), "13900139000")
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert citizen.post(CODE, {"code": "abc"}).status_code == 200


def asked_of_the_database(citizen: Client, typed: str) -> tuple[list[str], str]:
    """The statements of one request for a code, without their values, and the page after it."""
    with CaptureQueriesContext(connection) as asked:
        ask(citizen, typed)
    page = citizen.get(CODE).content.decode()
    statements = [re.sub(r"'[^']*'|\b\d+\b|\\\\x[0-9a-f]+", "?", q["sql"]) for q in asked]
    return statements, re.sub(r'1\d\d\*{4}\d{4}|value="[^"]{64}"', "?", page)


def test_neither_time_nor_page_tell_whether_somebody_has_an_account() -> None:
    make_account()
    assert asked_of_the_database(Client(), "13800138000") == asked_of_the_database(
        Client(), "13900139000"
    )


def test_a_closed_account_shows_only_to_whoever_has_the_code(citizen: Client) -> None:
    Account.objects.filter(pk=make_account().pk).update(is_active=False)
    assert ask(citizen).headers["Location"] == CODE
    wrong = f"{(int(last_code()) + 1) % 10**6:06d}"
    assert "还可以再试4次" in citizen.post(CODE, {"code": wrong}).content.decode()


def test_a_wrong_number_is_kept_in_its_field_with_the_reason(citizen: Client) -> None:
    response = ask(citizen, "138")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="138"' in page
    assert 'href="#id_contact"' in page
    assert not Message.objects.exists()


def test_a_wrong_code_says_how_many_attempts_are_left(citizen: Client) -> None:
    ask(citizen)
    wrong = f"{(int(last_code()) + 1) % 10**6:06d}"
    page = citizen.post(CODE, {"code": wrong}).content.decode()
    assert "还可以再试4次" in page
    assert "_auth_user_id" not in citizen.session


def test_going_back_and_forward_within_a_minute_leads_to_the_code_already_sent(
    citizen: Client,
) -> None:
    ask(citizen)
    assert ask(citizen).headers["Location"] == CODE
    assert Message.objects.count() == 1


def test_another_code_within_a_minute_is_refused_with_the_wait(citizen: Client) -> None:
    ask(citizen)
    response = citizen.post("/sign-in/resend/", follow=True)
    assert "秒后再获取" in response.content.decode()
    assert Message.objects.count() == 1


def test_too_many_codes_are_refused_with_429(citizen: Client, settings: Any) -> None:
    settings.CODES_PER_ADDRESS_AND_HOUR = 1
    ask(citizen)
    response = ask(Client(), "13900139000")
    assert response.status_code == 429
    assert "次数过多" in response.content.decode()


def test_a_country_that_gets_no_text_messages_is_led_to_e_mail(citizen: Client) -> None:
    response = ask(citizen, "+371 21 234 567", "?next=/household/")
    page = response.content.decode()
    assert response.status_code == 422
    assert "请改用电子邮箱" in page
    assert 'value="+371 21 234 567"' in page
    assert 'href="/sign-in/?by=email&amp;next=/household/"' in page


def test_while_text_messages_are_paused_the_page_shows_the_other_ways(
    citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge, "MOST_TRIES", 20)
    now = timezone.now()
    CodeBreaker.objects.create(
        scope="region:KR", tripped_at=now, stops_until=now + dt.timedelta(minutes=7, seconds=-5)
    )
    page = citizen.get(START).content.decode()
    assert "data-challenge" in page
    response = citizen.post(START, {"contact": "+821012345678", **solved(page)})
    page = response.content.decode()
    assert response.status_code == 429
    assert "暂停向此类号码发送短信7分钟" in page
    assert 'value="+821012345678"' in page
    assert 'href="/sign-in/?by=email"' in page
    assert "12367" in page
    assert 'id="walk-in"' in page


def test_behind_a_proxy_each_visitor_is_counted_alone(settings: Any) -> None:
    settings.CODES_PER_ADDRESS_AND_HOUR = 1
    settings.TRUSTED_PROXIES = 1
    statuses = [
        Client(headers={"X-Forwarded-For": f"{made_up}, 192.0.2.{visitor}"})
        .post(START, {"contact": f"139001390{made_up[-2:]}"})
        .status_code
        for visitor, made_up in ((1, "203.0.113.11"), (2, "203.0.113.12"), (2, "203.0.113.13"))
    ]
    # Whatever a visitor writes in front of it, the proxy's own entry counts.
    assert statuses == [302, 302, 429]


def test_the_session_gets_a_new_key(citizen: Client) -> None:
    ask(citizen)
    before = citizen.session.session_key
    citizen.post(CODE, {"code": last_code()})
    assert citizen.session.session_key != before


def test_the_answers_of_a_booking_survive_signing_in(citizen: Client) -> None:
    ask(citizen)
    session = citizen.session
    session["draft"] = {"services": ["passport-first"]}
    session.save()
    citizen.post(CODE, {"code": last_code()})
    assert citizen.session["draft"] == {"services": ["passport-first"]}


def test_signing_in_as_somebody_else_forgets_the_answers_of_the_one_before() -> None:
    citizen = signed_in(make_account("+8613900139000"))
    session = citizen.session
    session["draft"] = {"services": ["passport-first"], "people": [1]}
    session.save()
    citizen.logout()
    ask(citizen)
    citizen.post(CODE, {"code": last_code()})
    assert "draft" not in citizen.session


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/book/people/", "/book/people/"),
        ("https://evil.example/", "/bookings/"),
        ("//evil.example/", "/bookings/"),
        ("javascript:alert(1)", "/bookings/"),
        ("home", "/bookings/"),
        ("²", "/bookings/"),
        ("", "/bookings/"),
    ],
)
def test_the_way_back_stays_on_this_site(citizen: Client, asked: str, led_to: str) -> None:
    citizen.post(f"{START}?next={asked}", {"contact": "13800138000"})
    response = citizen.post(CODE, {"code": last_code()})
    assert response.headers["Location"] == led_to


def test_the_code_page_without_a_contact_leads_to_the_start(citizen: Client) -> None:
    assert citizen.get(CODE).headers["Location"] == START
    assert citizen.post("/sign-in/resend/").headers["Location"] == START


def test_whoever_is_signed_in_is_not_asked_again() -> None:
    assert signed_in().get(START).headers["Location"] == "/bookings/"
    assert signed_in().get(f"{START}?next=nowhere").headers["Location"] == "/bookings/"


def test_messages_follow_in_the_language_of_the_page(citizen: Client) -> None:
    citizen.cookies["django_language"] = "en"
    ask(citizen)
    citizen.post(CODE, {"code": last_code()})
    assert Message.objects.get().language == "en"
    assert Account.objects.get().language == "en"


def test_signing_out_takes_a_post(citizen: Client) -> None:
    citizen = signed_in()
    assert citizen.get("/sign-out/").status_code == 405
    assert citizen.post("/sign-out/").headers["Location"] == "/"
    assert "_auth_user_id" not in citizen.session


def test_the_fields_help_phones_to_fill_them_in(citizen: Client) -> None:
    assert 'autocomplete="tel"' in citizen.get(START).content.decode()
    ask(citizen)
    page = citizen.get(CODE).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_what_is_collected_and_why_is_said_before_it_is_asked_for(citizen: Client) -> None:
    assert 'href="/privacy/"' in citizen.get(START).content.decode()
