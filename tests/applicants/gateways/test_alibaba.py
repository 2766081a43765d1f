"""Alibaba's SDK against a server that speaks as its cloud does."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from applicants.gateways import GatewayRefused, alibaba
from applicants.gateways.alibaba import AlibabaSmsGateway
from tests import sms_clouds
from tests.applicants.gateways.messages import make_words
from tests.sms_clouds import Cloud

TEMPLATES = {
    "confirmed": {"zh-hans": "SMS_1", "en": "SMS_2", "en/abroad": "SMS_3"},
    "sign_in_code": {"zh-hans": "SMS_9"},
}


@pytest.fixture
def cloud(settings: Any) -> Iterator[Cloud]:
    with sms_clouds.cloud(sms_clouds.read_alibaba) as there:
        there.answer = sms_clouds.alibaba_ok
        settings.ALIBABA_SMS_ENDPOINT = there.url
        settings.ALIBABA_SMS_KEY_ID = sms_clouds.KEY_ID
        settings.ALIBABA_SMS_KEY_SECRET = sms_clouds.SECRET
        settings.ALIBABA_SMS_SIGNATURE = "厦门出入境"
        settings.ALIBABA_SMS_TEMPLATES = TEMPLATES
        yield there


def refusal(**fields: Any) -> GatewayRefused:
    with pytest.raises(GatewayRefused) as refused:
        AlibabaSmsGateway().send(*make_words(**fields))
    return refused.value


def test_a_template_leaves_with_what_goes_into_its_gaps(cloud: Cloud) -> None:
    result = AlibabaSmsGateway().send(*make_words())

    assert result.reference == "90061^0"
    (asked,) = cloud.asked
    assert json.loads(asked.pop("TemplateParam")) == {
        "time": "8月4日（周二）10:00–10:30",
        "office": "厦门出入境办证大厅",
        "number": "K7M2P9QX",
    }
    assert asked == {
        "PhoneNumbers": "13800138000",
        "SignName": "厦门出入境",
        "TemplateCode": "SMS_1",
        "OutId": "4711",
    }


def test_a_wrong_secret_is_refused(cloud: Cloud, settings: Any) -> None:
    settings.ALIBABA_SMS_KEY_SECRET = "another"
    assert refusal() == GatewayRefused("SignatureDoesNotMatch", final=True)
    assert (cloud.asked, cloud.forged) == ([], 1)


@pytest.mark.parametrize(
    ("recipient", "language", "number", "template"),
    [
        ("+8613800138000", "en", "13800138000", "SMS_2"),
        ("+85251234567", "en", "85251234567", "SMS_3"),
        ("+85251234567", "zh-hant", "85251234567", "SMS_1"),
    ],
)
def test_the_template_is_that_of_the_language_and_the_country(
    cloud: Cloud, recipient: str, language: str, number: str, template: str
) -> None:
    AlibabaSmsGateway().send(*make_words(recipient=recipient, language=language))
    (asked,) = cloud.asked
    assert (asked["PhoneNumbers"], asked["TemplateCode"]) == (number, template)


def test_what_has_no_template_is_asked_of_nobody(cloud: Cloud) -> None:
    assert refusal(kind="cancelled") == GatewayRefused("no_template", final=True)
    assert cloud.asked == []


@pytest.mark.parametrize(
    ("code", "final"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", True),
        ("isv.BLACK_KEY_CONTROL_LIMIT", True),
        ("isv.SMS_TEMPLATE_ILLEGAL", True),
        ("isv.SMS_SIGNATURE_ILLEGAL", True),
        ("isp.RAM_PERMISSION_DENY", True),
        ("isv.BUSINESS_LIMIT_CONTROL", False),
        ("isv.DAY_LIMIT_CONTROL", False),
        ("isv.AMOUNT_NOT_ENOUGH", False),
        ("isv.OUT_OF_SERVICE", False),
        ("isp.SYSTEM_ERROR", False),
    ],
)
def test_refusals(cloud: Cloud, code: str, final: bool) -> None:
    cloud.answer = sms_clouds.alibaba_says(code)
    assert refusal() == GatewayRefused(code, final)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("code", "status", "final"),
    [
        ("Throttling.User", 400, False),
        ("TooMany", 429, False),
        ("ServiceUnavailable", 503, False),
        ("InvalidAccessKeyId.NotFound", 404, True),
    ],
)
def test_refusals_by_the_door(cloud: Cloud, code: str, status: int, final: bool) -> None:
    cloud.answer = sms_clouds.alibaba_says(code, status)
    assert refusal() == GatewayRefused(code, final)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("code", "status"), [("isp.GATEWAY_ERROR", 200), ("InternalError", 500), ("Bad", 502)]
)
def test_a_cloud_that_broke_may_have_sent_it(cloud: Cloud, code: str, status: int) -> None:
    cloud.answer = sms_clouds.alibaba_says(code, status)
    outcome_is_unknown(cloud)


@pytest.mark.parametrize("slow", ["wait", "stall"])
def test_an_answer_that_does_not_come_may_have_been_a_yes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(alibaba, "READ_SECONDS", 0.2)
    setattr(cloud, slow, 0.6)
    outcome_is_unknown(cloud)


def outcome_is_unknown(cloud: Cloud) -> None:
    with pytest.raises(Exception) as lost:
        AlibabaSmsGateway().send(*make_words())
    assert not isinstance(lost.value, GatewayRefused)
    # The SDK doesn't ask a second time by itself.
    assert len(cloud.asked) == 1


@pytest.mark.usefixtures("cloud")
def test_where_nobody_listens_nothing_was_sent(settings: Any) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        settings.ALIBABA_SMS_ENDPOINT = f"http://127.0.0.1:{port.getsockname()[1]}"
        assert refusal() == GatewayRefused("unreachable")
    settings.ALIBABA_SMS_ENDPOINT = "http://nowhere.invalid"
    assert refusal() == GatewayRefused("unreachable")
