"""What beat asks for, and how often.

Every task looks for what is due and is safe to repeat, so a missed or doubled beat does no harm.
What a worker can't get to in a minute is dropped: the next beat asks again, and a worker that
was away finds no pile.
"""

from typing import Any

from celery.schedules import crontab

from config.queues import QUEUES

MINUTE = 60.0
HOUR = 60 * MINUTE


def _every(interval: float, task: str, **kwargs: Any) -> dict[str, Any]:
    """`interval` in seconds."""
    expires = max(interval, MINUTE)
    return {"task": task, "schedule": interval, "kwargs": kwargs, "options": {"expires": expires}}


def _hourly(minute: int, task: str) -> dict[str, Any]:
    schedule = crontab(minute=str(minute))
    return {"task": task, "schedule": schedule, "options": {"expires": HOUR}}


def _daily(hour: int, minute: int, task: str) -> dict[str, Any]:
    """At a time of UTC."""
    return {"task": task, "schedule": crontab(hour=str(hour), minute=str(minute))}


def _heartbeat(queue: str) -> dict[str, Any]:
    """Shows that tasks of this queue are run."""
    entry = _every(20, "config.tasks.heartbeat", queue=queue)
    return {**entry, "options": {**entry["options"], "queue": queue}}


SCHEDULE: dict[str, dict[str, Any]] = {
    **{f"heartbeat-{queue}": _heartbeat(queue) for queue in QUEUES},
    "watch-releases": _every(20, "bookings.tasks.watch_releases"),
    # Runs overlap, so that a backlog keeps two processes busy.
    "deliver-messages": _every(2, "applicants.tasks.deliver_messages", seconds=4),
    "tidy-outbox": _every(MINUTE, "applicants.tasks.tidy_outbox"),
    "expire-holds": _every(30, "bookings.tasks.expire_holds"),
    "hand-over-to-walk-in": _every(MINUTE, "bookings.tasks.hand_over_to_walk_in"),
    "offer-places": _every(MINUTE, "bookings.tasks.offer_places"),
    "mark-no-shows": _every(5 * MINUTE, "bookings.tasks.mark_no_shows"),
    "release-reserve": _every(5 * MINUTE, "bookings.tasks.release_reserve"),
    "follow-sessions": _every(MINUTE, "bookings.tasks.follow_sessions"),
    # Away from full and half hours, when places are released and windows begin.
    "count-days": _hourly(22, "bookings.tasks.count_days"),
    "count-codes": _hourly(7, "applicants.tasks.count_codes"),
    "audit-counters": _hourly(37, "bookings.tasks.audit_counters"),
    "suspend-absentees": _hourly(12, "bookings.tasks.suspend_absentees"),
    # 00:17 in China is the first that finds something.
    "end-visits": _hourly(17, "bookings.tasks.end_visits"),
    "make-suggestions": _hourly(52, "bookings.tasks.make_suggestions"),
    "watch-waits": _every(5 * MINUTE, "visits.tasks.watch_waits"),
    "forget-answers": _hourly(47, "partners.tasks.forget_answers"),
    # 03:50 in China: they look at all windows that ever were.
    "mark-old-no-shows": _daily(19, 50, "bookings.tasks.mark_old_no_shows"),
    "end-old-visits": _daily(19, 55, "bookings.tasks.end_old_visits"),
    # 00:10 in China.
    "publish-all": _daily(16, 10, "bookings.tasks.publish_all"),
    "forget-evidence": _daily(19, 25, "bookings.tasks.forget_evidence"),
    # 10:00 in China: nobody is woken by it.
    "announce-renewals": _daily(2, 0, "applicants.tasks.announce_renewals"),
    "forget-details": _daily(18, 40, "bookings.tasks.forget_details"),
    "forget-unused": _daily(2, 20, "bookings.tasks.forget_unused"),
    "forget-recipients": _hourly(32, "applicants.tasks.forget_recipients"),
    "forget-ended": _daily(19, 10, "applicants.tasks.forget_ended"),
    "forget-sign-in-codes": _daily(19, 40, "applicants.tasks.forget_sign_in_codes"),
}
