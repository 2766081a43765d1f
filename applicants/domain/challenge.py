"""Some arithmetic that a browser does before it may ask for a text message (ALTCHA).

Only under attack, and never the only way in: it asks nothing of the reader, e-mail needs none of
it, and without JavaScript the form may be sent after a minute's wait. Each answer counts once; the
used ones are in the cache. Without the cache one could be used again, within the limits of codes,
which are counted in the database.
"""

import datetime as dt
import json
import math
import secrets
from dataclasses import dataclass
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.core.cache import cache

from applicants.crypto import keyed_hash
from applicants.domain import breaker, limits
from applicants.domain.sign_in_errors import ChallengeNotMet, TooManyCodes, WaitLonger

ALGORITHM = "PBKDF2/SHA-256"
# Rounds of hashing for each number that the browser tries, and how many it tries at most: under a
# second of a computer, some three of a slow phone, while its holder types. Checking the answer
# takes us one HMAC.
ROUNDS = 1000
MOST_TRIES = 4000
LIFETIME = dt.timedelta(minutes=15)
# For whoever can't: as long as nobody would wait who wants thousands of codes.
WAIT = dt.timedelta(seconds=60)
WAITS_PER_NETWORK_AND_HOUR = 60
_SALT = "sign-in.wait"


@dataclass(frozen=True)
class Challenge:
    """What a page hands out: the question of ALTCHA, and a token that says since when one waits."""

    question: dict[str, Any]
    token: str

    @property
    def json(self) -> str:
        return json.dumps(self.question)


def is_needed(source: str, now: dt.datetime) -> bool:
    """Whether who asks from this address must do it before a text message."""
    if settings.ALTCHA in {"always", "never"}:
        return bool(settings.ALTCHA == "always")
    return breaker.is_awake(now) or limits.is_network_busy(source, now)


def ask(now: dt.datetime, token: str = "") -> Challenge:
    """A new question. With the token of an earlier page, the wait goes on instead of starting."""
    question = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=secrets.randbelow(MOST_TRIES // 2) + MOST_TRIES // 2,
        expires_at=now + LIFETIME,
        hmac_secret=_key("question"),
        hmac_key_secret=_key("answer"),
    )
    if _begun_at(token) is None:
        token = signing.dumps([now.timestamp(), secrets.token_hex(8)], key=_key("wait"), salt=_SALT)
    return Challenge(question.to_dict(), token)


def check(answer: str, token: str, source: str, now: dt.datetime) -> None:
    """Accept the browser's answer, or that its reader has waited.

    Raises ChallengeNotMet, WaitLonger, TooManyCodes.
    """
    if answer:
        _check_answer(answer)
    else:
        _check_wait(token, source, now)


def _check_answer(answer: str) -> None:
    found = altcha.verify_solution(answer, _key("question"), hmac_key_secret=_key("answer"))
    if not found.verified:
        raise ChallengeNotMet
    signature = altcha.Payload.from_base64(answer).challenge.signature
    _use_up(f"answer:{signature}")


def _check_wait(token: str, source: str, now: dt.datetime) -> None:
    begun_at = _begun_at(token)
    if begun_at is None or now > begun_at + LIFETIME:
        raise ChallengeNotMet
    if (left := begun_at + WAIT - now) > dt.timedelta(0):
        raise WaitLonger(math.ceil(left.total_seconds()))
    network = limits.network_hash(source)
    waiter = network.hex() if network else ""
    if not limits.within_limit("wait", waiter, WAITS_PER_NETWORK_AND_HOUR, 3600, now):
        raise TooManyCodes
    _use_up(f"wait:{token}")


def _use_up(what: str) -> None:
    seconds = int(LIFETIME.total_seconds())
    if not cache.add(f"challenge:{keyed_hash(what, 'challenge').hex()}", 1, timeout=seconds):
        raise ChallengeNotMet


def _begun_at(token: str) -> dt.datetime | None:
    try:
        seconds, _nonce = signing.loads(token, key=_key("wait"), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _key(purpose: str) -> str:
    """Follows from HASH_KEY: no key of its own to make and to keep."""
    return keyed_hash(purpose, "altcha").hex()
