"""How long personal data are kept: one table, which the notice shows and retention obeys.

The defaults are those of the settings; docs/operations.md lists them.
"""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings

SIGN_IN_CODES = "sign_in_codes"
BOOKINGS = "bookings"
NO_SHOWS = "no_shows"
MESSAGES = "messages"
UNUSED = "unused"
UNUSED_NOTICE = "unused_notice"
SUSPENSIONS = "suspensions"
GROUPS = "groups"


def days() -> Mapping[str, int]:
    """By what is kept: whole days after it was last needed."""
    table: Mapping[str, int] = settings.KEPT_DAYS
    return table


def period(of: str) -> dt.timedelta:
    return dt.timedelta(days=days()[of])
