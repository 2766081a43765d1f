"""The description is valid, complete, and what the API really answers."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bookings.api.refusals import TITLES
from bookings.models import Quota, Slot
from config.api_codes import problem_codes
from config.api_docs import METHODS, description
from partners.api import problems
from tests.api import booking_body, make_client
from tests.factories import make_slot, quota_of
from visits.api.check_in import CheckInBooking

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDPOINTS = {
    "/api/v1/offices/": ["get"],
    "/api/v1/offices/{code}/": ["get"],
    "/api/v1/offices/{code}/days/": ["get"],
    "/api/v1/offices/{code}/slots/": ["get"],
    "/api/v1/services/": ["get"],
    "/api/v1/services/{code}/": ["get"],
    "/api/v1/bookings/": ["post"],
    "/api/v1/bookings/{number}/": ["get"],
    "/api/v1/bookings/{number}/confirm/": ["post"],
    "/api/v1/bookings/{number}/cancel/": ["post"],
    "/api/v1/bookings/{number}/reschedule/": ["post"],
    "/api/v1/bookings/{number}/check-in/": ["post"],
    "/api/v1/forms/": ["post"],
    "/api/v1/quotas/": ["get"],
    "/api/v1/quotas/{id}/": ["get", "patch"],
}


# --- The description ---------------------------------------------------------------------------


def test_the_description_is_valid_and_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        described = SchemaGenerator().get_schema(public=True)
    assert not GENERATOR_STATS
    validate_schema(described)


def test_it_lists_every_endpoint_of_the_design() -> None:
    described = description()
    assert described["openapi"] == "3.1.1"
    assert {
        path: sorted(method for method in methods if method in METHODS)
        for path, methods in described["paths"].items()
    } == ENDPOINTS


def test_it_is_served_as_json(client: Client) -> None:
    response = client.get("/api/v1/schema/")
    assert response["Content-Type"] == "application/json"
    assert response.json() == description()


# --- The page ----------------------------------------------------------------------------------


def test_the_page_shows_every_operation_and_every_code(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    operations = [
        methods[method]["operationId"]
        for methods in description()["paths"].values()
        for method in METHODS
        if method in methods
    ]
    anchors = [*operations, *(problem.code for problem in problem_codes())]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []
    assert [s for s in re.findall(r'href="#(shape-[^"]*)"', page) if f'id="{s}"' not in page] == []


def test_every_code_has_a_title_and_every_title_is_explained() -> None:
    titles = problems.TITLES | TITLES | CheckInBooking.titles
    assert sorted(problem.code for problem in problem_codes()) == sorted(titles)


# --- What is really answered -------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """A window and a booking, under the names that the examples use."""
    slot = make_slot(online=1000, starts_at=timezone.now() + dt.timedelta(days=1))
    # The window of the examples.
    example = Slot.objects.create(
        pk=4711,
        office=slot.office,
        line=slot.line,
        date=slot.date,
        starts_at=slot.ends_at,
        ends_at=slot.ends_at + dt.timedelta(minutes=30),
        opens_at=slot.opens_at,
    )
    Quota.objects.create(slot=example, pool="online", capacity=10)
    client = make_client()
    booking = client.post("/api/v1/bookings/", booking_body(slot.pk, 5, confirm=False)).json()
    return {
        "headers": {"Authorization": client.credentials_header},
        "code": slot.office.code,
        "number": booking["number"],
        "id": quota_of(slot).pk,
        "line": "mainland",
        "If-Match": '"1"',
    }


@contextlib.contextmanager
def one_transaction() -> Iterator[None]:
    """A request through WSGI would close the connection whose transaction the test rolls back."""
    between_requests = (request_started, request_finished)
    for signal in between_requests:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in between_requests:
            signal.connect(close_old_connections)


api = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


@api.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: Any, world: dict[str, Any], settings: Any) -> None:
    settings.API_RATE_PER_KEY = settings.API_RATE_PER_ADDRESS = 10**6
    with one_transaction():
        case.call_and_validate(headers=world["headers"], checks=CHECKS)
        _point_at(case, world)
        case.call_and_validate(headers=world["headers"], checks=CHECKS)


def _point_at(case: Any, world: dict[str, Any]) -> None:
    """Made-up names are rarely those of something that is there."""
    for where in ("path_parameters", "query", "headers"):
        given = getattr(case, where) or {}
        given.update({name: world[name] for name in given if name in world})
