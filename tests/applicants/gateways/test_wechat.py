"""WeChat's interface, spoken by a server of ours."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from applicants.gateways import GatewayRefused, wechat
from applicants.gateways.wechat import WechatGateway
from tests import sms_clouds
from tests.applicants.gateways.messages import FACTS, make_words
from tests.sms_clouds import Answer, Cloud, Handler

TEMPLATES = {
    "confirmed": {
        "id": "T-1",
        "fields": {"time2": "start", "thing3": "office", "character_string1": "number"},
    }
}


class Wechat:
    """Knows its tokens, and answers the same to each message."""

    def __init__(self) -> None:
        self.tokens = ["token-1", "token-2"]
        self.valid = "token-1"
        self.code = 0

    def __call__(self, asked: dict[str, Any]) -> Answer:
        if asked["path"] == "/cgi-bin/stable_token":
            right = (asked["appid"], asked["secret"]) == ("wx1", "the-secret")
            token = {"access_token": self.tokens.pop(0), "expires_in": 7200}
            return 200, token if right else {"errcode": 40125, "errmsg": "invalid appsecret"}
        if asked["token"] != self.valid:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        return 200, {"errcode": self.code, "errmsg": "…", "msgid": 2718}


def read(handler: Handler) -> dict[str, Any]:
    parts = urlsplit(handler.path)
    token = parse_qs(parts.query).get("access_token", [""])[0]
    return {"path": parts.path, "token": token, **sms_clouds.body_of(handler)}


@pytest.fixture
def cloud(settings: Any) -> Iterator[Cloud]:
    with sms_clouds.cloud(read) as there:
        there.answer = Wechat()
        settings.WECHAT_ENDPOINT = there.url
        settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = "wx1", "the-secret"
        settings.WECHAT_TEMPLATES = TEMPLATES
        yield there


@pytest.fixture
def account(cloud: Cloud) -> Wechat:
    assert isinstance(cloud.answer, Wechat)
    return cloud.answer


def words(**fields: Any) -> Any:
    return make_words(**{"medium": "wechat", "recipient": "openid-1", **fields})


def refusal(**fields: Any) -> GatewayRefused:
    with pytest.raises(GatewayRefused) as refused:
        WechatGateway().send(*words(**fields))
    return refused.value


def messages(cloud: Cloud) -> list[dict[str, Any]]:
    return [asked for asked in cloud.asked if asked["path"].endswith("bizsend")]


def test_a_form_leaves_with_its_fields(cloud: Cloud) -> None:
    assert WechatGateway().send(*words()).reference == "2718"
    assert messages(cloud) == [
        {
            "path": "/cgi-bin/message/subscribe/bizsend",
            "token": "token-1",
            "touser": "openid-1",
            "template_id": "T-1",
            "data": {
                "time2": {"value": "2026年8月4日 10:00"},
                "thing3": {"value": "厦门出入境办证大厅"},
                "character_string1": {"value": "K7M2P9QX"},
            },
        }
    ]


def test_a_field_takes_no_more_than_wechat_lets_in(cloud: Cloud) -> None:
    name = "厦门市公安局出入境管理支队镇海路办证大厅（一楼）"
    WechatGateway().send(*words(context={**FACTS, "office": name}))
    (asked,) = messages(cloud)
    assert asked["data"]["thing3"]["value"] == "厦门市公安局出入境管理支队镇海路办证大…"


def test_one_token_serves_many_messages(cloud: Cloud) -> None:
    gateway = WechatGateway()
    for _ in range(3):
        gateway.send(*words())
    paths = [asked["path"].rpartition("/")[2] for asked in cloud.asked]
    assert paths == ["stable_token", "bizsend", "bizsend", "bizsend"]


def test_a_token_that_ended_early_is_fetched_anew(cloud: Cloud, account: Wechat) -> None:
    account.valid = "token-2"
    assert WechatGateway().send(*words()).reference == "2718"
    assert [asked["token"] for asked in messages(cloud)] == ["token-1", "token-2"]


def test_a_token_is_fetched_anew_once_and_not_for_ever(cloud: Cloud, account: Wechat) -> None:
    account.valid = "none"
    assert refusal() == GatewayRefused("wechat_40001")
    assert len(messages(cloud)) == 2


def test_a_wrong_secret_leaves_it_for_later(cloud: Cloud, settings: Any) -> None:
    settings.WECHAT_APP_SECRET = "another"
    assert refusal() == GatewayRefused("token_40125")
    assert messages(cloud) == []


@pytest.mark.parametrize(
    ("code", "final"),
    [(43101, True), (40003, True), (40037, True), (47003, True), (45009, False), (-1, False)],
)
def test_refusals(cloud: Cloud, account: Wechat, code: int, final: bool) -> None:
    account.code = code
    assert refusal() == GatewayRefused(f"wechat_{code}", final)
    assert len(messages(cloud)) == 1


def test_what_has_no_form_is_asked_of_nobody(cloud: Cloud) -> None:
    assert refusal(kind="cancelled") == GatewayRefused("no_template", final=True)
    assert cloud.asked == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_door_that_is_too_busy_has_let_nothing_in(
    cloud: Cloud, account: Wechat, status: int
) -> None:
    after_the_token(cloud, account, lambda: (status, {}))
    assert refusal() == GatewayRefused(f"http_{status}")


@pytest.mark.parametrize("slow", ["wait", "stall"])
def test_an_answer_that_does_not_come_may_have_been_a_yes(
    cloud: Cloud, account: Wechat, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(wechat, "READ_SECONDS", 0.4)
    gateway = WechatGateway()
    gateway._current_token()
    setattr(cloud, slow, 0.6)
    outcome_is_unknown(cloud, gateway)


def test_a_bad_gateway_may_have_passed_it_on(cloud: Cloud, account: Wechat) -> None:
    after_the_token(cloud, account, lambda: (502, {}))
    outcome_is_unknown(cloud, WechatGateway())


def after_the_token(cloud: Cloud, account: Wechat, answer: Any) -> None:
    cloud.answer = lambda asked: account(asked) if "secret" in asked else answer()


def outcome_is_unknown(cloud: Cloud, gateway: WechatGateway) -> None:
    with pytest.raises(Exception) as lost:
        gateway.send(*words())
    assert not isinstance(lost.value, GatewayRefused)
    assert len(messages(cloud)) == 1


@pytest.mark.usefixtures("cloud")
def test_where_nobody_listens_nothing_was_sent(settings: Any) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        settings.WECHAT_ENDPOINT = f"http://127.0.0.1:{port.getsockname()[1]}"
        assert refusal() == GatewayRefused("unreachable")
