"""What beat asks for."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from celery import current_app

from config.queues import ROUTES
from config.schedule import SCHEDULE


def test_every_entry_names_a_task_that_exists_and_takes_its_arguments() -> None:
    current_app.loader.import_default_modules()

    for entry in SCHEDULE.values():
        task = current_app.tasks[entry["task"]]
        task.__header__(**entry.get("kwargs", {}))


# Asked for by what happens, not by the clock.
ON_DEMAND = {"bookings.tasks.publish_office"}


def test_every_task_of_ours_is_scheduled_or_asked_for() -> None:
    current_app.loader.import_default_modules()

    ours = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert ours == {entry["task"] for entry in SCHEDULE.values()} | ON_DEMAND


def test_what_is_asked_for_often_does_not_pile_up() -> None:
    """While no worker runs, at most a minute of requests waits for it, or the last one."""
    often = [entry for entry in SCHEDULE.values() if isinstance(entry["schedule"], float | int)]

    assert [entry["options"]["expires"] for entry in often] == [
        max(60, entry["schedule"]) for entry in often
    ]


def test_every_task_waits_in_the_queue_that_it_belongs_to() -> None:
    current_app.loader.import_default_modules()

    router = current_app.amqp.router
    queues = {
        name: router.route(entry.get("options", {}), entry["task"])["queue"].name
        for name, entry in SCHEDULE.items()
    }
    assert queues == {
        "heartbeat-messages": "messages",
        "deliver-messages": "messages",
        "heartbeat-release": "release",
        "watch-releases": "release",
        "expire-holds": "release",
        "hand-over-to-walk-in": "release",
        "mark-no-shows": "release",
        "offer-places": "release",
        "release-reserve": "release",
        "follow-sessions": "release",
        "heartbeat-housekeeping": "housekeeping",
        "tidy-outbox": "housekeeping",
        "count-codes": "housekeeping",
        "count-days": "housekeeping",
        "audit-counters": "housekeeping",
        "mark-old-no-shows": "housekeeping",
        "end-visits": "housekeeping",
        "end-old-visits": "housekeeping",
        "forget-answers": "housekeeping",
        "forget-evidence": "housekeeping",
        "announce-renewals": "housekeeping",
        "suspend-absentees": "housekeeping",
        "make-suggestions": "housekeeping",
        "watch-waits": "housekeeping",
        "publish-all": "housekeeping",
        "forget-details": "housekeeping",
        "forget-unused": "housekeeping",
        "forget-recipients": "housekeeping",
        "forget-ended": "housekeeping",
        "forget-sign-in-codes": "housekeeping",
    }
    assert ROUTES.keys() <= current_app.tasks.keys()


def test_publishing_runs_shortly_after_midnight_in_china() -> None:
    publishing = SCHEDULE["publish-all"]["schedule"]
    (hour,), (minute,) = publishing.hour, publishing.minute

    moment = datetime(2026, 8, 3, hour, minute, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo("Asia/Shanghai")).time() == time(0, 10)
