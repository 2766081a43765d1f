"""Refusals as problem documents (RFC 9457) with a stable `code`."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

MEDIA_TYPE = "application/problem+json"
# Each code has a paragraph on the documentation page.
TYPES = "/api/v1/docs/#"

TITLES: dict[str, Promise] = {
    "invalid": _("The request has mistakes"),
    "not_authenticated": _("A valid key is needed"),
    "forbidden": _("Not allowed"),
    "not_found": _("Not found"),
    "method_not_allowed": _("This method is not offered here"),
    "not_acceptable": _("This format is not offered"),
    "unsupported_media_type": _("The request must be JSON"),
    "rate_limited": _("Too many requests"),
    "precondition_required": _("If-Match is needed"),
    "idempotency_in_flight": _("The first request is still being answered"),
    "idempotency_reused": _("This Idempotency-Key belongs to another request"),
    "unavailable": _("Service unavailable"),
    "internal_error": _("Something went wrong on our side"),
}
# For what goes wrong outside the API's views.
_DETAILS: dict[str, Promise] = {
    "invalid": _("This request can't be read."),
    "forbidden": _("You may not do this."),
    "not_found": _("There is nothing at this address."),
    "unavailable": _("Nothing was booked or changed. Try again in a few seconds."),
    "internal_error": _("We have recorded it. Try again later."),
}
# What the framework calls its errors, where we say it differently.
_CODES = {
    "authentication_failed": "not_authenticated",
    "permission_denied": "forbidden",
    "parse_error": "invalid",
    "throttled": "rate_limited",
}


class Problem(exceptions.APIException):
    """One refusal. `members` are the extension members of its document."""

    def __init__(
        self,
        status_code: int,
        code: str,
        detail: str | Promise,
        *,
        title: str | Promise | None = None,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(str(detail), code)
        self.status_code = status_code
        self.code = code
        self.title = title or TITLES[code]
        self.headers = headers or {}
        self.members = members

    def document(self) -> dict[str, Any]:
        return {
            "type": f"{TYPES}{self.code}",
            "title": str(self.title),
            "status": self.status_code,
            "detail": str(self.detail),
            "code": self.code,
            **self.members,
        }


class Invalid(Problem):
    """400 with everything that is wrong: [{"detail": …, "pointer" | "parameter" | "header": …}]."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        only = errors[0]["detail"] if len(errors) == 1 else _("Correct what `errors` lists.")
        super().__init__(status.HTTP_400_BAD_REQUEST, "invalid", only, errors=errors)


def invalid_header(name: str, detail: str) -> Invalid:
    return Invalid([{"header": name, "detail": detail}])


def plain_problem(status_code: int, code: str) -> JsonResponse:
    """The problem document of an error outside the API's views, e.g. an unknown address."""
    document = Problem(status_code, code, _DETAILS[code]).document()
    return JsonResponse(document, status=status_code, content_type=MEDIA_TYPE)


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The framework's exception handler. None: not a refusal but a fault, or no database."""
    problem = _as_problem(exc, context["request"])
    if problem is None:
        return None
    return Response(
        problem.document(),
        status=problem.status_code,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def _as_problem(exc: Exception, request: Request) -> Problem | None:
    match exc:
        case Problem():
            return exc
        case exceptions.ValidationError():
            # What reads has no body: its mistakes are in the query string.
            reads = request.method in SAFE_METHODS
            return Invalid(list(_named(exc.detail) if reads else _pointed(exc.detail)))
        case Http404():
            return _of_framework(exceptions.NotFound())
        case PermissionDenied():
            return _of_framework(exceptions.PermissionDenied())
        case exceptions.APIException():
            return _of_framework(exc)
        case _:
            return None


def _of_framework(exc: exceptions.APIException) -> Problem:
    code = str(exc.get_codes())
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(wait)
    return Problem(exc.status_code, _CODES.get(code, code), str(exc.detail), headers=headers)


def _named(detail: Any) -> Iterator[dict[str, str]]:
    """Errors of the query string by the parameter's name; a list's position is left out."""
    for error in _pointed(detail):
        yield {"parameter": error["pointer"].split("/")[1], "detail": error["detail"]}


def _pointed(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Nested errors, each with a JSON pointer (RFC 6901) into the body."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _pointed(inner, pointer if here else f"{pointer}/{_escaped(name)}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _pointed(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def _escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


class ErrorSerializer(serializers.Serializer[Any]):
    """One mistake, and where it is: in the body, the query string or a header."""

    detail = serializers.CharField()
    pointer = serializers.CharField(required=False, help_text="JSON pointer, e.g. #/attendees/0")
    parameter = serializers.CharField(required=False)
    header = serializers.CharField(required=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. Programs look at `code`; people read `title` and `detail`."""

    type = serializers.CharField(help_text="Where the code is explained.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="With code invalid."
    )
