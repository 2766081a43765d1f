"""What every answer passes through: its Content-Security-Policy."""

import pytest
from csp.decorators import csp_update
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import config.urls


@csp_update({"img-src": ["images.example"]})
def with_images(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]


urlpatterns = [path("images/", with_images), path("nonce/", with_nonce), *config.urls.urlpatterns]


def directives(policy: str) -> set[str]:
    return set(policy.split("; "))


@pytest.mark.parametrize("address", ["/", "/healthz", "/no-such-page/", "/api/v1/nothing/"])
def test_every_answer_carries_the_policy_of_the_settings(client: Client, address: str) -> None:
    response = client.get(address)
    assert directives(response["Content-Security-Policy"]) == directives(build_policy())


@pytest.mark.urls("tests.config.test_middleware")
def test_a_page_may_have_a_policy_of_its_own(client: Client) -> None:
    policy = directives(client.get("/images/")["Content-Security-Policy"])
    assert policy - directives(build_policy()) == {"img-src 'self' data: images.example"}


@pytest.mark.urls("tests.config.test_middleware")
def test_a_page_that_uses_a_nonce_may_go_on(client: Client) -> None:
    response = client.get("/nonce/")
    assert len(response.content) == 24
    assert directives(response["Content-Security-Policy"]) == directives(build_policy())
