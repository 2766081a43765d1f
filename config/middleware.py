"""What every request passes through."""

from collections.abc import Callable
from functools import cached_property

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from partners.api.problems import plain_problem

log = structlog.get_logger(__name__)


class DatabaseAwayMiddleware:
    """Answers 503 with Retry-After while PostgreSQL is away: nothing has been promised (rule 4)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.warning("database_unavailable", error=type(exception).__name__)
        connection.close()
        response = _unavailable(request)
        response["Retry-After"] = "5"
        return response


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return plain_problem(503, "unavailable")
    return render(request, "503.html", {"failed": True}, status=503)


class SamePolicyMiddleware(CSPMiddleware):
    """Puts the policy of the settings together once: django-csp does it for every answer, which
    costs an empty page a tenth of its time.

    Whatever has a policy of its own, by a decorator or a nonce, goes the library's way.
    """

    @cached_property
    def _policy(self) -> str:
        return build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.DEBUG or _has_own_policy(request, response):
            answered: HttpResponseBase = super().process_response(request, response)
            return answered
        response.headers.setdefault(HEADER, self._policy)
        return response


def _has_own_policy(request: HttpRequest, response: HttpResponseBase) -> bool:
    return hasattr(request, "_csp_nonce") or any(name[:5] == "_csp_" for name in vars(response))
