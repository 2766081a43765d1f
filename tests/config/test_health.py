"""/healthz and /readyz: what they answer, to whom, and when they say no."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from django.utils import timezone

from config import health, presence
from config.queues import QUEUES
from config.servers.programs import free_port
from config.tasks import heartbeat

WORKERS = ("worker_messages", "worker_release", "worker_housekeeping")
NAMES = ("database", "migrations", "broker", *WORKERS, "beat")


def all_workers_beat() -> None:
    for queue in QUEUES:
        heartbeat(queue)


@pytest.fixture
def watched() -> None:
    all_workers_beat()
    presence.mark(presence.BEAT)


def checks_of(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def not_ready(*failing: str) -> tuple[int, dict[str, Any]]:
    checks = {name: name not in failing for name in NAMES}
    return 503, {"status": "not_ready", "checks": checks}


def test_a_process_that_answers_is_alive_without_a_look_at_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert response["Cache-Control"] == ("max-age=0, no-cache, no-store, must-revalidate, private")


@pytest.mark.django_db
def test_all_is_ready(client: Client, watched: None) -> None:
    checks = dict.fromkeys(NAMES, True)

    assert checks_of(client) == (200, {"status": "ready", "checks": checks})


@pytest.mark.django_db
def test_it_is_not_ready_before_workers_and_beat_were_seen(client: Client) -> None:
    assert checks_of(client) == not_ready(*WORKERS, "beat")

    all_workers_beat()
    assert checks_of(client) == not_ready("beat")


@pytest.mark.django_db
def test_a_queue_that_nobody_serves_is_named(client: Client) -> None:
    heartbeat("messages")
    heartbeat("housekeeping")
    presence.mark(presence.BEAT)

    assert checks_of(client) == not_ready("worker_release")


@pytest.mark.django_db
def test_a_worker_that_was_not_seen_for_a_minute_is_missed(client: Client, watched: None) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        all_workers_beat()
        clock.shift(59)
        presence.mark(presence.BEAT)
        assert checks_of(client)[0] == 200
        clock.shift(1)
        assert checks_of(client) == not_ready(*WORKERS)


@pytest.mark.django_db
def test_a_missing_migration_is_noticed(client: Client, watched: None) -> None:
    newest = max(health._newest_migrations())
    MigrationRecorder(connection).record_unapplied(*newest)

    assert checks_of(client) == not_ready("migrations")


@pytest.mark.django_db
def test_a_lost_broker_is_noticed(client: Client, watched: None) -> None:
    with override_settings(CELERY_BROKER_URL=f"redis://127.0.0.1:{free_port()}/0"):
        assert checks_of(client) == not_ready("broker")


def test_a_lost_database_is_noticed_and_the_page_still_answers(
    client: Client, watched: None, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", str(free_port()))
        try:
            assert checks_of(client) == not_ready("database", "migrations")
        finally:
            connection.close()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_can_be_asked_without_the_proxy_and_changed_by_nobody(
    client: Client, path: str
) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get(path).status_code in (200, 503)
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_a_cache_that_was_emptied_hides_workers_and_beat_until_they_are_seen_again(
    client: Client, watched: None
) -> None:
    cache.clear()

    assert checks_of(client) == not_ready(*WORKERS, "beat")
