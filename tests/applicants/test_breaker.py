"""Many codes and nobody who uses them: text messages stop, try again, and come back."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from applicants.domain import breaker
from applicants.domain.sign_in import send_code
from applicants.domain.sign_in_errors import SmsPaused
from applicants.models import CodeBreaker, CodeHour, SignInCode
from tests.factories import NOW

pytestmark = pytest.mark.django_db
KOREAN = "+821012345678"


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.BREAKER_CODES = 10
    settings.BREAKER_MINUTES = 15


def at(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def sent(count: int, when: dt.datetime, *, used: int = 0, region: str = "KR") -> None:
    """Codes to so many numbers that don't begin alike."""
    serial = SignInCode.objects.count()
    SignInCode.objects.bulk_create(
        SignInCode(
            contact_hash=bytes([1]) * 31 + bytes([number % 256]),
            code_hash=b"",
            region=region,
            prefix_hash=(serial + number).to_bytes(32),
            created_at=when,
            expires_at=when + dt.timedelta(minutes=10),
            used_at=when if number < used else None,
        )
        for number in range(count)
    )


def ask(minutes: float, phone: str = KOREAN) -> SignInCode:
    return send_code("sms", phone, "en", at(minutes))


def test_unused_codes_stop_text_messages_to_that_country() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused) as refused:
        ask(5)
    assert refused.value.minutes == 15
    tripped = CodeBreaker.objects.get()
    assert (tripped.scope, tripped.stops_until) == ("region:KR", at(20))


def test_it_is_logged_as_an_error_without_a_number(caplog: pytest.LogCaptureFixture) -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    lines = [record for record in caplog.records if "sms_breaker_tripped" in str(record.msg)]
    assert [line.levelname for line in lines] == ["ERROR"]
    assert "region:KR" in str(lines[0].msg)
    assert "1012345678" not in str(lines[0].msg)


def test_e_mail_and_other_countries_go_on() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    send_code("email", "jane@example.com", "en", at(5))
    ask(5, "+14155550123")
    ask(5, "+8613800138000")


def test_codes_that_people_use_stop_nothing() -> None:
    sent(10, NOW, used=2)
    ask(5)
    assert not CodeBreaker.objects.exists()


def test_codes_that_nobody_had_time_to_type_stop_nothing() -> None:
    sent(10, NOW)
    ask(1.5)


def test_few_codes_stop_nothing() -> None:
    sent(9, NOW)
    ask(5)


def test_what_is_usual_at_this_hour_stops_nothing() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    for days in range(1, 15):
        CodeHour.objects.create(region="KR", hour=hour - dt.timedelta(days=days), sent=5, used=4)
    sent(14, NOW)
    ask(5)
    sent(1, NOW)
    with pytest.raises(SmsPaused):
        ask(6.5, "+821087654321")


def test_to_the_mainland_codes_never_stop_as_a_whole_but_browsers_are_challenged() -> None:
    sent(10, NOW, region="CN")
    ask(5, "+8613800138000")
    assert CodeBreaker.objects.get().scope == "region:CN"
    assert breaker.is_awake(at(5))


def test_at_eight_the_mainlands_codes_are_not_counted_for_each_of_them(
    django_assert_max_num_queries: Any,
) -> None:
    ask(5, "+8613800138000")
    with django_assert_max_num_queries(2):
        breaker.check("CN", b"another prefix", at(5))


def test_unused_codes_to_numbers_beside_each_other_stop_these_anywhere() -> None:
    for number in range(10):
        send_code("sms", f"+86138001380{number:02}", "zh-hans", NOW)
    with pytest.raises(SmsPaused):
        ask(5, "+8613800999999")
    ask(5, "+8613900138000")


def test_after_the_pause_a_few_are_let_through_and_if_they_are_used_all_is_as_before() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    with pytest.raises(SmsPaused):
        ask(19.9)
    for number in range(3):
        code = ask(20 + number, f"+82101234000{number}")
        SignInCode.objects.filter(pk=code.pk).update(used_at=at(21 + number))
    ask(26)
    assert CodeBreaker.objects.get().ended_at == at(26)
    assert not breaker.is_awake(at(26))
    # What tripped it is not held against those who come now.
    ask(27, "+821087654321")


def test_while_it_is_not_known_whether_the_few_are_used_nobody_else_is_let_through() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    for number in range(3):
        ask(20, f"+82101234000{number}")
    with pytest.raises(SmsPaused) as refused:
        ask(21)
    assert refused.value.minutes == 2


def test_if_the_few_are_not_used_the_pause_is_twice_as_long() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    for number in range(3):
        ask(20, f"+82101234000{number}")
    with pytest.raises(SmsPaused) as refused:
        ask(25)
    assert refused.value.minutes == 30
    assert CodeBreaker.objects.get().trips == 2


def test_no_pause_is_longer_than_four_hours() -> None:
    CodeBreaker.objects.create(scope="region:KR", tripped_at=NOW, stops_until=NOW, trips=60)
    sent(3, at(1))
    with pytest.raises(SmsPaused) as refused:
        ask(5)
    assert refused.value.minutes == 240


def test_a_breaker_that_nobody_asked_for_an_hour_after_its_pause_guards_nothing() -> None:
    CodeBreaker.objects.create(scope="region:KR", tripped_at=at(-15), stops_until=NOW)
    assert breaker.is_awake(at(59))
    assert not breaker.is_awake(at(60))
    for number in range(5):
        ask(60, f"+82101234000{number}")


def test_losing_the_cache_opens_nothing() -> None:
    sent(10, NOW)
    with pytest.raises(SmsPaused):
        ask(5)
    cache.clear()
    with pytest.raises(SmsPaused):
        ask(6)


def test_hours_are_counted_before_their_codes_are_forgotten() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    sent(4, hour + dt.timedelta(minutes=5), used=3)
    sent(1, hour + dt.timedelta(minutes=65))
    send_code("email", "jane@example.com", "en", hour)
    for _time in range(2):
        breaker.count_hours(hour + dt.timedelta(hours=1, minutes=7))
    assert list(CodeHour.objects.values_list("region", "hour", "sent", "used")) == [
        ("KR", hour, 4, 3)
    ]


def test_what_is_normal_is_forgotten_after_a_month() -> None:
    CodeHour.objects.create(region="KR", hour=NOW - dt.timedelta(days=31), sent=1, used=1)
    CodeBreaker.objects.create(
        scope="region:KR", tripped_at=NOW, stops_until=NOW - dt.timedelta(days=3)
    )
    breaker.count_hours(NOW)
    assert not CodeHour.objects.exists()
    assert not CodeBreaker.objects.exists()
