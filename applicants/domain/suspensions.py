"""Who is kept from booking online for a while."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

_IN_FORCE = """/*prepared*/
    SELECT ends_at, no_shows FROM applicants_suspension
     WHERE identity_hash = ANY(%s) AND starts_at <= %s AND ends_at > %s AND lifted_at IS NULL
     ORDER BY ends_at DESC LIMIT 1
"""


class InForce(NamedTuple):
    """Until when, and after how many missed appointments."""

    ends_at: dt.datetime
    no_shows: int


def suspension_in_force(identity_hashes: Sequence[bytes], now: dt.datetime) -> InForce | None:
    """The one that holds longest for any of these people."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [list(identity_hashes), now, now])
        row = cursor.fetchone()
    return InForce(*row) if row else None
