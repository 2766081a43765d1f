"""Publishes far ahead, and writes such rows without the product, some of the offices a round.

Runs inside Django: python -m bench.publishing DAYS ROUNDS prints a line of JSON for each round.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# As many days later as keeps the weekday: windows that nobody has published.
_LATER = "interval '371 days'"
_COPY = f"""
CREATE TEMP TABLE later_slot ON COMMIT DROP AS
SELECT copy.* FROM bookings_slot AS slot, jsonb_populate_record(slot, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('bookings_slot', 'id')), 'date', slot.date + {_LATER},
    'starts_at', slot.starts_at + {_LATER}, 'ends_at', slot.ends_at + {_LATER}
)) AS copy WHERE slot.id > %s;
CREATE TEMP TABLE later_quota ON COMMIT DROP AS
SELECT copy.* FROM later_slot AS later
JOIN bookings_slot AS slot ON slot.office_id = later.office_id AND slot.line_id = later.line_id
    AND slot.starts_at = later.starts_at - {_LATER}
JOIN bookings_quota AS quota ON quota.slot_id = slot.id,
jsonb_populate_record(quota, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('bookings_quota', 'id')), 'slot_id', later.id
)) AS copy
"""
_BARE = (
    "INSERT INTO bookings_slot SELECT * FROM later_slot",
    "INSERT INTO bookings_quota SELECT * FROM later_quota",
)


def measure(days: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Seconds of each round for the first time, for the second, and for the bare SQL."""
    from django.utils import timezone

    from bookings.domain.publishing import PublishReport, publish
    from offices.models import Bureau, Office

    Bureau.objects.update(policy={"horizon_days": days})
    now = timezone.now()
    offices = list(Office.objects.order_by("pk"))
    # The first one of a process loads what it needs.
    publish(offices.pop(), now)

    def all_of(some: Sequence[Office]) -> PublishReport:
        return sum((publish(office, now) for office in some), PublishReport())

    for number in range(rounds):
        some = offices[number::rounds]
        before = _newest_slot()
        first, report = _timed(lambda some=some: all_of(some))
        again, nothing = _timed(lambda some=some: all_of(some))
        yield {
            "offices": len(some),
            "windows": report.created,
            "first": first,
            "again": again,
            "changed_again": nothing.created + nothing.changed + nothing.removed,
            "bare": _bare(before),
        }


def _newest_slot() -> int:
    from django.db.models import Max

    from bookings.models import Slot

    newest: int = Slot.objects.aggregate(newest=Max("pk"))["newest"]
    return newest


def _bare(after: int) -> float:
    """Seconds until rows like those after this slot are written and kept."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute(_COPY, [after])
            begun = time.monotonic()
            for sql in _BARE:
                cursor.execute(sql)
        return time.monotonic() - begun


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.monotonic()
    done = do()
    return time.monotonic() - begun, done


def main() -> None:
    import django

    django.setup()
    for row in measure(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
