"""Nobody is woken, or loses a place by sleeping."""

import datetime as dt

NIGHT, MORNING = dt.time(22, 0), dt.time(9, 0)


def awake(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The next morning, for a moment of the night."""
    local = moment.astimezone(zone)
    if _is_day(local):
        return moment
    day = local.date() + dt.timedelta(days=int(local.time() >= NIGHT))
    return dt.datetime.combine(day, MORNING, tzinfo=zone)


def before_night(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The evening before, for a moment of the night."""
    local = moment.astimezone(zone)
    if _is_day(local):
        return moment
    day = local.date() - dt.timedelta(days=int(local.time() < MORNING))
    return dt.datetime.combine(day, NIGHT, tzinfo=zone)


def _is_day(local: dt.datetime) -> bool:
    return MORNING <= local.time() < NIGHT
