"""Forgetting answers that nobody will ask for again."""

from celery import shared_task
from django.utils import timezone

from partners.domain import idempotency


@shared_task
def forget_answers() -> None:
    idempotency.forget_answers(timezone.now())
