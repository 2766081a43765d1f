"""Which gateway gets which message."""

from collections.abc import Iterator
from typing import Any

import pytest

from applicants.domain import delivery, outbox
from applicants.enums import Medium, MessageState
from applicants.gateways import GatewayRefused, SendResult, _gateway, router
from applicants.gateways.router import RouterGateway
from applicants.models import Message
from tests.applicants.gateways.messages import NOW, make_message, make_words
from tests.gateways import Recorder


@pytest.fixture
def gateways(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Recorder]:
    """Two for text messages, one for each other medium."""
    made = {name: Recorder() for name in ("alibaba", "tencent", "email", "wechat")}
    monkeypatch.setattr(router, "_made", made.__getitem__)
    settings.SMS_GATEWAYS = ["alibaba", "tencent"]
    settings.EMAIL_FROM = "yihao@example.cn"
    settings.WECHAT_APP_ID = "wx1"
    return made


def refusing(code: str, *, final: bool) -> Any:
    def answer(_message: Message) -> None:
        raise GatewayRefused(code, final)

    return answer


def asked(gateways: dict[str, Recorder]) -> list[str]:
    return [name for name, gateway in gateways.items() if gateway.sent]


@pytest.mark.parametrize(
    ("medium", "gateway"),
    [(Medium.SMS, "alibaba"), (Medium.EMAIL, "email"), (Medium.WECHAT, "wechat")],
)
def test_the_medium_chooses_the_gateway(
    gateways: dict[str, Recorder], medium: Medium, gateway: str
) -> None:
    result = RouterGateway().send(*make_words(medium=medium))
    assert result == SendResult("no-K7M2P9QX")
    assert asked(gateways) == [gateway]


def test_what_the_first_can_not_take_now_the_second_is_asked_for(
    gateways: dict[str, Recorder],
) -> None:
    gateways["alibaba"].answer = refusing("unreachable", final=False)
    RouterGateway().send(*make_words())
    assert asked(gateways) == ["alibaba", "tencent"]


def test_the_last_refusal_counts(gateways: dict[str, Recorder]) -> None:
    gateways["alibaba"].answer = refusing("unreachable", final=False)
    gateways["tencent"].answer = refusing("number", final=True)
    with pytest.raises(GatewayRefused) as refused:
        RouterGateway().send(*make_words())
    assert refused.value == GatewayRefused("number", final=True)


def test_what_the_first_refuses_for_good_the_second_is_not_asked_for(
    gateways: dict[str, Recorder],
) -> None:
    gateways["alibaba"].answer = refusing("number", final=True)
    with pytest.raises(GatewayRefused, match="number"):
        RouterGateway().send(*make_words())
    assert asked(gateways) == ["alibaba"]


def test_what_may_have_left_the_second_is_not_asked_for(gateways: dict[str, Recorder]) -> None:
    def lose(_message: Message) -> None:
        raise TimeoutError

    gateways["alibaba"].answer = lose
    with pytest.raises(TimeoutError):
        RouterGateway().send(*make_words())
    assert asked(gateways) == ["alibaba"]


def test_a_medium_without_a_gateway_refuses_for_good(
    gateways: dict[str, Recorder], settings: Any
) -> None:
    settings.WECHAT_APP_ID = ""
    with pytest.raises(GatewayRefused, match="no_gateway") as refused:
        RouterGateway().send(*make_words(medium=Medium.WECHAT))
    assert refused.value.final


def test_no_gateway_is_asked_for_more_at_once_than_it_takes(gateways: dict[str, Recorder]) -> None:
    gateways["alibaba"].at_once, gateways["email"].at_once = 32, 8
    gateways["tencent"].at_once, gateways["wechat"].at_once = 10, 16
    assert RouterGateway().at_once == 8


@pytest.fixture
def routed(settings: Any) -> Iterator[None]:
    """The worker's own gateway, made anew."""
    settings.MESSAGE_GATEWAY = "applicants.gateways.router.RouterGateway"
    _gateway.cache_clear()
    yield
    _gateway.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("routed")
def test_a_refused_text_message_leaves_as_an_email(gateways: dict[str, Recorder]) -> None:
    gateways["alibaba"].answer = refusing("number", final=True)
    ways = '[["email", "lin@example.com"]]'
    outbox.write([make_message(pk=None, alternatives=ways)])

    delivery.deliver_due(NOW)
    delivery.deliver_due(NOW)

    message = Message.objects.get()
    assert (message.state, message.medium) == (MessageState.SENT, Medium.EMAIL)
    assert asked(gateways) == ["alibaba", "email"]
