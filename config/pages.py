"""Pages that belong to the site rather than to an app, and the pages of errors."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from applicants.domain import periods
from config.context_processors import ELDER_COOKIE
from partners.api.problems import plain_problem

YEAR = 365 * 24 * 3600


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


@require_POST
def elder_mode(request: HttpRequest) -> HttpResponse:
    """Switches 长辈版 on (`on=1`) or off, and returns to the page it was asked from."""
    response = HttpResponseRedirect(_safe_next(request))
    if request.POST.get("on") == "1":
        response.set_cookie(
            ELDER_COOKIE,
            "1",
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else "/"


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
    return render(request, f"{status.value}.html", status=status)
