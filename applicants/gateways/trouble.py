"""What went wrong with a request that a library sent for us."""

from collections.abc import Iterator

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

# To connect, and to wait for each part of the answer: together within the ten seconds that a
# gateway has, even when a second one is asked after the first couldn't be reached.
CONNECT_SECONDS = 2
READ_SECONDS = 6


def never_connected(error: BaseException) -> bool:
    """Nothing was sent, because nobody listened or the name wasn't known.

    Anything else that goes wrong on the way may have gone wrong after the request had arrived.
    """
    return any(_is_refusal(link) for link in _chain(error))


def _is_refusal(error: BaseException) -> bool:
    if isinstance(error, requests.ConnectionError) and error.args:
        reason = error.args[0]
        if isinstance(reason, MaxRetryError):
            return isinstance(reason.reason, (NewConnectionError, ConnectTimeoutError))
    return isinstance(error, requests.ConnectTimeout)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from: libraries wrap it, and keep no more than its text."""
    while error is not None:
        yield error
        inner = getattr(error, "inner_exception", None)
        error = inner or error.__cause__ or error.__context__
