"""When the background gives way: around the release of a new day, on the office's own clock."""

import datetime as dt

import pytest

from bookings.domain.rush import release_is_on
from tests.factories import make_office

pytestmark = pytest.mark.django_db

# 08:00 in China.
RELEASE = dt.datetime(2026, 8, 3, 0, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (RELEASE - MINUTE - SECOND, False),
        (RELEASE - MINUTE, True),
        (RELEASE, True),
        (RELEASE + 15 * MINUTE - SECOND, True),
        (RELEASE + 15 * MINUTE, False),
        (RELEASE + 12 * 60 * MINUTE, False),
    ],
)
def test_from_a_minute_before_until_a_quarter_of_an_hour_after(
    moment: dt.datetime, on: bool
) -> None:
    make_office()

    assert release_is_on(moment) is on


def test_each_office_releases_at_its_own_time() -> None:
    make_office("midnight", policy={"release_time": "00:00"})

    assert not release_is_on(RELEASE)
    assert release_is_on(RELEASE - 8 * 60 * MINUTE - SECOND)
    assert release_is_on(RELEASE - 8 * 60 * MINUTE + 14 * MINUTE)


def test_a_release_shortly_before_midnight_lasts_beyond_it() -> None:
    make_office("late", policy={"release_time": "23:55"})

    assert release_is_on(RELEASE - 8 * 60 * MINUTE + 5 * MINUTE)


def test_the_clock_is_the_offices() -> None:
    make_office("kashgar", timezone="Asia/Urumqi")

    assert not release_is_on(RELEASE)
    assert release_is_on(RELEASE + 120 * MINUTE)


def test_an_office_that_is_closed_for_good_releases_nothing() -> None:
    make_office(is_active=False)

    assert not release_is_on(RELEASE)
