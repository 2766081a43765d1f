"""Whoever waits is asked as soon as somebody gives a place back, not at the next beat."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from applicants.domain import nudge
from bookings import tasks
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import hold_places
from bookings.models import Booking, Slot
from tests.bookings.waiting.conftest import Waiter
from tests.factories import NOW, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that workers are asked for."""
    found: list[str] = []
    monkeypatch.setattr(nudge, "_ask", lambda task, _pace: found.append(task))
    return found


def test_a_cancellation_asks_a_worker_once_it_is_committed(
    holder: Booking,
    asked: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        cancel(holder.pk, SYSTEM, NOW)
    for callback in callbacks:
        callback()
    assert tasks.offer_places.name in asked


def test_giving_up_a_hold_asks_for_nothing(
    slot: Slot,
    asked: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    hold = hold_places(make_party(slot), SYSTEM, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        cancel(hold.pk, SYSTEM, NOW)
    assert asked == []


def test_one_task_settles_offers_and_tells(
    waiter: Waiter, holder: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice in a row changes nothing."""
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    tasks.offer_places()
    tasks.offer_places()
    assert entry.offers.count() == 1
