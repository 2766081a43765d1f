"""What every request passes through."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
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
    return render(request, "503.html", status=503)
