"""How messages leave. One small file per gateway; `settings.MESSAGE_GATEWAY` names the class."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from applicants.enums import Medium
from applicants.models import Message


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as an e-mail. The text and the HTML say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The gateway's number of a text that is registered with it, and what goes into its gaps."""

    code: str
    values: dict[str, str]


class Words(Protocol):
    """What a message says, in the form that a gateway needs."""

    @property
    def text(self) -> str:
        """All of it."""

    def letter(self) -> Letter:
        """With a subject."""

    def filled(self, registered: Mapping[str, Mapping[str, str]]) -> Filled:
        """A registered text. `registered` has the gateway's codes by name and language.

        Raises GatewayRefused where none fits, as nothing can be sent then.
        """

    def fields(self, registered: Mapping[str, Mapping[str, Any]]) -> Filled:
        """A form with named fields. `registered` has by name its `id`, and a gap for each of its
        `fields`. Raises GatewayRefused likewise.
        """


@dataclass(frozen=True, slots=True)
class SendResult:
    """The gateway took the message. `reference` is its own number for it, at most 80 characters."""

    reference: str = ""


@dataclass
class GatewayRefused(Exception):
    """The gateway said no: nothing was sent, so asking again is safe.

    `code` names the reason and goes to the log, so it holds no personal data. `final` when
    asking again can't help, e.g. for a number that doesn't exist.
    """

    code: str
    final: bool = False


@dataclass
class OutcomeUnknown(Exception):
    """The gateway can't tell whether the message left. `code` goes to the log, as above."""

    code: str


class Gateway(Protocol):
    # How many messages it is asked to send at the same time, each in a thread of its own. A
    # worker that is killed leaves so many whose fate is unknown: no more than the pace needs. At
    # 50 ms an answer, 32 at once are some 500 a second.
    at_once: int

    def send(self, message: Message, words: Words) -> SendResult:
        """Hand `words` over for `message.recipient`, in at most ten seconds.

        Raises GatewayRefused for a definite no. Any other exception means that the outcome is
        unknown, and the message is never sent again. It must not use the database: a thread's
        connection would stay open.
        """


def is_offered(medium: str) -> bool:
    """Whether messages leave by this medium at all. The console's leave by none, and any."""
    if not settings.MESSAGE_GATEWAY.endswith(".RouterGateway"):
        return medium != Medium.WECHAT or bool(settings.WECHAT_APP_ID)
    return bool(gateway_names()[Medium(medium)])


def gateway_names() -> dict[Medium, list[str]]:
    """Those that the router asks, by medium, in their order."""
    return {
        Medium.SMS: list(settings.SMS_GATEWAYS),
        Medium.EMAIL: ["email"] if settings.EMAIL_FROM else [],
        Medium.WECHAT: ["wechat"] if settings.WECHAT_APP_ID else [],
    }


def current_gateway() -> Gateway:
    return _gateway(settings.MESSAGE_GATEWAY)


@cache
def _gateway(path: str) -> Gateway:
    gateway: Gateway = import_string(path)()
    return gateway
