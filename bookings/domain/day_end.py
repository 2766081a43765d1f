"""Visits that nobody ended: in halls that call nobody by number, or whoever missed the call.

While a visit lasts, its people can't book the same line again (rule 3). It doesn't last longer
than its day, whether anybody says so or not.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bookings.domain.ending import end_all
from bookings.enums import EventKind, Status
from bookings.models import Booking

# A worker that was away for a night catches up.
LATELY = dt.timedelta(days=3)


def end_visits(now: dt.datetime, limit: int = 500) -> int:
    """End up to `limit` visits of the last days before today; how many. Their places stay taken.

    Safe to run twice, or by two workers at once.
    """
    return _end_visits(Q(slot__ends_at__gt=now - LATELY), now, limit)


def end_old_visits(now: dt.datetime, limit: int = 500) -> int:
    """The same for days of any age. It looks at every window that ever was."""
    return _end_visits(Q(), now, limit)


@transaction.atomic
def _end_visits(which: Q, now: dt.datetime, limit: int) -> int:
    begun = Booking.objects.filter(which, status=Status.CHECKED_IN)
    left = begun.filter(slot__date__lt=timezone.localdate(now)).order_by("pk")[:limit]
    locked = left.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return len(end_all(locked, Status.SERVED, EventKind.SERVED, now).numbers)
