"""What goes into the log, and what never does (rule 10).

Code doesn't log personal data. The mask below is the second line of defence: it looks at every
value of every line, of libraries as well, right before it is written.
"""

import re
import time
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals

MASK = "***"
# Without one of these there is nothing personal in it.
_TELLING = re.compile(r"[\d@]")
_STARTED = "yihao.started"
_PERSONAL = re.compile(
    r"""
    (?P<uuid>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b) # of a request or task: kept
    | (?<!\d)[1-9]\d{5}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)         # identity number, 18 digits
    | (?<![A-Z0-9])[A-Z]{3}\d{12}(?!\d)                       # foreigners' card before 2023
    | (?<![\d+])(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)  # mainland mobile number
    | \+\d[\d -]{6,17}\d                                      # any number with its country code
    | [\w.+-]+@[\w-]+\.[\w.-]*\w                              # e-mail address
    """,
    re.VERBOSE,
)


def mask_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor, the last before the line is rendered."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        if not _TELLING.search(value):
            return value
        return _PERSONAL.sub(lambda found: found["uuid"] or MASK, value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return MASK if _PERSONAL.fullmatch(str(value)) else value
    if isinstance(value, dict):
        return {_masked(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    return _masked(repr(value))


@receiver(signals.bind_extra_request_metadata)
def note_start(request: HttpRequest, **_: Any) -> None:
    request.META[_STARTED] = time.perf_counter()


@receiver(
    [
        signals.bind_extra_request_metadata,
        signals.bind_extra_request_finished_metadata,
        signals.bind_extra_request_failed_metadata,
    ]
)
def describe_request(request: HttpRequest, log_kwargs: dict[str, Any], **_: Any) -> None:
    """Method, path and time so far. A query may hold what somebody searched for: a name, a phone
    number."""
    log_kwargs["request"] = f"{request.method} {request.path}"
    log_kwargs["ms"] = round((time.perf_counter() - request.META[_STARTED]) * 1000, 1)
    log_kwargs.pop("user_agent", None)


@receiver([signals.bind_extra_request_finished_metadata, signals.update_failure_response])
def name_request(response: HttpResponse, **_: Any) -> None:
    """Lets whoever calls us about a failure name it."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        response["X-Request-ID"] = request_id
