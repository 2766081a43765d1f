"""`Idempotency-Key` on the methods that write."""

from collections.abc import Callable
from functools import partial, wraps
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
    claim,
    fingerprint,
    first_answer,
    keep_answer,
)

HEADER = "Idempotency-Key"
_MAX_LENGTH = 100
# What a retry gets again beside the body.
_KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]
Keep = Callable[[Response], None]


def idempotent(handler: Handler) -> Handler:
    """Runs the method in one transaction with the answer that it gives.

    Refusals are not kept: they changed nothing, and a retry may succeed.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        attempt = _attempt(request)
        if attempt is None:
            return handler(view, request, *args, **kwargs)
        with transaction.atomic():
            try:
                before = claim(attempt)
            except InFlight:
                raise _in_flight() from None
            except Reused:
                raise _reused() from None
            if before is not None:
                return _again(before)
            response = handler(view, request, *args, **kwargs)
            _keep(attempt, response)
        return response

    return answer


def idempotent_early(handler: Handler) -> Handler:
    """For a method that knows its answer before its work, and has a transaction of its own.

    There, as the first thing, it calls `keep` with the answer. That stops a second request with
    the same key, so that the first one needs no look beforehand.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        attempt = _attempt(request)
        if attempt is None:
            return handler(view, request, *args, keep=_keep_nothing, **kwargs)
        try:
            return handler(view, request, *args, keep=partial(_keep, attempt), **kwargs)
        except Exception as refusal:
            # What was refused now may have been granted to the first request with this key.
            if before := _first_answer(attempt):
                return _again(before)
            if isinstance(refusal, InFlight):
                raise _in_flight() from None
            raise

    return answer


def _keep(attempt: Attempt, response: Response) -> None:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    keep_answer(attempt, Answer(response.status_code, response.data, headers), timezone.now())


def _keep_nothing(_response: Response) -> None:
    """Without a key nothing is repeated."""


def _again(before: Answer) -> Response:
    headers = before.headers | {"Idempotent-Replayed": "true"}
    return Response(before.body, status=before.status, headers=headers)


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
    except Reused:
        raise _reused() from None


def _in_flight() -> Problem:
    told = _("A request with this key has not been answered yet. Try again in a second.")
    return Problem(409, "idempotency_in_flight", told, headers={"Retry-After": "1"})


def _reused() -> Problem:
    told = _("This key came with another request before. Use a new key for a new request.")
    return Problem(422, "idempotency_reused", told)
