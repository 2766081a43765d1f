"""When many people book at once: while the places of a new day are being released (放号)."""

import datetime as dt

from offices.domain.policy import policy_for
from offices.models import Office

# So long before, the background has finished what it was at.
BEFORE = dt.timedelta(minutes=1)
AFTER = dt.timedelta(minutes=15)
_DAY = dt.timedelta(days=1)


def release_is_on(now: dt.datetime) -> bool:
    """Whether an office releases its places a minute from now, or did within a quarter hour."""
    offices = Office.objects.filter(is_active=True).select_related("bureau__parent")
    return any(_since_release(office, now + BEFORE) < BEFORE + AFTER for office in offices)


def _since_release(office: Office, now: dt.datetime) -> dt.timedelta:
    """Since the last release, on the office's clock."""
    local = now.astimezone(office.zone)
    release = dt.datetime.combine(local, policy_for(office).release_time, tzinfo=office.zone)
    return (local - release) % _DAY
