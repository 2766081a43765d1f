"""Publishing follows every change of hours, wherever it was made, as soon as it is committed.

At once rather than in a task: what staff see with their next click is then true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from bookings.domain.publishing import publish, publish_all
from offices.models import Bureau, Closure, Counter, Holiday, Office, OpeningHours, Session

OF_ONE_OFFICE = (OpeningHours, Closure, Session, Counter)
# The policy or the calendar of many offices.
OF_ALL_OFFICES = (Bureau, Holiday)


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


def connect() -> None:
    for signal in (post_save, post_delete):
        for of_one in OF_ONE_OFFICE:
            signal.connect(_hours_changed, sender=of_one)
        for of_all in OF_ALL_OFFICES:
            signal.connect(_rules_changed, sender=of_all)
    post_save.connect(_office_changed, sender=Office)


def _hours_changed(instance: Any, **_: Any) -> None:
    _once_on_commit(PublishOffice(instance.office_id))


def _office_changed(instance: Office, created: bool, **_: Any) -> None:
    if not created:
        _once_on_commit(PublishOffice(instance.pk))


def _rules_changed(**_: Any) -> None:
    _once_on_commit(PublishAll())


def _once_on_commit(job: Callable[[], None]) -> None:
    waiting = [entry[1] for entry in transaction.get_connection().run_on_commit]
    if job not in waiting:
        transaction.on_commit(job)
