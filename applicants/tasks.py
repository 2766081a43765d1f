"""Sending messages, and forgetting what is no longer needed."""

from celery import shared_task
from django.utils import timezone

from applicants.domain import breaker, outbox, pace, renewal, retention
from applicants.domain.delivery import deliver_due

# What leaves in a small step beside sign-in codes: some 100 a second.
FEW = 10
BATCH = 500
# So that no task comes near its time limit.
SECONDS = 25


@shared_task
def deliver_messages(seconds: float = 1) -> None:
    """Send what is due, beginning none after `seconds`."""
    for small in pace.steps(seconds):
        now = timezone.now()
        taken = deliver_due(now, 1, others=FEW) if small else deliver_due(now, seconds)
        if not taken:
            break


@shared_task
def tidy_outbox() -> None:
    outbox.withdraw_outdated(timezone.now())
    outbox.settle_lost(timezone.now())


@shared_task
def forget_sign_in_codes() -> None:
    retention.forget_sign_in_codes(timezone.now())


@shared_task
def count_codes() -> None:
    breaker.count_hours(timezone.now())


@shared_task
def announce_renewals(after: int = 0) -> None:
    """`after`: the key of the person who was looked at last. What is left is a task of its own."""
    last = after
    for small in pace.steps(SECONDS):
        now, limit = timezone.now(), FEW if small else BATCH
        found = renewal.announce_renewals(now, timezone.localdate(now), last, limit)
        if found is None:
            return
        last = found
    announce_renewals.delay(after=last)


@shared_task
def forget_recipients() -> None:
    for small in pace.steps(SECONDS):
        limit = FEW if small else BATCH
        if retention.forget_recipients(timezone.now(), limit) < limit:
            break


@shared_task
def forget_ended() -> None:
    """Suspensions and sessions that have ended, and organisations that were refused."""
    now = timezone.now()
    retention.forget_suspensions(now)
    retention.forget_groups(now)
    for _small in pace.steps(SECONDS):
        if not retention.forget_sessions(now):
            break
