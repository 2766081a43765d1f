"""Have something done as soon as there is a reason, instead of at the next beat."""

import threading
import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

DELIVER_TASK = "applicants.tasks.deliver_messages"
# A rush of bookings needs no more than this; the beat looks every few seconds anyway.
SECONDS_BETWEEN = 1.0
# While the broker is away, only one request in this time pays for finding out.
SECONDS_AFTER_FAILURE = 30.0
# A page waits for this. A connection of its own, because workers are to wait long for theirs.
IMPATIENT = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}


class _Pace:
    """Lets one caller through at a time. Monotonic seconds, shared by the process's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def may_go(self) -> bool:
        with self._lock:
            if time.monotonic() < self._next:
                return False
            self._next = time.monotonic() + SECONDS_BETWEEN
            return True

    def rest(self) -> None:
        with self._lock:
            self._next = time.monotonic() + SECONDS_AFTER_FAILURE


_pace = _Pace()


def nudge_on_commit() -> None:
    """Ask a worker to deliver once this transaction is through. Never fails, never waits long."""
    transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    _ask(DELIVER_TASK, _pace)


class Nudge:
    """The same for another task, at a pace of its own."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._pace = _Pace()

    def nudge_on_commit(self) -> None:
        transaction.on_commit(self._nudge, robust=True)

    def _nudge(self) -> None:
        _ask(self._task, self._pace)


def _ask(task: str, pace: _Pace) -> None:
    if not pace.may_go():
        return
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
            current_app.send_task(
                task, connection=connection, retry=False, ignore_result=True, expires=60
            )
    except OperationalError as error:
        pace.rest()
        log.warning("nudge_failed", error=type(error).__name__)
