"""The log: every line is JSON with its request, and no personal data gets into it."""

import datetime as dt
import json
import logging
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from applicants.domain import nudge, outbox
from applicants.enums import MessageKind
from applicants.models import Message
from config import urls
from config.servers.programs import Running
from tests.worker import celery_worker_process, wait_until

__all__ = ["celery_worker_process"]

ID_NUMBER = "350000199001010018"
PHONE = "13800138000"


def fail(request: HttpRequest) -> HttpResponse:
    structlog.get_logger("tests").info("looking", phone=PHONE)
    raise ValueError(f"no such person: {ID_NUMBER}")


def write(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    message = Message(
        reference="code:logged",
        kind=MessageKind.SIGN_IN_CODE,
        medium="sms",
        recipient=f"+86{PHONE}",
        language="zh-hans",
        context={"minutes": 10},
        secret="123456",
        due_at=now,
        not_after=now + dt.timedelta(minutes=10),
    )
    outbox.write([message])
    return HttpResponse()


urlpatterns = [*urls.urlpatterns, path("fail/", fail), path("write/", write)]
handler500 = urls.handler500


@pytest.fixture
def lines() -> Iterator["Lines"]:
    """What the settings' own handler writes."""
    written = StringIO()
    (handler,) = (h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    before = handler.setStream(written)
    yield Lines(written)
    handler.setStream(before)


class Lines:
    def __init__(self, written: StringIO) -> None:
        self.written = written

    def __call__(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]


@pytest.mark.parametrize(
    "personal",
    [
        ID_NUMBER,
        "11010519491231002X",
        "110105 19491231 002X",
        "110105-19491231-002x",
        "11010519491231002x",
        "911840199001010018",
        PHONE,
        "+8613800138000",
        "138 0013 8000",
        "+852 5123 4567",
        "visitor@example.com",
    ],
)
def test_planted_personal_data_never_reaches_the_log(lines: Lines, personal: str) -> None:
    ours, library = structlog.get_logger("tests"), logging.getLogger("some.library")

    ours.warning("failed", text=f"得到{personal}，无效", nested={"list": [personal]}, k=personal)
    ours.warning(f"failed for {personal}", other=ValueError(personal))
    library.warning("failed for %s", personal)
    try:
        raise LookupError(f"no {personal} here")
    except LookupError:
        ours.exception("failed")
        library.exception("failed")

    written = lines.written.getvalue()
    assert personal not in written
    assert written.count("***") == 8
    assert len(lines()) == 5


def test_a_number_as_a_number_is_masked_too(lines: Lines) -> None:
    structlog.get_logger("tests").warning("failed", phone=int(PHONE), identity=int(ID_NUMBER))

    (line,) = lines()
    assert (line["phone"], line["identity"]) == ("***", "***")


def test_what_only_looks_long_is_left_alone(lines: Lines) -> None:
    harmless: dict[str, Any] = {
        "request_id": "0b5a7813-8001-4800-8138-00138000abcd",
        "parent_id": "f1473952-4243-42ef-96d4-134efe126ac6",
        "task_id": "13800138-0013-4800-8138-001380013800",
        "number": "408823911672",
        "count": 1234567,
        "seconds": 0.25,
        "moment": "2026-08-03T01:00:00.123456+08:00",
        "nothing": None,
        "yes": True,
    }
    structlog.get_logger("tests").warning("fine", **harmless)

    (line,) = lines()
    assert {name: line[name] for name in harmless} == harmless


def test_a_request_is_named_in_the_answer_and_in_its_one_line(client: Client, lines: Lines) -> None:
    response = client.get(f"/help/?q={PHONE}&name=演示甲", headers={"User-Agent": "WeChat"})

    request_id = response["X-Request-ID"]
    assert str(uuid.UUID(request_id)) == request_id
    (line,) = lines()
    told = {name: line[name] for name in ("event", "request", "request_id", "code", "level")}
    assert told == {
        "event": "request_finished",
        "request": "GET /help/",
        "request_id": request_id,
        "code": 200,
        "level": "info",
    }
    assert line["ms"] > 0
    assert not {"ip", "user_id", "user_agent"} & set(line)


@override_settings(ROOT_URLCONF="tests.config.test_logging")
def test_a_crash_can_be_found_by_its_request_and_names_nobody(lines: Lines) -> None:
    response = Client(raise_request_exception=False).get("/fail/")

    crash = next(line for line in lines() if line["event"] == "request_failed")
    assert response.status_code == 500
    assert crash["request_id"] == response["X-Request-ID"]
    assert "ValueError: no such person: ***" in crash["exception"]
    assert {line["request_id"] for line in lines()} == {response["X-Request-ID"]}
    assert [secret for secret in (PHONE, ID_NUMBER) if secret in lines.written.getvalue()] == []


@pytest.mark.xdist_group("worker")
@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.config.test_logging")
def test_a_request_id_follows_into_the_worker(
    client: Client, celery_worker_process: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a request wakes the worker for is logged there under the request's id."""
    monkeypatch.setattr(nudge, "_pace", nudge._Pace())

    request_id = client.get("/write/")["X-Request-ID"]
    wait_until(lambda: "code:logged" in celery_worker_process.output(), celery_worker_process)

    (line,) = (
        json.loads(line)
        for line in celery_worker_process.output().splitlines()
        if "code:logged" in line
    )
    assert {
        name: line[name] for name in ("event", "kind", "reference", "medium", "request_id")
    } == {
        "event": "message_sent",
        "kind": "sign_in_code",
        "reference": "code:logged",
        "medium": "sms",
        "request_id": request_id,
    }
    assert PHONE not in celery_worker_process.output()
