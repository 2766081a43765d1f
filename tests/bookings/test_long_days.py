"""Longer days at an examination hall: other hours for a season, and extra sessions."""

import datetime as dt

import pytest

from bookings.domain.hours import add_hours
from bookings.domain.parties import SYSTEM
from bookings.domain.publishing import publish
from bookings.models import Slot
from offices.models import Office, OpeningHours
from tests.factories import NOW, make_line, make_office

pytestmark = pytest.mark.django_db
# A Tuesday, the day after NOW, and the one after it.
USUAL, LONG = dt.date(2026, 8, 4), dt.date(2026, 8, 11)


def tuesdays(office: Office, *stretches: tuple[dt.time, dt.time], **fields: object) -> list:
    """Rows, not saved, of Tuesday's hours."""
    return [
        OpeningHours(
            office=office,
            line=make_line(),
            weekday=1,
            opens=opens,
            closes=closes,
            capacity=10,
            **{"valid_from": dt.date(2026, 1, 1), **fields},
        )
        for opens, closes in stretches
    ]


def starts(day: dt.date) -> list[str]:
    slots = Slot.objects.filter(date=day, closed_at=None).select_related("office")
    return [f"{slot.local_start:%H:%M}" for slot in slots.order_by("starts_at")]


@pytest.mark.row("FS-27")
def test_hours_of_a_season_begin_half_an_hour_earlier_without_a_break_until_ten_at_night() -> None:
    office = make_office()
    usual = [(dt.time(8, 30), dt.time(12)), (dt.time(14), dt.time(17, 30))]
    OpeningHours.objects.bulk_create(tuesdays(office, *usual))
    publish(office, NOW)
    long = tuesdays(
        office,
        (dt.time(8), dt.time(22)),
        valid_from=dt.date(2026, 8, 10),
        valid_until=dt.date(2026, 8, 31),
        season="考试高峰",
    )
    add_hours(office, long, instead=True, reason="考试高峰", actor=SYSTEM, now=NOW)

    assert (starts(USUAL)[0], starts(USUAL)[-1], len(starts(USUAL))) == ("08:30", "17:00", 14)
    assert (starts(LONG)[0], starts(LONG)[-1], len(starts(LONG))) == ("08:00", "21:30", 28)
    # No lunch break.
    assert "12:30" in starts(LONG)
