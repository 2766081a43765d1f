"""On which days people are booked, before somebody changes what these days are."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count

from bookings.enums import PENDING
from bookings.models import Booking
from offices.models import Office


def bookings_by_day(offices: Iterable[Office], days: Iterable[dt.date]) -> dict[dt.date, int]:
    """How many bookings that are still to be kept these offices have on each of the days."""
    booked = Booking.objects.filter(
        slot__office__in=offices, slot__date__in=list(days), status__in=PENDING
    )
    counted = booked.order_by("slot__date").values_list("slot__date").annotate(Count("pk"))
    return dict(counted)
