"""A scene to book in: the demo offices, windows that are open, and a partner with a key.

Runs inside Django: python -m bench.scene '{"slots": 2000, "capacity": 1000}'
"""

import datetime as dt
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.stage import Stage

PARTNER = "演示合作方"
LINE = "mainland"
# Two days ahead: both reminders are written, as for most real bookings.
DAYS_AHEAD = 2
EVERY_MINUTES = 5


@dataclass(frozen=True)
class Scene:
    """`slots` are windows of residents' counters over all demo offices, in turn."""

    token: str
    slots: list[int]
    offices: list[str]


def set_scene(stage: "Stage", *, slots: int, capacity: int, offices: int = 0) -> Scene:
    """Add so many windows with so many online places each; every call gets its own.

    With `offices` there are so many at least, beside those of the demonstration.
    """
    wanted = json.dumps({"slots": slots, "capacity": capacity, "more_offices": offices})
    return Scene(**json.loads(stage.python("bench.scene", wanted)))


def build(slots: int, capacity: int, more_offices: int) -> Scene:
    """The same inside Django."""
    from django.utils import timezone

    from offices.demo.loading import load_demo
    from offices.models import Office, ServiceLine
    from partners.domain.registration import register
    from partners.enums import Scope

    now = timezone.now()
    today = timezone.localdate(now)
    load_demo(today)
    _stop_publishing()
    _add_offices(more_offices)
    line = ServiceLine.objects.get(code=LINE)
    offices = list(Office.objects.offering(["passport-first"], today).order_by("pk"))
    _key, token = register(PARTNER, Scope.values, [office.code for office in offices])
    made = _slots(offices, line, slots, now)
    _quotas(made, capacity)
    return Scene(token, [slot.pk for slot in made], [office.code for office in offices])


def _stop_publishing() -> None:
    """Its calendar has every office published by workers, who would take away the windows that
    nobody planned. They are published already: drop what waits, and wait for what runs."""
    from celery import current_app

    from config.queues import RELEASE

    with current_app.connection_for_write() as connection:
        channel = connection.default_channel
        channel.queue_purge(RELEASE)
        while channel.client.hlen(channel.unacked_key):
            time.sleep(0.2)


def _add_offices(count: int) -> None:
    """Halls like the first one of the demonstration, with what it offers."""
    from offices.models import Office, OfficeService

    model = Office.objects.filter(demo=True).order_by("pk").first()
    assert model is not None
    known = Office.objects.filter(code__startswith="bench-").count()
    added = [
        Office(
            bureau=model.bureau,
            code=f"bench-{number}",
            name=f"演示办证大厅{number}",
            name_en=f"Demo hall {number}",
            city=model.city,
            city_en=model.city_en,
            address=model.address,
            address_en=model.address_en,
            demo=True,
        )
        for number in range(known, count)
    ]
    offered = list(model.permissions.all())
    OfficeService.objects.bulk_create(
        OfficeService(office=office, service_id=each.service_id, valid_from=each.valid_from)
        for office in Office.objects.bulk_create(added)
        for each in offered
    )


def _slots(offices: list[Any], line: Any, count: int, now: dt.datetime) -> list[Any]:
    from bookings.models import Slot

    last = Slot.objects.order_by("starts_at").last()
    ahead = now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=DAYS_AHEAD)
    first = max(ahead, last.starts_at) if last else ahead
    made = []
    for number in range(count):
        office = offices[number % len(offices)]
        minutes = EVERY_MINUTES * (number // len(offices) + 1)
        starts_at = first + dt.timedelta(minutes=minutes)
        made.append(
            Slot(
                office=office,
                line=line,
                date=office.local_date(starts_at),
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=30),
                opens_at=now - dt.timedelta(days=1),
            )
        )
    return Slot.objects.bulk_create(made, batch_size=1000)


def _quotas(slots: list[Any], capacity: int) -> None:
    from bookings.models import Quota
    from offices.enums import Pool

    shares = {Pool.ONLINE: capacity, Pool.ASSISTED: 5, Pool.WALK_IN: 5}
    Quota.objects.bulk_create(
        (
            Quota(slot=slot, pool=pool, capacity=places)
            for slot in slots
            for pool, places in shares.items()
        ),
        batch_size=3000,
    )


def main() -> None:
    import django

    django.setup()
    print(json.dumps(asdict(build(**json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
