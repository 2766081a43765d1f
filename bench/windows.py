"""Windows of a house that is there already, with room for a whole measurement.

Runs inside Django: python -m bench.windows COUNT prints a scene.
"""

import datetime as dt
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bench.scene import LINE, PARTNER, Scene

if TYPE_CHECKING:
    from bench.stage import Stage

OFFICES = 200
ROOM = 100_000


def windows_with_room(stage: "Stage", count: int) -> Scene:
    """So many windows of the coming days, spread over at most `OFFICES` offices."""
    return Scene(**json.loads(stage.python("bench.windows", str(count))))


def build(count: int) -> Scene:
    """The same inside Django."""
    from django.db.models import F, TextField
    from django.db.models.functions import MD5, Cast
    from django.utils import timezone

    from bookings.models import Quota, Slot
    from offices.enums import Pool
    from offices.models import Office
    from partners.domain.registration import register
    from partners.enums import Scope

    codes = list(Office.objects.order_by("pk").values_list("code", flat=True)[:OFFICES])
    _key, token = register(PARTNER, Scope.values, codes)
    _let_people_book_again()
    now = timezone.now()
    soon = timezone.localdate(now) + dt.timedelta(days=1)
    ahead = Slot.objects.filter(
        office__code__in=codes, line__code=LINE, date__gt=soon, opens_at__lte=now
    )
    mixed = ahead.order_by(MD5(Cast("pk", TextField())))
    slots = list(mixed.values_list("pk", flat=True)[:count])
    Quota.objects.filter(slot__in=slots, pool=Pool.ONLINE).update(capacity=F("taken") + ROOM)
    return Scene(token, slots, codes)


def _let_people_book_again() -> None:
    """Those who booked in an earlier measurement have been served since."""
    from bookings.enums import Status
    from bookings.models import Attendee, Booking

    earlier = Booking.objects.filter(partner__name=PARTNER, status=Status.CONFIRMED)
    Attendee.objects.filter(booking__in=earlier, active=True).update(active=False)
    earlier.update(status=Status.SERVED)


def main() -> None:
    import django

    django.setup()
    print(json.dumps(asdict(build(int(sys.argv[1])))))


if __name__ == "__main__":
    main()
