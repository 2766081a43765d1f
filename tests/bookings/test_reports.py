"""The report by channel."""

import datetime as dt

import pytest

from bookings.domain.lifecycle import cancel, mark_no_shows
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.domain.reports import ChannelRow, bookings_by_channel, total
from bookings.enums import Channel
from tests.factories import NOW, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db
TOMORROW = NOW.date() + dt.timedelta(days=1)
DAY = dt.timedelta(days=1)


def rows(office=None, first=TOMORROW, last=TOMORROW) -> dict[str, ChannelRow]:
    report = bookings_by_channel([office or make_office()], first, last)
    return {row.channel: row for row in report}


@pytest.mark.row("JJ-16")
def test_a_booking_keeps_its_channel_and_the_report_splits_by_it():
    slot = make_slot(online=20, assisted=5)
    family = tuple(make_person("passport-first", "hkm-permit-first") for _ in range(3))
    wechat = book(make_party(slot, people=family, channel=Channel.WECHAT), SYSTEM, NOW)
    book(make_party(slot, 2, channel=Channel.WEB), SYSTEM, NOW)
    book(make_party(slot, 1, channel=Channel.WEB), SYSTEM, NOW)
    book(make_party(slot, 1, channel=Channel.PHONE), SYSTEM, NOW)
    wechat.refresh_from_db()
    assert wechat.channel == "wechat"
    report = rows()
    assert list(report) == Channel.values
    assert report["wechat"] == ChannelRow("wechat", 1, 3, 6, 0, 0)
    assert report["web"] == ChannelRow("web", 2, 3, 3, 0, 0)
    assert report["phone"] == ChannelRow("phone", 1, 1, 1, 0, 0)
    assert report["kiosk"] == ChannelRow("kiosk", 0, 0, 0, 0, 0)
    assert total(report.values()) == {
        "bookings": 4,
        "people": 7,
        "items": 10,
        "missed": 0,
        "cancelled": 0,
    }


def test_missed_ones_are_among_the_bookings_and_cancelled_ones_beside_them():
    slot = make_slot(online=20)
    cancelled, _missed, _held = (
        book(make_party(slot), SYSTEM, NOW),
        book(make_party(slot), SYSTEM, NOW),
        hold_places(make_party(slot), SYSTEM, NOW),
    )
    cancel(cancelled.pk, SYSTEM, NOW)
    mark_no_shows(slot.ends_at + DAY)
    assert rows()["web"] == ChannelRow("web", 1, 1, 1, missed=1, cancelled=1)


def test_only_the_days_and_offices_asked_for_are_counted():
    elsewhere = make_office("harbin-city")
    for slot in (make_slot(), make_slot(starts_at=NOW + 3 * DAY), make_slot(office=elsewhere)):
        book(make_party(slot), SYSTEM, NOW)
    assert rows()["web"].bookings == 1
    assert rows(last=TOMORROW + 2 * DAY)["web"].bookings == 2
    assert rows(elsewhere)["web"].bookings == 1
    both = bookings_by_channel([elsewhere, make_office()], TOMORROW, TOMORROW)
    assert total(both)["bookings"] == 2


def test_the_report_takes_four_queries_whatever_it_counts(django_assert_num_queries):
    slot = make_slot(online=20)
    for count in (1, 3):
        for _booking in range(count):
            book(make_party(slot, 2), SYSTEM, NOW)
        with django_assert_num_queries(4):
            bookings_by_channel([slot.office], TOMORROW, TOMORROW)
