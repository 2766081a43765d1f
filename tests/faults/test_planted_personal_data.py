"""Rule 10, attacked: people are planted by every way in, and found in no place in clear.

Numbers are looked for as digits, with spaces and dashes, in hexadecimal and in base64; names also
in the escapes of JSON and of addresses.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from applicants.domain import nudge
from applicants.models import Message
from config.celery import app
from config.servers.programs import Running
from tests.planted import places, ways
from tests.planted.finder import Finder
from tests.planted.people import Planted, plant
from tests.worker import BEAT, celery_process, celery_worker_process, wait_until

__all__ = ["celery_worker_process"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("worker"),
    pytest.mark.skipif(not places.is_ours(), reason="needs the files of the embedded database"),
]


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    """A thousand people come from one address, and nobody is asked to wait."""
    settings.CODES_PER_ADDRESS_AND_HOUR = settings.CODES_PER_NETWORK_AND_HOUR = 100_000
    settings.CODES_PER_PREFIX_AND_HOUR = settings.TRIES_PER_ADDRESS_AND_HOUR = 100_000
    settings.MANAGE_TRIES_PER_ADDRESS_AND_HOUR = 100_000
    settings.ALTCHA = "never"
    settings.BREAKER_CODES = 100_000


class Watch:
    """What the processes say while people come."""

    def __init__(self, worker: Running, beat: Running) -> None:
        self.worker, self.beat = worker, beat
        self.since = time.time()
        with ExitStack() as stack:
            self.records = stack.enter_context(places.log_kept())
            self.tasks = stack.enter_context(places.tasks_kept())
            self._ending = stack.pop_all()

    def close(self) -> None:
        self._ending.close()

    def places(self, trail: ways.Trail) -> Iterator[tuple[str, bytes]]:
        """Each place by name, with all that is there."""
        yield "database dump", places.dump()
        yield "sessions", places.sessions()
        for part in places.data_files(self.since):
            yield "database files", part
        yield "database log", places.server_log()
        yield "Valkey", places.valkey()
        yield "log of the web server", self.records.written.getvalue().encode()
        yield "log of the worker", self.worker.output(10**9).encode()
        yield "log of the scheduler", self.beat.output(10**9).encode()
        yield "task arguments", "\n".join(self.tasks).encode()
        yield "addresses", "\n".join(trail.addresses).encode()
        yield "cookies", "\n".join(trail.cookies).encode()
        yield "pages of errors", "\n".join(trail.errors).encode()
        yield "mail to administrators", repr([vars(one) for one in mail.outbox]).encode()
        yield "evidence", places.evidence()

    def found(self, trail: ways.Trail, people: list[Planted]) -> dict[str, set[str]]:
        finder, found = Finder(people), dict[str, set[str]]()
        for name, data in self.places(trail):
            if there := finder.find(data):
                found.setdefault(name, set()).update(there)
        return found


@pytest.fixture
def watch(
    live_server: Any, celery_worker_process: Running, tmp_path: Path, settings: Any
) -> Iterator[Watch]:
    app.control.purge()
    schedule = ("--schedule", str(tmp_path / "schedule"))
    with celery_process((*BEAT, *schedule), tmp_path) as beat:
        watch = Watch(celery_worker_process, beat)
        yield watch
        watch.close()


@pytest.fixture
def world(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> ways.World:
    # Each message asks for its delivery: none is left out because another has just asked.
    monkeypatch.setattr(nudge, "_pace", nudge._Pace())
    return ways.build(live_server.url)


def all_sent() -> bool:
    due = Message.objects.filter(due_at__lte=timezone.now())
    return not due.filter(state__in=["pending", "sending"]).exists()


def walk(world: ways.World, watch: Watch, people: list[Planted]) -> None:
    ways.walk(world, people)
    wait_until(all_sent, watch.worker, seconds=120)


def as_many_as(count: int, world: ways.World, watch: Watch) -> None:
    people = plant(count, seed=count)
    walk(world, watch, people)
    assert [way.__name__ for way, trace in TRACES.items() if not trace()] == []
    assert watch.found(world.trail, people) == {}


def rows(table: str, condition: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(cursor.fetchone()[0])


# What shows that a way was really walked.
TRACES = {
    ways.by_web: lambda: rows("bookings_booking", "channel = 'web' AND status = 'confirmed'"),
    ways.by_api: lambda: rows("bookings_booking", "channel = 'partner' AND status = 'confirmed'"),
    ways.by_desk: lambda: rows("bookings_booking", "channel = 'phone' AND status = 'confirmed'"),
    ways.by_request: lambda: rows("bookings_evidence") and rows("bookings_homevisit"),
    ways.by_waiting: lambda: rows("bookings_waitingentry", "state = 'waiting'"),
    ways.by_refused_form: lambda: rows("applicants_applicant"),
    ways.by_group: lambda: rows("bookings_booking", "group_id IS NOT NULL"),
    ways.by_error: lambda: rows("applicants_consent"),
}


def test_two_people_by_each_way_leave_no_trace_in_clear(world: ways.World, watch: Watch) -> None:
    as_many_as(2 * len(ways.WAYS), world, watch)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_people_leave_no_trace_in_clear(world: ways.World, watch: Watch) -> None:
    as_many_as(1000, world, watch)


def test_each_kind_of_error_was_seen(world: ways.World, watch: Watch) -> None:
    """And the exception that quotes a number is logged, with the number masked."""
    [one] = plant(1, seed=5)
    ways.by_error(world, one)
    assert world.trail.statuses == {400, 403, 404, 500}
    log = watch.records.written.getvalue()
    assert "can't store '***' of ***" in log
    assert "GET /bookings/***/" in log
    assert watch.found(world.trail, [one]) == {}


def test_what_is_planted_in_clear_is_found_in_each_place(
    world: ways.World, watch: Watch, settings: Any
) -> None:
    """Negative control: the search above could fail."""
    people = plant(20, seed=99)
    one = people[3]
    clear = f"{one.name} {one.phone} {one.id_number}"
    now = timezone.now()
    Message.objects.create(
        reference="control",
        kind="confirmed",
        medium="sms",
        recipient="+8613800138000",
        language="zh-hans",
        context={"note": clear},
        due_at=now,
        not_after=now + dt.timedelta(days=1),
    )
    cache.set("control", clear)
    structlog.get_logger("control").warning("control", name=one.name)
    for running in (watch.worker, watch.beat):
        with running.program.log.open("a") as log:
            log.write(f"{clear}\n")
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE WARNING '%%', %s; END $$", [clear])
    session = SessionStore()
    session["control"] = clear
    session.save()
    app.send_task("config.tasks.heartbeat", kwargs={"queue": clear}, queue="control")
    world.trail.addresses.append(f"/bookings/?q={one.phone}")
    world.trail.cookies.append(one.name)
    world.trail.errors.append(one.id_number)
    mail.outbox.append(mail.EmailMessage("control", clear))
    folder = Path(settings.EVIDENCE_ROOT)
    folder.mkdir(parents=True)
    (folder / "control").write_text(clear)
    found = watch.found(world.trail, people)
    assert found.keys() == {name for name, _data in watch.places(world.trail)}
    assert all(there <= {one.name, one.phone, one.id_number} for there in found.values())
