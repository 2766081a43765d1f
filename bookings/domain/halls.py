"""Halls and bureaus, set up and changed by planners, with a reason that is kept (HB-20)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from bookings.domain.parties import Actor
from bookings.domain.publishing import PublishReport, publish, queue_with_publishers
from offices.domain.changes import note_change
from offices.enums import Matters
from offices.models import Bureau, Office


def set_up(place: Office | Bureau, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Save a new hall or bureau."""
    with transaction.atomic():
        place.save()
        after = _shown(place, ["name", "name_en"])
        note_change(Matters.HALL, place, place.code, {}, after, reason, actor.person, now)


def save_changes(
    hall: Office, fields: Iterable[str], *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """Save what was changed of these fields, and publish the hall's windows."""
    with transaction.atomic():
        before = _shown(queue_with_publishers(hall.pk), fields)
        after = _shown(hall, fields)
        if after == before:
            return PublishReport()
        hall.save(update_fields=list(after))
        note_change(Matters.HALL, hall, hall.code, before, after, reason, actor.person, now)
        return publish(hall, now, reason=reason, actor=actor)


def _shown(place: Office | Bureau, fields: Iterable[str]) -> dict[str, Any]:
    """As they stand in JSON; of another hall or bureau, its code."""
    values = {name: getattr(place, name) for name in fields}
    return {
        name: value.code if isinstance(value, Office | Bureau) else value
        for name, value in values.items()
    }
