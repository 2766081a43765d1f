"""What happens at the hall by itself."""

import structlog
from celery import shared_task
from django.utils import timezone

from visits.domain import waiting

log = structlog.get_logger(__name__)


@shared_task
def watch_waits() -> None:
    if made := waiting.watch_waits(timezone.now()):
        log.info("longer_hours_suggested", suggestions=made)
