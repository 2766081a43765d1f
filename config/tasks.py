"""The worker's sign of life."""

from celery import shared_task

from config import presence


@shared_task
def heartbeat(queue: str) -> None:
    presence.mark(presence.worker_of(queue))
