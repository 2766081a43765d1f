"""The switches at the top of every page: the language, and 长辈版.

What they want stands in the query, because the body may carry a form that was refused: it is then
asked again in the other language, as it was typed.
"""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from config.context_processors import ELDER_COOKIE

YEAR = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Answers in `language` from now on, for a year; one that there isn't changes nothing."""
    response = _back(request)
    wanted = request.GET.get("language", "")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@require_POST
def elder_mode(request: HttpRequest) -> HttpResponse:
    """Switches 长辈版 on (`on=1`), for a year, or off."""
    response = _back(request)
    if request.GET.get("on") == "1":
        _keep(response, ELDER_COOKIE, "1")
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


def _keep(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that it was asked from; with the form's answers once more, if it was refused."""
    target = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if allowed else "/")
    if allowed and request.GET.get("again") == "1":
        # Unlike 302 it keeps method and body.
        response.status_code = HTTPStatus.TEMPORARY_REDIRECT
    return response
