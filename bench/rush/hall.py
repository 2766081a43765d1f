"""A hall whose next day is about to open, with a partner that books there.

Runs inside Django: python -m bench.rush.hall '{"windows": 40, "places": 25}'
"""

import datetime as dt
import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.stage import Stage

PARTNER = "演示合作方"
LINE = "mainland"
SERVICE = "passport-first"
# The demo office that the hall is built beside, with its bureau and its services.
BESIDE = "xiamen-zhenhai"
DAYS_AHEAD = 7
OPENS = dt.time(8, 0)
EVERY_MINUTES = 15
# Every hall has a crowd of its own, beyond the people of other loads (bench.people).
FIRST_SERIAL = 50_000_000
MOST_PEOPLE = 100_000


@dataclass(frozen=True)
class Hall:
    """`slots` are the windows of one day (ISO date), which begin a quarter of an hour apart."""

    number: int
    office: str
    day: str
    token: str
    slots: list[int]

    def crowd(self, count: int) -> range:
        """Serials of so many people who have no booking yet."""
        first = FIRST_SERIAL + self.number * MOST_PEOPLE
        return range(first, first + count)


def build_hall(stage: "Stage", *, windows: int, places: int) -> Hall:
    """Another hall with each call, and so many places in each window. It stays closed until
    `open_doors`."""
    wanted = json.dumps({"windows": windows, "places": places})
    return Hall(**json.loads(stage.python("bench.rush.hall", wanted)))


def open_doors(stage: "Stage", hall: Hall, seconds: float = 0) -> float:
    """Let the day open in so many seconds; that moment, as a Unix time."""
    stage.execute(
        "UPDATE bookings_slot SET opens_at = now() + make_interval(secs => %s) WHERE id = ANY(%s)",
        [seconds, hall.slots],
    )
    opens_at = stage.rows(
        "SELECT extract(epoch FROM opens_at) FROM bookings_slot WHERE id = %s", [hall.slots[0]]
    )
    return float(opens_at[0][0])


def build(windows: int, places: int) -> Hall:
    """The same inside Django."""
    from django.utils import timezone

    from offices.demo.loading import load_demo
    from offices.models import Office
    from partners.domain.registration import register
    from partners.enums import Scope

    today = timezone.localdate()
    load_demo(today)
    number = Office.objects.filter(code__startswith="rush-").count() + 1
    office = _office(number, today)
    day = today + dt.timedelta(days=DAYS_AHEAD)
    slots = _slots(office, day, windows)
    _quotas(slots, places)
    _key, token = register(PARTNER, Scope.values, [office.code])
    return Hall(number, office.code, day.isoformat(), token, [slot.pk for slot in slots])


def _office(number: int, today: dt.date) -> Any:
    from offices.models import Office, OfficeService

    beside = Office.objects.get(code=BESIDE)
    office = Office.objects.create(
        code=f"rush-{number}",
        bureau=beside.bureau,
        name=f"演示八点办证大厅{number}",
        name_en=f"Demo Eight O'Clock Hall {number}",
        city=beside.city,
        city_en=beside.city_en,
        address="演示路8号",
        demo=True,
    )
    services = OfficeService.objects.in_force(today).filter(office=beside)
    OfficeService.objects.bulk_create(
        OfficeService(office=office, service_id=service_id, valid_from=today)
        for service_id in services.values_list("service_id", flat=True)
    )
    return office


def _slots(office: Any, day: dt.date, windows: int) -> list[Any]:
    from bookings.models import Slot
    from offices.models import ServiceLine

    first = dt.datetime.combine(day, OPENS, tzinfo=office.zone)
    every = dt.timedelta(minutes=EVERY_MINUTES)
    line = ServiceLine.objects.get(code=LINE)
    return Slot.objects.bulk_create(
        Slot(
            office=office,
            line=line,
            date=day,
            starts_at=first + number * every,
            ends_at=first + (number + 1) * every,
            opens_at=first,
        )
        for number in range(windows)
    )


def _quotas(slots: list[Any], places: int) -> None:
    """All of them online: what is left for others at the hall is not part of the rush."""
    from bookings.models import Quota
    from offices.enums import Pool

    shares = {Pool.ONLINE: places, Pool.ASSISTED: 0, Pool.WALK_IN: 0}
    Quota.objects.bulk_create(
        Quota(slot=slot, pool=pool, capacity=capacity)
        for slot in slots
        for pool, capacity in shares.items()
    )


def main() -> None:
    import django

    django.setup()
    print(json.dumps(asdict(build(**json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
