"""What people book at community kiosks, by the site that the kiosk stands at (XM-14)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bookings.domain.counting import BOOKED
from bookings.enums import Channel, EventKind
from offices.models import Office, SelfServiceSite

# The first event of a booking keeps its site.
_BY_SITE = """
    SELECT event.data ->> 'site', count(*), sum(booking.places)
      FROM bookings_slot slot
      JOIN bookings_booking booking ON booking.slot_id = slot.id
      JOIN bookings_bookingevent event ON event.booking_id = booking.id AND event.kind = %(held)s
     WHERE slot.office_id = ANY(%(offices)s) AND slot.date BETWEEN %(first)s AND %(last)s
       AND booking.channel = %(kiosk)s AND booking.status = ANY(%(booked)s)
     GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """Bookings made at one site; `site` is None where the kiosk didn't say where it stands."""

    site: SelfServiceSite | None
    bookings: int
    places: int


def bookings_by_site(offices: Iterable[Office], first: dt.date, last: dt.date) -> list[SiteRow]:
    """By the day of the appointment, both days included, most bookings first. Two queries."""
    parameters: dict[str, Any] = {
        "offices": [office.pk for office in offices],
        "first": first,
        "last": last,
        "kiosk": Channel.KIOSK.value,
        "held": EventKind.HELD.value,
        "booked": list(BOOKED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_SITE, parameters)
        counted = list(cursor.fetchall())
    codes = [code for code, _bookings, _places in counted if code]
    sites = {site.code: site for site in SelfServiceSite.objects.filter(code__in=codes)}
    return [SiteRow(sites.get(code), bookings, places) for code, bookings, places in counted]
