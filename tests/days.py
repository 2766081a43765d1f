"""Days that are over, with their figures, as a worker has counted them."""

import datetime as dt

from bookings.enums import Channel
from bookings.models import ChannelDay, CountedDay
from offices.enums import Pool
from offices.models import Office
from tests.factories import make_slot, quota_of


def count_day(
    office: Office, date: dt.date, people: int, *, items: int | None = None, missed: int = 0
) -> None:
    """So many people came with a booking of one each."""
    CountedDay.objects.get_or_create(date=date, defaults={"seen_event": 0})
    ChannelDay.objects.create(
        office=office,
        date=date,
        channel=Channel.WEB,
        bookings=people,
        people=people,
        items=people if items is None else items,
        missed=missed,
        cancelled=0,
    )


def make_day(
    office: Office,
    date: dt.date,
    places: int,
    *,
    people: int | None = None,
    walk_ins: int = 0,
    hour: int = 9,
    missed: int = 0,
) -> None:
    """A window of so many places on the day; `people` had a booking for the day, if it is over."""
    starts_at = dt.datetime.combine(date, dt.time(hour), tzinfo=office.zone)
    slot = make_slot(online=places - walk_ins, walk_in=walk_ins, office=office, starts_at=starts_at)
    quota = quota_of(slot, Pool.WALK_IN)
    type(quota).objects.filter(pk=quota.pk).update(taken=walk_ins)
    if people is not None:
        count_day(office, date, people, missed=missed)


def weekdays_before(day: dt.date, weeks: int) -> list[dt.date]:
    """Mondays to Fridays of so many weeks up to the day, itself not included."""
    days = (day - dt.timedelta(days=n) for n in range(1, weeks * 7 + 1))
    return [one for one in days if one.weekday() < 5]
