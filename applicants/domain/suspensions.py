"""Who is kept from booking online for a while."""

import datetime as dt
from collections.abc import Sequence

from applicants.models import Suspension

_IN_FORCE = """/*prepared*/
    SELECT id, identity_hash, starts_at, ends_at, no_shows, lifted_at FROM applicants_suspension
     WHERE identity_hash = ANY(%s) AND starts_at <= %s AND ends_at > %s AND lifted_at IS NULL
     ORDER BY starts_at DESC LIMIT 1
"""


def suspension_in_force(identity_hashes: Sequence[bytes], now: dt.datetime) -> Suspension | None:
    """The latest one that holds for any of these people."""
    found = Suspension.objects.raw(_IN_FORCE, [list(identity_hashes), now, now])
    return next(iter(found), None)
