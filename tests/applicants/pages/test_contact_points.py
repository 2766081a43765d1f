"""Where somebody is told: seen, added by a code, put in order, removed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from applicants.enums import Medium
from applicants.models import Account, ContactPoint, Message, SignInCode
from tests import sms_clouds
from tests.citizens import PHONE, last_code, make_account, signed_in
from tests.sms_clouds import Cloud

pytestmark = pytest.mark.django_db

PAGE = "/account/messages/"
ADD, CODE = f"{PAGE}add/", f"{PAGE}code/"
WECHAT, BACK = f"{PAGE}wechat/", f"{PAGE}wechat/back/"
EMAIL = "lin@example.com"


def text_of(citizen: Client, path: str = PAGE) -> str:
    return citizen.get(path).content.decode()


def add_email(citizen: Client, address: str = EMAIL) -> None:
    assert citizen.post(f"{ADD}?by=email", {"contact": address}).headers["Location"] == CODE
    assert citizen.post(CODE, {"code": last_code()}).headers["Location"] == PAGE


def ways() -> list[tuple[str, str]]:
    return Account.objects.get().ways


def point(medium: str) -> ContactPoint:
    return ContactPoint.objects.get(medium=medium)


def test_who_changed_nothing_is_told_where_they_sign_in() -> None:
    page = text_of(signed_in())
    assert "138 0013 8000" in page
    assert "用于登录" in page
    assert "移除" not in page
    assert ways() == [("sms", PHONE)]


def test_it_is_kept_out_of_caches_and_asks_for_the_sign_in() -> None:
    assert signed_in().get(PAGE).headers["Cache-Control"] == "no-store"
    assert Client().get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"


def test_the_language_of_messages_is_chosen() -> None:
    assert signed_in().post(PAGE, {"language": "zh-hant"}).headers["Location"] == PAGE
    assert Account.objects.get().language == "zh-hant"


def test_a_mailbox_is_added_by_its_code_and_comes_last() -> None:
    citizen = signed_in()
    add_email(citizen)
    assert ways() == [("sms", PHONE), ("email", EMAIL)]
    assert EMAIL in text_of(citizen)


def test_the_code_says_what_it_is_for() -> None:
    signed_in().post(f"{ADD}?by=email", {"contact": EMAIL})
    message = Message.objects.get()
    assert (message.medium, message.recipient) == ("email", EMAIL)
    assert message.context["purpose"] == "contact"


def test_nothing_is_added_without_the_code() -> None:
    citizen = signed_in()
    citizen.post(f"{ADD}?by=email", {"contact": EMAIL})
    wrong = f"{(int(last_code()) + 1) % 10**6:06d}"
    assert "还可以再试4次" in citizen.post(CODE, {"code": wrong}).content.decode()
    assert ways() == [("sms", PHONE)]


def test_a_code_for_a_contact_signs_nobody_in() -> None:
    """And the code of a sign-in adds nothing."""
    mine = signed_in()
    mine.post(f"{ADD}?by=email", {"contact": EMAIL})
    stranger = Client()
    SignInCode.objects.update(created_at="2020-01-01T00:00Z")
    stranger.post("/sign-in/?by=email", {"contact": EMAIL})
    for_sign_in = last_code()
    assert mine.post(CODE, {"code": for_sign_in}).status_code == 200
    assert not Account.objects.filter(medium=Medium.EMAIL).exists()


def test_the_contact_is_typed_once_and_in_no_address() -> None:
    citizen = signed_in()
    response = citizen.post(f"{ADD}?by=email", {"contact": EMAIL})
    assert "lin" not in response.headers["Location"]
    assert "l***@example.com" in text_of(citizen, CODE)


def test_a_wrong_number_is_kept_in_its_field_with_the_reason() -> None:
    page = signed_in().post(ADD, {"contact": "138"}).content.decode()
    assert 'value="138"' in page
    assert 'href="#id_contact"' in page


def test_the_page_of_the_code_leads_back_without_a_contact() -> None:
    assert signed_in().get(CODE).headers["Location"] == PAGE


def test_what_was_added_is_tried_earlier() -> None:
    citizen = signed_in()
    add_email(citizen)
    response = citizen.post(f"{PAGE}{point('email').pk}/up/")
    assert response.headers["Location"] == PAGE
    assert ways() == [("email", EMAIL), ("sms", PHONE)]
    citizen.post(f"{PAGE}{point('email').pk}/up/")
    assert ways() == [("email", EMAIL), ("sms", PHONE)]


def test_what_was_added_is_removed() -> None:
    citizen = signed_in()
    add_email(citizen)
    citizen.post(f"{PAGE}{point('email').pk}/remove/")
    assert ways() == [("sms", PHONE)]
    assert EMAIL not in text_of(citizen)


def test_what_somebody_signs_in_with_stays() -> None:
    citizen = signed_in()
    add_email(citizen)
    page = citizen.post(f"{PAGE}{point('sms').pk}/remove/", follow=True).content.decode()
    assert "您用它登录，不能移除。" in page
    assert ways() == [("sms", PHONE), ("email", EMAIL)]


@pytest.mark.parametrize("verb", ["up", "remove"])
def test_what_belongs_to_somebody_else_is_not_found(verb: str) -> None:
    add_email(signed_in())
    stranger = signed_in(make_account("+8613900139000"))
    assert stranger.post(f"{PAGE}{point('email').pk}/{verb}/").status_code == 404


def test_the_same_contact_is_added_once() -> None:
    citizen = signed_in()
    add_email(citizen)
    SignInCode.objects.update(created_at="2020-01-01T00:00Z")
    add_email(citizen)
    assert ways() == [("sms", PHONE), ("email", EMAIL)]


def test_five_are_enough() -> None:
    citizen = signed_in()
    for number in range(4):
        add_email(citizen, f"lin{number}@example.com")
    assert ADD not in text_of(citizen)
    page = citizen.post(f"{ADD}?by=email", {"contact": EMAIL}).content.decode()
    assert "最多添加5种通知方式" in page


@pytest.fixture
def wechat(settings: Any) -> Iterator[Cloud]:
    """WeChat's server that says who comes back with a code."""
    with sms_clouds.cloud(lambda handler: {"path": handler.path}) as there:
        there.answer = lambda asked: (
            200,
            {"openid": "openid-1"} if "=good&" in asked["path"] else {},
        )
        settings.WECHAT_ENDPOINT = there.url
        settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = "wx1", "the-secret"
        yield there


