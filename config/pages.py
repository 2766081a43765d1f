"""Pages that belong to the site rather than to an app, and the pages of errors."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applicants.domain import periods
from partners.api.problems import plain_problem


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"days": periods.days()})


@require_safe
def privacy_children(request: HttpRequest) -> HttpResponse:
    """The rule of its own that children under 14 have (PIPL 31)."""
    return render(request, "pages/privacy_children.html", {"days": periods.days()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


# --- Errors: a page for people, a problem document (RFC 9457) for programs ---------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _error(request, HTTPStatus.BAD_REQUEST, "invalid")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _error(request, HTTPStatus.FORBIDDEN, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _error(request, HTTPStatus.NOT_FOUND, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def _error(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return plain_problem(status, code)
    return render(request, f"{status.value}.html", {"failed": True}, status=status)
