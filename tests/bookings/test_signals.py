"""A changed calendar is published by workers, an office at a time."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from kombu.exceptions import OperationalError

from bookings.domain.publishing import publish
from bookings.models import Slot
from bookings.tasks import publish_office
from config.celery import app
from offices.enums import HolidayKind
from offices.models import Holiday, Office, OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 8, 4)
OnCommit = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture
def halls() -> list[Office]:
    """Two halls that are open on Tuesdays, with their windows."""
    halls = [make_office("one"), make_office("two")]
    for hall in halls:
        OpeningHours.objects.create(
            office=hall,
            line=make_line(),
            weekday=TUESDAY.weekday(),
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=6,
            valid_from=LONG_AGO,
        )
        publish(hall, NOW)
    return halls


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What workers are asked for, without any."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "send_task", lambda *args, **_: asked.append(args))
    return asked


def two_days_off() -> None:
    for day in (TUESDAY, TUESDAY + dt.timedelta(days=7)):
        Holiday.objects.create(date=day, name="测试节", kind=HolidayKind.HOLIDAY)


def windows() -> int:
    return Slot.objects.filter(date=TUESDAY).count()


def test_workers_are_asked_once_for_each_office_by_its_id(
    halls: list[Office],
    asked: list[tuple[object, ...]],
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    before = windows()
    with django_capture_on_commit_callbacks(execute=True):
        two_days_off()

    assert asked == [(publish_office.name, (hall.pk,)) for hall in halls]
    assert windows() == before


@time_machine.travel(NOW, tick=False)
def test_a_worker_publishes_its_office_alone_and_twice_does_no_harm(
    halls: list[Office], asked: list[tuple[object, ...]]
) -> None:
    two_days_off()
    one, two = halls
    for _time in range(2):
        publish_office(one.pk)

    assert not Slot.objects.filter(office=one, date=TUESDAY).exists()
    assert Slot.objects.filter(office=two, date=TUESDAY).exists()


def test_an_office_that_is_gone_is_no_error() -> None:
    publish_office(0)


@time_machine.travel(NOW, tick=False)
def test_without_a_broker_the_offices_follow_at_once(
    halls: list[Office],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("broker")

    monkeypatch.setattr(app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        two_days_off()

    assert windows() == 0
