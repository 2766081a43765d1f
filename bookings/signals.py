"""Publishing follows every change of hours, wherever it was made, as soon as it is committed.

At once rather than in a task: what staff see with their next click is then true. The calendar
alone is of so many offices that no page can wait for all of them: workers publish each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from kombu.exceptions import OperationalError

from applicants.domain.nudge import IMPATIENT
from bookings.domain.publishing import publish, publish_all
from offices.models import Bureau, Closure, Counter, Holiday, Office, OpeningHours, Session

log = structlog.get_logger(__name__)

PUBLISH_TASK = "bookings.tasks.publish_office"
OF_ONE_OFFICE = (OpeningHours, Closure, Session, Counter)


@dataclass(frozen=True, slots=True)
class PublishOffice:
    """Equal to another one for the same office, so that a transaction publishes it once."""

    office_id: int

    def __call__(self) -> None:
        # The office may have been deleted together with its hours.
        for office in Office.objects.filter(pk=self.office_id):
            publish(office, timezone.now())


@dataclass(frozen=True, slots=True)
class PublishAll:
    def __call__(self) -> None:
        publish_all(timezone.now())


@dataclass(frozen=True, slots=True)
class AskToPublishAll:
    """One task for each office. Without a broker it is done here, and takes its time."""

    def __call__(self) -> None:
        offices = Office.objects.order_by("pk").values_list("pk", flat=True)
        try:
            with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
                for office_id in offices:
                    current_app.send_task(
                        PUBLISH_TASK, (office_id,), connection=connection, retry=False
                    )
        except OperationalError as error:
            log.warning("publishing_not_asked_for", error=type(error).__name__)
            publish_all(timezone.now())


def connect() -> None:
    for signal in (post_save, post_delete):
        for of_one in OF_ONE_OFFICE:
            signal.connect(_hours_changed, sender=of_one)
        signal.connect(_policy_changed, sender=Bureau)
        signal.connect(_calendar_changed, sender=Holiday)
    post_save.connect(_office_changed, sender=Office)


def _hours_changed(instance: Any, **_: Any) -> None:
    _once_on_commit(PublishOffice(instance.office_id))


def _office_changed(instance: Office, created: bool, **_: Any) -> None:
    if not created:
        _once_on_commit(PublishOffice(instance.pk))


def _policy_changed(**_: Any) -> None:
    _once_on_commit(PublishAll())


def _calendar_changed(**_: Any) -> None:
    _once_on_commit(AskToPublishAll())


def _once_on_commit(job: Callable[[], None]) -> None:
    waiting = [entry[1] for entry in transaction.get_connection().run_on_commit]
    if job not in waiting:
        transaction.on_commit(job)
