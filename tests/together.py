"""Jobs that begin at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job answered. Raises what one of them raised, once all have ended."""
    barrier = threading.Barrier(len(jobs))

    def work(job: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        working = [threads.submit(work, job) for job in jobs]
    return [one.result() for one in working]
