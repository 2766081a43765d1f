"""/demo/messages/: what would have been sent, in a demonstration only."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applicants.domain import delivery
from applicants.domain.demo import give_demo_account
from applicants.enums import MessageKind
from applicants.models import Message

pytestmark = pytest.mark.django_db

URL = "/demo/messages/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


def code_message(reference: str, phone: str = "+8613800138000", **fields: Any) -> None:
    now = timezone.now()
    values: dict[str, Any] = {
        "kind": MessageKind.SIGN_IN_CODE,
        "medium": "sms",
        "language": "zh-hans",
        "context": {"minutes": 10},
        "secret": "123456",
        "due_at": now,
        "not_after": now + dt.timedelta(days=10),
    }
    Message.objects.create(reference=reference, recipient=phone, **values | fields)


def shown(client: Client) -> tuple[list[Any], list[Any]]:
    context = client.get(URL).context
    return context["waiting"], context["done"]


def test_outside_a_demonstration_there_is_no_such_page(client: Client, settings: Any) -> None:
    code_message("code:1")
    settings.DEMO = False

    assert client.get(URL).status_code == 404


def test_an_empty_page_says_so(client: Client) -> None:
    page = client.get(URL).content.decode()

    assert "还没有发送任何消息。" in page
    assert "没有等待发送的消息。" in page


def test_a_code_can_be_read_and_the_phone_number_can_not(client: Client) -> None:
    code_message("code:1")
    delivery.deliver_due(timezone.now())

    page = client.get(URL).content.decode()

    assert "【一号预约】登录验证码123456，10分钟内有效。" in page
    assert "…8000" in page
    assert "13800138000" not in page
    assert client.get(URL)["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_an_address_shows_its_host_only(client: Client) -> None:
    code_message("code:1", phone="visitor@example.com", medium="email", language="en")

    page = client.get(URL).content.decode()

    assert "…@example.com" in page
    assert "visitor" not in page
    assert '<p lang="en">[Yihao] Your sign-in code is 123456' in page


def test_what_waits_is_shown_apart_soonest_first(client: Client) -> None:
    now = timezone.now()
    code_message("code:1")
    delivery.deliver_due(timezone.now())
    code_message("code:3", secret="333333", due_at=now + dt.timedelta(days=3))
    code_message("code:2", secret="222222", due_at=now + dt.timedelta(days=2))

    waiting, done = shown(client)

    assert [message.text[11:17] for message in waiting] == ["222222", "333333"]
    assert [(message.text[11:17], message.state) for message in done] == [("123456", "已发送")]


@pytest.mark.parametrize("wanted", ["code:2", "CODE:2", "5678"])
def test_messages_are_found_by_reference_or_by_the_end_of_the_phone(
    client: Client, wanted: str
) -> None:
    code_message("code:1")
    code_message("CODE:2", phone="+8613812345678", secret="222222")

    waiting = client.post(URL, {"q": wanted}).context["waiting"]

    assert [message.text[11:17] for message in waiting] == ["222222"]


def test_the_demo_staff_are_shown_with_a_code_that_signs_in(client: Client) -> None:
    give_demo_account("supervisor-xiamen", "演示主管（厦门）")

    page = client.get(URL).content.decode()

    assert "supervisor-xiamen" in page
    (staff,) = client.get(URL).context["staff"]
    assert f"<strong>{staff.code}</strong>" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_message_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        code_message(f"code:{number}")

    # Waiting, done, demo staff.
    with django_assert_num_queries(3):
        client.get(URL)
