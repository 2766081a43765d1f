"""What happens to bookings and places by itself. Each task calls one verb until it is done."""

import datetime as dt
from collections.abc import Callable

import structlog
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from applicants.domain import pace
from bookings.domain import (
    audit,
    counting,
    day_end,
    evidence,
    following,
    lifecycle,
    publishing,
    release,
    suggestions,
    suspending,
)
from bookings.domain.privacy import retention, unused
from bookings.domain.rush import release_is_on
from bookings.domain.waiting import answering, earlier, offering
from offices.models import Office

log = structlog.get_logger(__name__)

BATCH = 500
SMALL_BATCH = 50
# The next beat goes on, so that no task comes near its time limit.
SECONDS = 25
# Asked for more often than that.
RUSH_KNOWN_FOR = 60
MINUTE = 60
# Of a night's work, below the time limit of a task.
MOST_STEPS = 8


@shared_task
def expire_holds() -> None:
    _in_batches("holds_expired", lifecycle.expire_holds)


@shared_task
def offer_places() -> None:
    """What nobody answered in time goes to the next at once."""
    now = timezone.now()
    _note(
        "waiting_list",
        lapsed=answering.lapse_offers(now),
        dropped=answering.drop_overdue(now),
        offered=offering.offer_to_waiting_list(now),
        told=earlier.tell_of_earlier_times(now),
    )


@shared_task
def mark_no_shows() -> None:
    _in_batches("no_shows_marked", lifecycle.mark_no_shows)


@shared_task
def mark_old_no_shows() -> None:
    _in_batches("old_no_shows_marked", lifecycle.mark_old_no_shows)


@shared_task
def end_visits() -> None:
    _in_batches("visits_ended", day_end.end_visits)


@shared_task
def end_old_visits() -> None:
    _in_batches("old_visits_ended", day_end.end_old_visits)


@shared_task
def suspend_absentees() -> None:
    _note("people_suspended", people=suspending.suspend_absentees(timezone.now()))


@shared_task
def release_reserve() -> None:
    _note("reserve_released", places=release.release_reserve(timezone.now()))


@shared_task
def hand_over_to_walk_in() -> None:
    _note("handed_over_to_walk_in", places=release.hand_over_to_walk_in(timezone.now()))


@shared_task
def publish_all() -> None:
    _note_published(publishing.publish_all(timezone.now()))


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, retry_backoff_max=MINUTE)
def publish_office(office_id: int) -> None:
    """Asked for anew where others held its windows for too long."""
    # The office may have been deleted meanwhile.
    for office in Office.objects.filter(pk=office_id):
        _note_published(publishing.publish(office, timezone.now()))


@shared_task
def follow_sessions() -> None:
    _note("sessions_followed", offices=following.follow_sessions(timezone.now()))


@shared_task
def audit_counters() -> None:
    audit.audit_counters(timezone.now())
    audit.audit_parties(timezone.now())


@shared_task
def count_days() -> None:
    days = counting.count_touched_days(timezone.now())
    for _small in pace.steps(SECONDS):
        days += (done := counting.count_days(timezone.now(), limit=1))
        if not done:
            break
    _note("days_counted", days=days)


@shared_task
def make_suggestions() -> None:
    _note("suggestions_made", suggestions=suggestions.make_suggestions(timezone.now()))


@shared_task
def watch_releases() -> None:
    if release_is_on(timezone.now()):
        pace.announce_rush(RUSH_KNOWN_FOR)


@shared_task
def forget_evidence() -> None:
    now = timezone.now()
    _note("evidence_forgotten", files=evidence.forget_evidence(now))
    _note("evidence_orphans_swept", files=evidence.sweep_orphans(now))


@shared_task
def forget_details() -> None:
    """Whatever a night doesn't get to, the next one does."""
    now = timezone.now()
    days = {"details": 0, "identities": 0}
    for _small in pace.steps(SECONDS * MOST_STEPS):
        done = [retention.forget_details(now), retention.forget_identities(now)]
        days = {kind: days[kind] + n for kind, n in zip(days, done, strict=True)}
        if not any(done):
            break
    _note("bookings_forgotten", **{f"days_of_{kind}": n for kind, n in days.items()})
    _note(
        "requests_forgotten",
        requests=retention.forget_requests(now),
        waiting=retention.forget_waiting(now),
    )


@shared_task
def forget_unused() -> None:
    now = timezone.now()
    _note(
        "unused_data",
        announced=unused.warn_of_deletion(now),
        deleted=unused.forget_unused(now),
    )


def _in_batches(event: str, verb: Callable[[dt.datetime, int], int]) -> None:
    total = 0
    for small in pace.steps(SECONDS):
        limit = SMALL_BATCH if small else BATCH
        done = verb(timezone.now(), limit)
        total += done
        if done < limit:
            break
    _note(event, bookings=total)


def _note_published(report: publishing.PublishReport) -> None:
    _note(
        "published",
        created=report.created,
        changed=report.changed,
        removed=report.removed,
        conflicts=len(report.conflicts),
    )


def _note(event: str, **counts: int) -> None:
    if any(counts.values()):
        log.info(event, **counts)
