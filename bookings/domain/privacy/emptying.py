"""Taking the people out of what stays: rows, places and figures are as true as before."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bookings.models import HomeVisit, UrgentRequest

# Where somebody lives and whether they study stay: figures are counted by them, and alone they
# tell nobody who it was. Needs of the priority lane are data about health, and go.
_DETAILS = """
WITH people AS (
    UPDATE bookings_attendee
       SET name = '', id_number = '', birth_date_text = '', priority = 'none'
     WHERE booking_id = ANY(%(ids)s) AND name <> ''
)
UPDATE bookings_booking
   SET contact_phone = '', contact_phone_hash = NULL, contact_email = '', delivery_address = ''
 WHERE id = ANY(%(ids)s)
   AND (contact_phone <> '' OR contact_phone_hash IS NOT NULL OR contact_email <> ''
        OR delivery_address <> '')
"""
# Nobody stays away from a window of half a year ago: it no longer keeps them from booking.
_IDENTITIES = """
UPDATE bookings_attendee SET identity_hash = '', active = false
 WHERE booking_id = ANY(%(ids)s) AND identity_hash <> ''
"""
_USED = """
UPDATE applicants_applicant AS person
   SET used_on = visit.day
  FROM (
    SELECT booking.account_id, attendee.identity_hash, max(slot.date) AS day
      FROM bookings_booking AS booking
      JOIN bookings_slot AS slot ON slot.id = booking.slot_id
      JOIN bookings_attendee AS attendee ON attendee.booking_id = booking.id
     WHERE booking.id = ANY(%(ids)s) AND booking.account_id IS NOT NULL
     GROUP BY booking.account_id, attendee.identity_hash
  ) AS visit
 WHERE person.account_id = visit.account_id AND person.identity_hash = visit.identity_hash
   AND (person.used_on IS NULL OR person.used_on < visit.day)
"""


def empty_details(booking_ids: Sequence[int]) -> None:
    """Names, numbers, birth dates, contacts and addresses. Doing it twice changes nothing."""
    _execute(_DETAILS, ids=list(booking_ids))


def empty_identities(booking_ids: Sequence[int]) -> None:
    """The keyed hash, by which visits of one person are told to belong together."""
    _execute(_IDENTITIES, ids=list(booking_ids))


def note_use(booking_ids: Sequence[int]) -> None:
    """Write down when the people of the households were last booked for, before it is emptied."""
    _execute(_USED, ids=list(booking_ids))


def empty_urgent(requests: "QuerySet[UrgentRequest]") -> int:
    return requests.exclude(name="").update(**_PERSON)


def empty_visits(visits: "QuerySet[HomeVisit]") -> int:
    return visits.exclude(name="").update(**_PERSON, address="", circumstances="")


_PERSON: dict[str, Any] = {
    "name": "",
    "id_number": "",
    "identity_hash": b"",
    "contact_phone": "",
    "contact_email": "",
}


def _execute(sql: str, **parameters: list[int] | dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
