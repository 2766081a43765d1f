"""The challenge: only under attack, each answer once, and another way for whoever can't."""

import base64
import datetime as dt
import json
from typing import Any

import altcha
import pytest
import time_machine
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from applicants.domain import challenge
from applicants.domain.sign_in import send_code
from applicants.domain.sign_in_errors import ChallengeNotMet, TooManyCodes, WaitLonger
from applicants.models import CodeBreaker
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HERE = "192.0.2.1"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(challenge, "MOST_TRIES", 20)
    with time_machine.travel(NOW, tick=False):
        yield


def solve(asked: challenge.Challenge) -> str:
    """What the browser does."""
    question = altcha.Challenge.from_dict(asked.question)
    solution = altcha.solve_challenge(question)
    assert solution is not None
    return altcha.Payload(question, solution).to_base64()


def changed(answer: str, **parameters: object) -> str:
    payload = json.loads(base64.b64decode(answer))
    payload["challenge"]["parameters"].update(parameters)
    return base64.b64encode(json.dumps(payload).encode()).decode()


def refused(answer: str = "", token: str = "", now: dt.datetime = NOW) -> bool:
    with pytest.raises(ChallengeNotMet):
        challenge.check(answer, token, HERE, now)
    return True


def test_nobody_is_challenged_on_a_quiet_day() -> None:
    assert not challenge.is_needed(HERE, NOW)


def test_under_attack_everybody_is() -> None:
    CodeBreaker.objects.create(scope="region:KR", tripped_at=NOW, stops_until=NOW + 900 * SECOND)
    assert challenge.is_needed(HERE, NOW)


def test_a_network_is_once_half_of_its_limit_is_used(settings: Any) -> None:
    settings.CODES_PER_NETWORK_AND_HOUR = 4
    for number in range(2):
        assert not challenge.is_needed(HERE, NOW)
        send_code("sms", f"+861380013800{number}", "zh-hans", NOW, source="192.0.2.77")
    assert challenge.is_needed(HERE, NOW)
    assert not challenge.is_needed("198.51.100.1", NOW)


@pytest.mark.parametrize(("setting", "needed"), [("always", True), ("never", False)])
def test_a_setting_decides_for_all_times(setting: str, needed: bool, settings: Any) -> None:
    CodeBreaker.objects.create(scope="region:KR", tripped_at=NOW, stops_until=NOW + SECOND)
    settings.ALTCHA = setting
    assert challenge.is_needed(HERE, NOW) is needed


def test_a_solved_challenge_is_accepted_once() -> None:
    answer = solve(challenge.ask(NOW))
    challenge.check(answer, "", HERE, NOW)
    assert refused(answer)


def test_an_answer_in_other_words_is_the_same_answer() -> None:
    answer = solve(challenge.ask(NOW))
    challenge.check(answer, "", HERE, NOW)
    payload = json.loads(base64.b64decode(answer))
    payload["solution"]["time"] = 7
    assert refused(base64.b64encode(json.dumps(payload, indent=1).encode()).decode())


@pytest.mark.parametrize(
    "parameters",
    [
        {"cost": 1},
        {"keyPrefix": ""},
        {"expiresAt": 2**40},
        {"salt": "00"},
        {"algorithm": "SHA-256"},
    ],
)
def test_a_question_that_was_made_easier_is_refused(parameters: dict[str, object]) -> None:
    assert refused(changed(solve(challenge.ask(NOW)), **parameters))


def test_a_question_of_ones_own_is_refused() -> None:
    own = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=1, hmac_secret="mine")
    assert refused(solve(challenge.Challenge(own.to_dict(), "")))


@pytest.mark.parametrize("answer", ["x", "e30=", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOjF9"])
def test_nonsense_is_refused(answer: str) -> None:
    assert refused(answer)


def test_an_answer_is_good_for_a_quarter_of_an_hour() -> None:
    answer = solve(challenge.ask(NOW))
    with time_machine.travel(NOW + challenge.LIFETIME + SECOND, tick=False):
        assert refused(answer)


def test_whoever_can_not_compute_waits_a_minute() -> None:
    token = challenge.ask(NOW).token
    with pytest.raises(WaitLonger) as early:
        challenge.check("", token, HERE, NOW + 20 * SECOND)
    assert early.value.seconds == 40
    challenge.check("", token, HERE, NOW + 60 * SECOND)


def test_one_wait_is_good_for_one_code() -> None:
    token = challenge.ask(NOW).token
    challenge.check("", token, HERE, NOW + 60 * SECOND)
    assert refused("", token, NOW + 61 * SECOND)


def test_the_wait_goes_on_on_the_next_page() -> None:
    token = challenge.ask(NOW).token
    assert challenge.ask(NOW + 20 * SECOND, token).token == token
    assert challenge.ask(NOW, "made up").token != "made up"


def test_a_token_is_not_kept_for_later() -> None:
    token = challenge.ask(NOW).token
    assert refused("", token, NOW + challenge.LIFETIME + SECOND)
    assert refused("", "")
    assert refused("", token[:-1])


def test_few_of_a_network_may_wait_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenge, "WAITS_PER_NETWORK_AND_HOUR", 1)
    later = NOW + 60 * SECOND
    tokens = [challenge.ask(NOW).token for _time in range(2)]
    challenge.check("", tokens[0], HERE, later)
    with pytest.raises(TooManyCodes):
        challenge.check("", tokens[1], "192.0.2.99", later)


def test_without_the_cache_people_still_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise RedisAway

    for verb in ("add", "incr"):
        monkeypatch.setattr(cache._cache, verb, away)
    challenge.check(solve(challenge.ask(NOW)), "", HERE, NOW)
    challenge.check("", challenge.ask(NOW).token, HERE, NOW + 60 * SECOND)
