"""Tencent's SDK against a server that speaks as its cloud does."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from applicants.gateways import GatewayRefused, tencent
from applicants.gateways.tencent import TencentSmsGateway
from tests import sms_clouds
from tests.applicants.gateways.messages import make_words
from tests.sms_clouds import Cloud

TEMPLATES = {"confirmed": {"zh-hans": "101", "zh-hant/abroad": "103", "en": "102"}}


@pytest.fixture
def cloud(settings: Any) -> Iterator[Cloud]:
    with sms_clouds.cloud(sms_clouds.read_tencent) as there:
        there.answer = sms_clouds.tencent_ok
        settings.TENCENT_SMS_ENDPOINT = there.url
        settings.TENCENT_SMS_KEY_ID = sms_clouds.KEY_ID
        settings.TENCENT_SMS_KEY_SECRET = sms_clouds.SECRET
        settings.TENCENT_SMS_APP_ID = "1400006666"
        settings.TENCENT_SMS_SIGNATURE = "厦门出入境"
        settings.TENCENT_SMS_TEMPLATES = TEMPLATES
        yield there


def refusal() -> GatewayRefused:
    with pytest.raises(GatewayRefused) as refused:
        TencentSmsGateway().send(*make_words())
    return refused.value


def test_a_template_leaves_with_what_goes_into_its_gaps(cloud: Cloud) -> None:
    result = TencentSmsGateway().send(*make_words())

    assert result.reference == "5000:1"
    assert cloud.asked == [
        {
            "PhoneNumberSet": ["+8613800138000"],
            "SmsSdkAppId": "1400006666",
            "SignName": "厦门出入境",
            "TemplateId": "101",
            "TemplateParamSet": ["8月4日（周二）10:00–10:30", "厦门出入境办证大厅", "K7M2P9QX"],
            "SessionContext": "4711",
        }
    ]


def test_a_wrong_secret_leaves_the_outcome_to_who_looks_at_it(cloud: Cloud, settings: Any) -> None:
    """Tencent says so with a code of its own; a bare 403 may come from anybody on the way."""
    settings.TENCENT_SMS_KEY_SECRET = "another"
    with pytest.raises(Exception) as lost:
        TencentSmsGateway().send(*make_words())
    assert not isinstance(lost.value, GatewayRefused)
    assert (cloud.asked, cloud.forged) == ([], 1)


def test_hong_kong_is_told_in_traditional_characters(cloud: Cloud) -> None:
    TencentSmsGateway().send(*make_words(recipient="+85251234567", language="zh-hant"))
    (asked,) = cloud.asked
    assert (asked["TemplateId"], asked["PhoneNumberSet"]) == ("103", ["+85251234567"])
    assert asked["TemplateParamSet"][1] == "廈門出入境辦證大廳"


@pytest.mark.parametrize(
    ("code", "final"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", True),
        ("InvalidParameterValue.IncorrectPhoneNumber", True),
        ("FailedOperation.TemplateIncorrectOrUnapproved", True),
        ("FailedOperation.SignatureIncorrectOrUnapproved", True),
        ("LimitExceeded.PhoneNumberDailyLimit", True),
        ("LimitExceeded.AppCountryOrRegionInBlacklist", True),
        ("UnsupportedOperation.UnsupportedRegion", True),
        ("LimitExceeded.DeliveryFrequencyLimit", False),
        ("LimitExceeded.AppDailyLimit", False),
        ("FailedOperation.InsufficientBalanceInSmsPackage", False),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", False),
    ],
)
def test_refusals(cloud: Cloud, code: str, final: bool) -> None:
    cloud.answer = sms_clouds.tencent_says(code)
    assert refusal() == GatewayRefused(code, final)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("code", "final"),
    [
        ("AuthFailure.SignatureFailure", True),
        ("InternalError.SigVerificationFail", True),
        ("UnauthorizedOperation.RequestIpNotInWhitelist", True),
        ("RequestLimitExceeded", False),
        ("RequestLimitExceeded.IPLimitExceeded", False),
    ],
)
def test_refusals_of_the_whole_request(cloud: Cloud, code: str, final: bool) -> None:
    cloud.answer = sms_clouds.tencent_refuses(code)
    assert refusal() == GatewayRefused(code, final)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize("code", ["InternalError.Timeout", "InternalError.SendAndRecvFail"])
@pytest.mark.parametrize("say", [sms_clouds.tencent_says, sms_clouds.tencent_refuses])
def test_a_cloud_that_broke_may_have_sent_it(cloud: Cloud, code: str, say: Any) -> None:
    cloud.answer = say(code)
    outcome_is_unknown(cloud)


def test_a_bad_gateway_may_have_passed_it_on(cloud: Cloud) -> None:
    cloud.answer = lambda _asked: (502, {})
    outcome_is_unknown(cloud)


@pytest.mark.parametrize("status", [429, 503])
def test_a_door_that_is_too_busy_has_let_nothing_in(cloud: Cloud, status: int) -> None:
    cloud.answer = lambda _asked: (status, {})
    assert refusal() == GatewayRefused(f"http_{status}")


@pytest.mark.parametrize("slow", ["wait", "stall"])
def test_an_answer_that_does_not_come_may_have_been_a_yes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(tencent, "READ_SECONDS", 0.2)
    setattr(cloud, slow, 0.6)
    outcome_is_unknown(cloud)


def outcome_is_unknown(cloud: Cloud) -> None:
    with pytest.raises(Exception) as lost:
        TencentSmsGateway().send(*make_words())
    assert not isinstance(lost.value, GatewayRefused)
    assert len(cloud.asked) == 1


@pytest.mark.usefixtures("cloud")
def test_where_nobody_listens_nothing_was_sent(settings: Any) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        settings.TENCENT_SMS_ENDPOINT = f"http://127.0.0.1:{port.getsockname()[1]}"
        assert refusal() == GatewayRefused("unreachable")
