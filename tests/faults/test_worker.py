"""A real worker and a real beat: what they do by themselves, and what they survive."""

import datetime as dt
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from applicants.domain import delivery, nudge, outbox
from applicants.enums import MessageKind, MessageState
from applicants.models import Message
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from config import presence
from config.celery import NICENESS
from config.queues import QUEUES
from config.servers import valkey
from config.servers.programs import Running, free_port, start, stop
from tests.factories import make_party, make_slot
from tests.worker import BEAT, WORKER, celery_process, celery_worker_process, wait_until

__all__ = ["celery_worker_process"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]

DELIVER = "applicants.tasks.deliver_messages"
AUTOGROUP = Path("/proc/self/autogroup")
TWO_HOURS = dt.timedelta(hours=2)


@pytest.fixture(autouse=True)
def _no_nudge_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge, "_pace", nudge._Pace())


def code_message(reference: str) -> Message:
    now = timezone.now()
    return Message.objects.create(
        reference=reference,
        kind=MessageKind.SIGN_IN_CODE,
        medium="sms",
        recipient="+8613800138000",
        language="zh-hans",
        context={"minutes": 10},
        secret="123456",
        due_at=now,
        not_after=now + dt.timedelta(minutes=10),
    )


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="only Linux shares between sessions first")
def test_a_worker_gives_way_to_the_pages(celery_worker_process: Running) -> None:
    """Among processes, and among sessions where the kernel looks at those first."""
    pid = celery_worker_process.process.pid
    session = Path(f"/proc/{pid}/autogroup").read_text().split()[-1]
    assert os.getpriority(os.PRIO_PROCESS, pid) - os.nice(0) == NICENESS
    assert int(session) == NICENESS


def test_a_reminder_leaves_by_itself_when_its_time_comes(
    celery_worker_process: Running, tmp_path: Path
) -> None:
    """Nobody calls a task here: beat asks, the worker sends."""
    now = timezone.now()
    slot = make_slot(starts_at=now + TWO_HOURS + dt.timedelta(seconds=2))
    booking = book(make_party(slot), SYSTEM, now)
    reminder = Message.objects.get(reference=booking.number, kind=MessageKind.REMINDER_HOURS)
    assert reminder.state == MessageState.PENDING

    schedule = ("--schedule", str(tmp_path / "schedule"))
    with celery_process((*BEAT, *schedule), tmp_path):
        wait_until(lambda: state_of(reminder) == MessageState.SENT, celery_worker_process)
        wait_until(lambda: presence.seen(presence.BEAT) and all_queues_are_served())

    assert reminder.sent_at is not None
    assert reminder.due_at <= reminder.sent_at < slot.starts_at


def test_a_new_message_leaves_at_once(celery_worker_process: Running) -> None:
    """Beat doesn't run: writing the message is what wakes the worker."""
    now = timezone.now()
    booking = book(make_party(make_slot(starts_at=now + dt.timedelta(days=1))), SYSTEM, now)
    confirmation = Message.objects.get(reference=booking.number, kind=MessageKind.CONFIRMED)

    wait_until(
        lambda: state_of(confirmation) == MessageState.SENT, celery_worker_process, seconds=5
    )


@pytest.fixture
def own_valkey(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[OwnValkey]":
    folder = tmp_path_factory.mktemp("valkey")
    own = OwnValkey(folder)
    own.start()
    yield own
    own.stop()


class OwnValkey:
    """A broker that a test may kill."""

    def __init__(self, folder: Path) -> None:
        settings = {**valkey.SETTINGS, **valkey.THROWAWAY_SETTINGS}
        password = secrets.token_urlsafe(12)
        self.server = valkey.Valkey(
            folder / "data", folder / "valkey.log", password, None, settings
        )
        self.port = free_port()
        self.url = self.server.url(self.port)

    def start(self) -> None:
        self.server.prepare()
        self.running = start(self.server.program(self.port))
        wait_until(lambda: self.server.answers(self.port), self.running)

    def stop(self) -> None:
        stop([self.running], 5)

    def kill(self) -> None:
        self.running.process.kill()
        self.running.process.wait()


def test_a_killed_worker_leaves_in_doubt_what_it_was_asking_for_and_nothing_is_sent_twice(
    own_valkey: OwnValkey, tmp_path: Path
) -> None:
    """Four of six messages are in flight, as many as its gateway takes at once."""
    messages = [code_message(f"code:{n}") for n in range(6)]
    marker = tmp_path / "asked"
    stuck = {"MESSAGE_GATEWAY": "tests.gateways.Stuck", "STUCK_MARKER": str(marker)}
    with celery_process(WORKER, tmp_path, REDIS_URL=own_valkey.url, **stuck) as worker:
        ask_for(DELIVER, own_valkey.url)
        wait_until(lambda: len(asked_for(marker)) == 4, worker)
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()

    in_flight = [*[MessageState.SENDING] * 4, *[MessageState.PENDING] * 2]
    assert [state_of(message) for message in messages] == in_flight
    assert delivery.deliver_due(timezone.now()) == 2
    outbox.settle_lost(timezone.now() + dt.timedelta(minutes=11))
    assert delivery.deliver_due(timezone.now()) == 0
    settled = [*[MessageState.UNKNOWN] * 4, *[MessageState.SENT] * 2]
    assert [state_of(message) for message in messages] == settled
    assert sorted(asked_for(marker)) == [f"code:{n}" for n in range(4)]


def asked_for(marker: Path) -> list[str]:
    return marker.read_text().split() if marker.exists() else []


def test_a_worker_survives_the_loss_of_its_broker(own_valkey: OwnValkey, tmp_path: Path) -> None:
    """What was asked for meanwhile is lost with it; what is due is still in PostgreSQL."""
    with celery_process(WORKER, tmp_path, REDIS_URL=own_valkey.url) as worker:
        own_valkey.kill()
        message = code_message("code:1")
        wait_until(lambda: "onnection" in worker.output(), worker)
        assert state_of(message) == MessageState.PENDING

        own_valkey.start()
        ask_for(DELIVER, own_valkey.url)

        wait_until(lambda: state_of(message) == MessageState.SENT, worker)


def all_queues_are_served() -> bool:
    return all(presence.seen(presence.worker_of(queue)) for queue in QUEUES)


def ask_for(task: str, broker: str) -> None:
    """Hand a task to the broker at this address."""
    app = Celery(broker=broker, set_as_current=False)
    app.conf.task_default_queue = "messages"
    app.send_task(task, ignore_result=True)
    app.close()


def nobody(port: socket.socket) -> None:
    """Nothing listens there."""
    port.close()


def a_silent_server(port: socket.socket) -> None:
    """Half open: the network acknowledges, but nobody answers."""
    port.listen()


@pytest.mark.parametrize("answering", [nobody, a_silent_server])
def test_booking_hardly_waits_for_a_lost_broker(
    answering: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 5: the message is in the outbox; the next beat finds it."""
    port = socket.create_server(("127.0.0.1", 0), backlog=1)
    broker = f"redis://127.0.0.1:{port.getsockname()[1]}/0"
    answering(port)
    monkeypatch.setattr(nudge, "current_app", Celery(broker=broker, set_as_current=False))
    begun = timezone.now()

    booking = book(make_party(make_slot(starts_at=begun + TWO_HOURS)), SYSTEM, begun)
    port.close()

    assert timezone.now() - begun < dt.timedelta(seconds=4)
    assert list(Message.objects.values_list("reference", "state")) == [
        (booking.number, MessageState.PENDING)
    ]
    assert not nudge._pace.may_go()
