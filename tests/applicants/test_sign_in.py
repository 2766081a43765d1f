"""One-time codes: single use, short-lived, few attempts, and no help for whoever guesses."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from redis.exceptions import ConnectionError as RedisAway

from applicants.domain.sign_in import send_code, verify_code
from applicants.domain.sign_in_errors import (
    AccountClosed,
    CodeJustSent,
    CodeSpent,
    TooManyCodes,
    WrongCode,
)
from applicants.models import Account, Message, SignInCode
from tests.citizens import PHONE, last_code, make_account
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def minutes(count: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=count)


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_has_six_digits_and_travels_in_the_outbox() -> None:
    code = send_code("sms", PHONE, "en", NOW)
    message = Message.objects.get()
    assert re.fullmatch(r"\d{6}", message.secret)
    assert (message.reference, message.kind, message.medium, message.recipient) == (
        f"code:{code.pk}",
        "sign_in_code",
        "sms",
        PHONE,
    )
    assert (message.language, message.due_at, message.not_after) == ("en", NOW, minutes(10))


def test_only_a_keyed_hash_of_the_code_is_kept() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applicants_signincode")
        row = str([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
        cursor.execute("SELECT secret, recipient FROM applicants_message")
        secret, recipient = (bytes(value) for value in cursor.fetchone())
    digits = last_code()
    assert digits not in row
    assert digits.encode() not in secret
    assert b"13800138000" not in recipient


def test_the_right_code_makes_the_account_and_finds_it_again() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    account = verify_code("sms", PHONE, last_code(), minutes(1))
    assert (account.contact, account.medium, account.has_usable_password()) == (PHONE, "sms", False)
    send_code("sms", PHONE, "zh-hans", minutes(2))
    assert verify_code("sms", PHONE, last_code(), minutes(3)) == account


def test_a_code_works_once() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    code = last_code()
    verify_code("sms", PHONE, code, minutes(1))
    with pytest.raises(CodeSpent):
        verify_code("sms", PHONE, code, minutes(1))


def test_a_code_expires_after_ten_minutes() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    with pytest.raises(CodeSpent):
        verify_code("sms", PHONE, last_code(), minutes(10))


def test_the_newest_code_ends_the_earlier_ones() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    first = last_code()
    send_code("sms", PHONE, "zh-hans", minutes(1))
    if first != last_code():
        with pytest.raises(WrongCode):
            verify_code("sms", PHONE, first, minutes(2))
    assert verify_code("sms", PHONE, last_code(), minutes(2)).contact == PHONE


def test_after_five_wrong_attempts_even_the_right_code_is_spent() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    code = last_code()
    left = []
    for _attempt in range(4):
        with pytest.raises(WrongCode) as refused:
            verify_code("sms", PHONE, another_than(code), NOW)
        left.append(refused.value.attempts_left)
    assert left == [4, 3, 2, 1]
    for digits in (another_than(code), code):
        with pytest.raises(CodeSpent):
            verify_code("sms", PHONE, digits, NOW)


def test_a_code_is_bound_to_its_contact() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    with pytest.raises(CodeSpent):
        verify_code("sms", "+8613800138001", last_code(), NOW)


def test_another_code_is_sent_a_minute_after_the_last() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    with pytest.raises(CodeJustSent) as refused:
        send_code("sms", PHONE, "zh-hans", minutes(0.5))
    assert refused.value.seconds == 30
    send_code("sms", PHONE, "zh-hans", minutes(1))
    assert Message.objects.count() == 2


def test_a_contact_gets_five_codes_an_hour() -> None:
    for minute in range(5):
        send_code("sms", PHONE, "zh-hans", minutes(minute))
    with pytest.raises(TooManyCodes):
        send_code("sms", PHONE, "zh-hans", minutes(5))
    send_code("sms", PHONE, "zh-hans", minutes(60))
    send_code("sms", "+8613800138001", "zh-hans", minutes(5))


def test_one_network_address_can_not_send_codes_to_everybody(settings: Any) -> None:
    settings.CODES_PER_ADDRESS_AND_HOUR = 3
    for number in range(3):
        send_code("sms", f"+861380013800{number}", "zh-hans", NOW, source="192.0.2.1")
    with pytest.raises(TooManyCodes):
        send_code("sms", "+8613800138009", "zh-hans", NOW, source="192.0.2.1")
    send_code("sms", "+8613800138009", "zh-hans", NOW, source="192.0.2.2")


def test_one_network_address_can_not_try_codes_of_everybody(settings: Any) -> None:
    settings.TRIES_PER_ADDRESS_AND_HOUR = 2
    for number in range(2):
        with pytest.raises(CodeSpent):
            verify_code("sms", f"+861380013800{number}", "000000", NOW, source="192.0.2.1")
    with pytest.raises(TooManyCodes):
        verify_code("sms", PHONE, "000000", NOW, source="192.0.2.1")


def test_without_the_cache_people_still_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise RedisAway

    for verb in ("add", "incr"):
        monkeypatch.setattr(cache._cache, verb, away)
    send_code("sms", PHONE, "zh-hans", NOW, source="192.0.2.1")
    assert verify_code("sms", PHONE, last_code(), NOW, source="192.0.2.1").contact == PHONE


def test_a_closed_account_stays_closed() -> None:
    account = make_account()
    account.is_active = False
    account.save()
    send_code("sms", PHONE, "zh-hans", NOW)
    with pytest.raises(AccountClosed):
        verify_code("sms", PHONE, last_code(), NOW)


def test_asking_for_a_code_makes_no_account() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    assert not Account.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_send_one_code() -> None:
    def click(_number: int) -> bool:
        try:
            send_code("sms", PHONE, "zh-hans", NOW)
        except CodeJustSent:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(click, range(4)))
    assert sorted(sent) == [False, False, False, True]
    assert SignInCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_all_counted() -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    wrong = another_than(last_code())

    def attempt(_number: int) -> str:
        try:
            verify_code("sms", PHONE, wrong, NOW)
        except (WrongCode, CodeSpent) as refused:
            return refused.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(12)))
    assert "in" not in answers
    assert SignInCode.objects.get().attempts == 5
