"""Sending messages, and forgetting what is no longer needed."""

import time

from celery import shared_task
from django.utils import timezone

from applicants.domain import outbox, retention


@shared_task
def deliver_messages(seconds: float = 0) -> None:
    """Send what is due: one batch, or as many as begin within `seconds`."""
    outbox.withdraw_outdated(timezone.now())
    outbox.settle_lost(timezone.now())
    until = time.monotonic() + seconds
    while outbox.deliver_due(timezone.now()) and time.monotonic() < until:
        pass


@shared_task
def forget_sign_in_codes() -> None:
    retention.forget_sign_in_codes(timezone.now())
