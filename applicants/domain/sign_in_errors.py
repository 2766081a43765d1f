"""Why somebody is not signed in. `str()` is a sentence in the user's language."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class SignInError(Exception):
    """A refusal."""

    code: ClassVar[str] = "refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS

    def __str__(self) -> str:
        raise NotImplementedError


@dataclass
class CodeJustSent(SignInError):
    """A code is on its way; another may be asked for in `seconds`."""

    code: ClassVar[str] = "just_sent"
    seconds: int

    def __str__(self) -> str:
        return ngettext(
            "We have just sent a code. You can ask for another in %(n)s second.",
            "We have just sent a code. You can ask for another in %(n)s seconds.",
            self.seconds,
        ) % {"n": self.seconds}


class TooManyCodes(SignInError):
    code: ClassVar[str] = "too_many"

    def __str__(self) -> str:
        return _("Too many codes were asked for. Please try again in an hour.")


class CountryNotServed(SignInError):
    code: ClassVar[str] = "country"
    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __str__(self) -> str:
        return _(
            "We send no text messages to this country or region. Please use an e-mail address."
        )


@dataclass
class SmsPaused(SignInError):
    """The breaker of the number's region or prefix is open for so many minutes."""

    code: ClassVar[str] = "sms_paused"
    minutes: int

    def __str__(self) -> str:
        return ngettext(
            "Text messages to this kind of number are paused for %(n)s minute, because somebody "
            "misuses them. E-mail works, and so do the other ways below.",
            "Text messages to this kind of number are paused for %(n)s minutes, because somebody "
            "misuses them. E-mail works, and so do the other ways below.",
            self.minutes,
        ) % {"n": self.minutes}


class ChallengeNotMet(SignInError):
    """Neither solved nor waited for, or an answer that was used before."""

    code: ClassVar[str] = "challenge"
    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __str__(self) -> str:
        return _("Your browser's check was not finished. Please press the button again.")


@dataclass
class WaitLonger(ChallengeNotMet):
    """Without the browser's arithmetic, the form may be sent in `seconds`."""

    code: ClassVar[str] = "wait"
    seconds: int

    def __str__(self) -> str:
        return ngettext(
            "Please wait %(n)s more second on this page, then send the form again.",
            "Please wait %(n)s more seconds on this page, then send the form again.",
            self.seconds,
        ) % {"n": self.seconds}


@dataclass
class WrongCode(SignInError):
    code: ClassVar[str] = "wrong_code"
    attempts_left: int

    def __str__(self) -> str:
        return ngettext(
            "This is not the code that we sent. You can try %(n)s more time.",
            "This is not the code that we sent. You can try %(n)s more times.",
            self.attempts_left,
        ) % {"n": self.attempts_left}


class CodeSpent(SignInError):
    """Expired, used, tried too often, or never sent."""

    code: ClassVar[str] = "code_spent"

    def __str__(self) -> str:
        return _("This code is no longer valid. Please ask for a new one.")


class AccountClosed(SignInError):
    code: ClassVar[str] = "account_closed"
    status: ClassVar[HTTPStatus] = HTTPStatus.FORBIDDEN

    def __str__(self) -> str:
        return _("This account is closed. Please call us if you did not ask for that.")
