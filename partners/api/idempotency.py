"""`Idempotency-Key` on the methods that write."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from partners.api.authentication import caller
from partners.api.problems import Problem, invalid_header
from partners.domain.idempotency import (
    Answer,
    Attempt,
    InFlight,
    Reused,
    fingerprint,
    first_answer,
    keep_answer,
)

HEADER = "Idempotency-Key"
_MAX_LENGTH = 100
# What a retry gets again beside the body.
_KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Runs the method in one transaction with the answer that it gives.

    Refusals are not kept: they changed nothing, and a retry may succeed.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        attempt = _attempt(request)
        with transaction.atomic():
            if attempt is None:
                return handler(view, request, *args, **kwargs)
            before = _first_answer(attempt)
            if before is not None:
                headers = before.headers | {"Idempotent-Replayed": "true"}
                return Response(before.body, status=before.status, headers=headers)
            response = handler(view, request, *args, **kwargs)
            keep_answer(attempt, _to_keep(response), timezone.now())
        return response

    return answer


def _attempt(request: Request) -> Attempt | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= _MAX_LENGTH or not key.isascii() or not key.isprintable():
        advice = _("Use 1 to 100 printable ASCII characters, for example a UUID.")
        raise invalid_header(HEADER, advice)
    print_ = fingerprint(str(request.method), request.path, request.data)
    return Attempt(caller(request).partner, key, print_)


def _first_answer(attempt: Attempt) -> Answer | None:
    try:
        return first_answer(attempt)
    except InFlight as error:
        raise Problem(
            409,
            "idempotency_in_flight",
            _("A request with this key has not been answered yet. Try again in a second."),
            headers={"Retry-After": "1"},
        ) from error
    except Reused as error:
        raise Problem(
            422,
            "idempotency_reused",
            _("This key came with another request before. Use a new key for a new request."),
        ) from error


def _to_keep(response: Response) -> Answer:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return Answer(response.status_code, response.data, headers)
