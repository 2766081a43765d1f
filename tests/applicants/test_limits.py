"""Codes cost money: where they go, how many, and what holds while the cache is away."""

from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from applicants.domain import limits
from applicants.domain.sign_in import send_code
from applicants.domain.sign_in_errors import CountryNotServed, TooManyCodes
from applicants.models import Message, SignInCode
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = limits.HOUR
KOREA = ["+821012345678", "+821087654321", "+821098761234"]
LATVIA = "+37121234567"


@pytest.mark.parametrize(
    "near", ["+8613800138000", "+85251234567", "+85366123456", "+886912345678"]
)
def test_the_mainland_hong_kong_macao_and_taiwan_get_text_messages(near: str) -> None:
    assert send_code("sms", near, "en", NOW).region in {"CN", "HK", "MO", "TW"}


def test_a_country_on_no_list_gets_none() -> None:
    with pytest.raises(CountryNotServed):
        send_code("sms", LATVIA, "en", NOW)
    assert not Message.objects.exists()


def test_the_islands_that_share_americas_code_are_no_america() -> None:
    assert send_code("sms", "+12025550143", "en", NOW).region == "US"
    with pytest.raises(CountryNotServed):
        send_code("sms", "+18765551234", "en", NOW)


def test_the_lists_are_settings(settings: Any) -> None:
    settings.SMS_COUNTRIES = ["CN", "LV"]
    send_code("sms", LATVIA, "en", NOW)
    with pytest.raises(CountryNotServed):
        send_code("sms", "+85251234567", "en", NOW)


def test_few_codes_an_hour_go_to_a_far_country_whoever_asks(settings: Any) -> None:
    settings.CODES_PER_FAR_COUNTRY_AND_HOUR = 2
    for number, phone in enumerate(KOREA[:2]):
        send_code("sms", phone, "en", NOW, source=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes):
        send_code("sms", KOREA[2], "en", NOW, source="198.51.100.1")
    send_code("sms", "+14155550123", "en", NOW)
    send_code("sms", KOREA[2], "en", NOW + HOUR, source="198.51.100.1")


def test_numbers_beside_each_other_share_a_limit(settings: Any) -> None:
    settings.CODES_PER_PREFIX_AND_HOUR = 2
    send_code("sms", "+8613800138000", "zh-hans", NOW)
    send_code("sms", "+8613800999999", "zh-hans", NOW)
    with pytest.raises(TooManyCodes):
        send_code("sms", "+8613800000001", "zh-hans", NOW)
    send_code("sms", "+8613801138000", "zh-hans", NOW)


@pytest.mark.parametrize(
    ("first", "second", "elsewhere"),
    [
        ("192.0.2.1", "192.0.2.200", "192.0.3.1"),
        ("2001:db8:1:1::1", "2001:db8:1:ffff::9", "2001:db8:2::1"),
        ("192.0.2.1", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
    ],
)
def test_addresses_of_one_network_share_a_limit(
    first: str, second: str, elsewhere: str, settings: Any
) -> None:
    settings.CODES_PER_NETWORK_AND_HOUR = 1
    send_code("sms", "+8613800138000", "zh-hans", NOW, source=first)
    with pytest.raises(TooManyCodes):
        send_code("sms", "+8613900138000", "zh-hans", NOW, source=second)
    send_code("sms", "+8613900138000", "zh-hans", NOW, source=elsewhere)


def test_e_mail_counts_for_the_network_and_for_no_country(settings: Any) -> None:
    settings.CODES_PER_NETWORK_AND_HOUR = 1
    code = send_code("email", "jane@example.com", "en", NOW, source="192.0.2.1")
    assert (code.region, code.prefix_hash) == ("", None)
    with pytest.raises(TooManyCodes):
        send_code("email", "john@example.com", "en", NOW, source="192.0.2.2")


def test_what_is_not_an_address_counts_nowhere() -> None:
    assert limits.network_hash("unknown") is None
    send_code("sms", "+8613800138000", "zh-hans", NOW, source="unknown")


def test_nothing_readable_of_number_and_address_is_kept() -> None:
    code = send_code("sms", "+8613800138000", "zh-hans", NOW, source="192.0.2.1")
    kept = SignInCode.objects.values_list("prefix_hash", "network_hash").get(pk=code.pk)
    assert [len(bytes(value)) for value in kept] == [32, 32]
    assert b"8613800" not in b"".join(map(bytes, kept))


def test_without_the_cache_the_limits_that_cost_money_still_hold(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise RedisAway

    for verb in ("add", "incr"):
        monkeypatch.setattr(cache._cache, verb, away)
    settings.CODES_PER_NETWORK_AND_HOUR = 1
    send_code("sms", "+8613800138000", "zh-hans", NOW, source="192.0.2.1")
    with pytest.raises(TooManyCodes):
        send_code("sms", "+8613900138000", "zh-hans", NOW, source="192.0.2.2")