def state_of(citizen: Client) -> str:
    parts = urlsplit(citizen.get(WECHAT).headers["Location"])
    query = parse_qs(parts.query)
    assert (parts.netloc, parts.fragment) == ("open.weixin.qq.com", "wechat_redirect")
    assert (query["appid"], query["scope"]) == (["wx1"], ["snsapi_base"])
    assert query["redirect_uri"] == [f"http://testserver{BACK}"]
    return query["state"][0]


@pytest.mark.usefixtures("wechat")
def test_wechat_says_who_reads_the_page_in_it() -> None:
    citizen = signed_in()
    back = citizen.get(BACK, {"code": "good", "state": state_of(citizen)})
    assert back.headers["Location"] == PAGE
    assert ways() == [("sms", PHONE), ("wechat", "openid-1")]
    page = text_of(citizen)
    assert "微信" in page
    assert "openid-1" not in page


@pytest.mark.usefixtures("wechat")
def test_an_address_that_others_made_up_adds_nothing() -> None:
    citizen = signed_in()
    state = state_of(citizen)
    citizen.get(BACK, {"code": "good", "state": "another"})
    assert citizen.get(BACK, {"code": "good", "state": state}).headers["Location"] == PAGE
    assert ways() == [("sms", PHONE)]


@pytest.mark.usefixtures("wechat")
def test_a_code_that_wechat_does_not_know_adds_nothing() -> None:
    citizen = signed_in()
    page = citizen.get(BACK, {"code": "bad", "state": state_of(citizen)}, follow=True)
    assert "未能从微信获得授权" in page.content.decode()
    assert ways() == [("sms", PHONE)]


@pytest.mark.usefixtures("wechat")
def test_wechat_is_offered_in_wechat() -> None:
    assert f'href="{WECHAT}"' not in text_of(signed_in())
    inside = signed_in(user_agent="Mozilla/5.0 MicroMessenger/8.0.50")
    assert f'href="{WECHAT}"' in text_of(inside)


def test_without_an_account_at_wechat_nobody_is_led_there() -> None:
    assert "微信" not in text_of(signed_in()).partition("<main")[2]
    assert signed_in().get(WECHAT).status_code == 404


def test_what_no_gateway_sends_is_not_offered(settings: Any) -> None:
    settings.MESSAGE_GATEWAY = "applicants.gateways.router.RouterGateway"
    settings.SMS_GATEWAYS, settings.EMAIL_FROM = ["alibaba"], ""
    page = text_of(signed_in())
    assert f'href="{ADD}"' in page
    assert f'href="{ADD}?by=email"' not in page
