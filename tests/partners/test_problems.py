"""Refusals of the API as a whole: every one is a problem document in the caller's language."""

from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.exceptions import ErrorDetail, ValidationError

from offices.models import Office
from partners.api.problems import Problem, problem_handler
from tests.api import anyone, make_client

pytestmark = pytest.mark.django_db


class Request:
    method = "POST"


def errors_of(detail: Any) -> Any:
    response = problem_handler(ValidationError(detail), {"request": Request()})
    assert response is not None
    return response.data["errors"]


def test_nested_mistakes_have_pointers() -> None:
    detail = {
        "a/b": ["one", "two"],
        "non_field_errors": ["whole"],
        "list": [{}, {"x": ["three"]}],
        "rows": {1: ["four"]},
        "~": {"non_field_errors": ["five"]},
    }
    assert errors_of(detail) == [
        {"pointer": "#/a~1b", "detail": "one"},
        {"pointer": "#/a~1b", "detail": "two"},
        {"pointer": "#", "detail": "whole"},
        {"pointer": "#/list/1/x", "detail": "three"},
        {"pointer": "#/rows/1", "detail": "four"},
        {"pointer": "#/~0", "detail": "five"},
    ]


def test_a_single_mistake_is_the_detail() -> None:
    response = problem_handler(ValidationError([ErrorDetail("only this")]), {"request": Request()})
    assert response is not None
    assert response.data["detail"] == "only this"


def test_members_extend_the_document() -> None:
    problem = Problem(409, "not_found", "Gone.", title="Gone", until="tomorrow")
    response = problem_handler(problem, {"request": Request()})
    assert response is not None
    assert response.data == {
        "type": "/api/v1/docs/#not_found",
        "title": "Gone",
        "status": 409,
        "detail": "Gone.",
        "code": "not_found",
        "until": "tomorrow",
    }


def test_a_fault_is_not_a_refusal() -> None:
    assert problem_handler(ZeroDivisionError(), {"request": Request()}) is None


@pytest.mark.parametrize(
    ("method", "url", "headers", "status", "code"),
    [
        ("get", "/api/v1/offices/nowhere/", {}, 404, "not_found"),
        ("get", "/api/v1/nothing/", {}, 404, "not_found"),
        ("delete", "/api/v1/offices/", {}, 405, "method_not_allowed"),
        ("get", "/api/v1/offices/", {"HTTP_ACCEPT": "text/csv"}, 406, "not_acceptable"),
        ("post", "/api/v1/bookings/", {}, 401, "not_authenticated"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_refusal_is_a_problem_document(
    method: str, url: str, headers: dict[str, str], status: int, code: str, language: str
) -> None:
    response = getattr(anyone(), method)(url, HTTP_ACCEPT_LANGUAGE=language, **headers)
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert document["title"].isascii() == (language == "en")
    assert document["detail"].isascii() == (language == "en")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_without_a_database_nothing_is_promised(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(language=language)

    def away(*args: Any, **options: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Office.objects, "bookable", away)
    response = client.get("/api/v1/offices/")
    document = response.json()
    assert (response.status_code, document["code"], response["Retry-After"]) == (
        503,
        "unavailable",
        "5",
    )
    assert response["Content-Type"] == "application/problem+json"
    assert document["title"].isascii() == (language == "en")
