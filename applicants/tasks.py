"""Sending messages, and forgetting what is no longer needed."""

from celery import shared_task
from django.utils import timezone

from applicants.domain import delivery, outbox, retention


@shared_task
def deliver_messages(seconds: float = 1) -> None:
    """Send what is due, beginning none after `seconds`."""
    delivery.deliver_due(timezone.now(), seconds)


@shared_task
def tidy_outbox() -> None:
    outbox.withdraw_outdated(timezone.now())
    outbox.settle_lost(timezone.now())


@shared_task
def forget_sign_in_codes() -> None:
    retention.forget_sign_in_codes(timezone.now())
