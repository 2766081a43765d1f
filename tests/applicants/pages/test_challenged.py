"""The sign-in page under attack: what it asks, and the ways around it."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from applicants.domain import challenge
from applicants.models import Message
from tests.challenges import solved, token_of
from tests.citizens import last_code

pytestmark = pytest.mark.django_db
START = "/sign-in/"
CODE = "/sign-in/code/"
TYPED = {"contact": "13800138000"}


@pytest.fixture(autouse=True)
def _attacked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALTCHA = "always"
    monkeypatch.setattr(challenge, "MOST_TRIES", 20)


@pytest.fixture
def citizen() -> Client:
    return Client()


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_whoever_solves_it_gets_a_code(citizen: Client) -> None:
    page = text_of(citizen.get(START))
    assert "/static/vendor/altcha/pbkdf2.js" in page
    assert citizen.post(START, {**TYPED, **solved(page)}).headers["Location"] == CODE
    assert Message.objects.count() == 1


def test_whoever_does_not_is_asked_again_with_what_was_typed(citizen: Client) -> None:
    response = citizen.post(START, TYPED)
    page = text_of(response)
    assert response.status_code == 422
    assert 'value="13800138000"' in page
    assert "安全验证" in page
    assert not Message.objects.exists()
    assert citizen.post(START, {**TYPED, **solved(page)}).headers["Location"] == CODE


def test_an_answer_sends_one_code(citizen: Client) -> None:
    answer = solved(text_of(citizen.get(START)))
    citizen.post(START, {**TYPED, **answer})
    assert Client().post(START, {"contact": "13900139000", **answer}).status_code == 422
    assert Message.objects.count() == 1


def test_without_scripts_a_minute_on_the_page_does(citizen: Client) -> None:
    begun = timezone.now()
    with time_machine.travel(begun, tick=False) as clock:
        token = token_of(text_of(citizen.get(START)))
        clock.shift(dt.timedelta(seconds=20))
        early = citizen.post(START, {**TYPED, "altcha": "", "wait": token})
        assert early.status_code == 422
        assert "请在本页再等待40秒" in text_of(early)
        # The wait goes on.
        assert token_of(text_of(early)) == token
        clock.shift(dt.timedelta(seconds=40))
        done = citizen.post(START, {**TYPED, "altcha": "", "wait": token})
        assert done.headers["Location"] == CODE


def test_the_page_says_how_to_do_without(citizen: Client) -> None:
    page = text_of(citizen.get(START))
    assert "在本页等待1分钟后再提交" in page
    assert 'href="/sign-in/?by=email"' in page
    assert 'href="tel:12367"' in page


def test_e_mail_needs_none(citizen: Client) -> None:
    assert "data-challenge" not in text_of(citizen.get(f"{START}?by=email"))
    response = citizen.post(f"{START}?by=email", {"contact": "jane@example.com"})
    assert response.headers["Location"] == CODE
    assert "data-challenge" not in text_of(citizen.get(CODE))


def test_another_code_needs_another_answer(citizen: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        citizen.post(START, {**TYPED, **solved(text_of(citizen.get(START)))})
        clock.shift(dt.timedelta(seconds=61))
        page = text_of(citizen.get(CODE))
        citizen.post("/sign-in/resend/")
        assert Message.objects.count() == 1
        citizen.post("/sign-in/resend/", solved(page))
        assert Message.objects.count() == 2


def test_waiting_for_another_code_goes_on_as_well(citizen: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        citizen.post(START, {**TYPED, **solved(text_of(citizen.get(START)))})
        token = token_of(text_of(citizen.get(CODE)))
        clock.shift(dt.timedelta(seconds=30))
        page = text_of(citizen.post("/sign-in/resend/", {"wait": token}, follow=True))
        assert "请在本页再等待30秒" in page
        assert token_of(page) == token
        clock.shift(dt.timedelta(seconds=31))
        citizen.post("/sign-in/resend/", {"wait": token})
        assert Message.objects.count() == 2


def test_the_code_itself_is_typed_without_a_challenge(citizen: Client) -> None:
    citizen.post(START, {**TYPED, **solved(text_of(citizen.get(START)))})
    assert citizen.post(CODE, {"code": last_code()}).headers["Location"] == "/bookings/"


def test_on_a_quiet_day_the_page_has_none_of_it(citizen: Client, settings: Any) -> None:
    settings.ALTCHA = "attack"
    page = text_of(citizen.get(START))
    assert "data-challenge" not in page
    assert "challenge.js" not in page
