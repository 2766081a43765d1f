"""Days that are over are counted once; a report of them is the same before and after."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings.domain import counting
from bookings.domain.counting import count_days, count_touched_days
from bookings.domain.lifecycle import cancel, mark_no_shows, reschedule
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.domain.reports import ChannelRow, bookings_by_channel, total
from bookings.models import Booking, ChannelDay, CountedDay, Slot
from offices.models import Office
from tests.factories import NOW, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TUESDAY = NOW.date() + DAY
# Tuesday is over on every clock of the world.
THURSDAY = NOW + 3 * DAY


def figures(first: dt.date = TUESDAY, last: dt.date = TUESDAY) -> dict[str, int]:
    return total(bookings_by_channel(Office.objects.all(), first, last))


def read_off_bookings(day: dt.date = TUESDAY) -> dict[str, int]:
    CountedDay.objects.filter(date=day).delete()
    return figures(day, day)


@pytest.fixture
def slot() -> Slot:
    """Of every kind of booking one, over two channels: three people with four documents stay."""
    slot = make_slot(online=20, assisted=5)
    couple = (make_person("passport-first", "hkm-permit-first"), make_person())
    book(make_party(slot, people=couple, channel="wechat"), SYSTEM, NOW)
    book(make_party(slot, channel="phone"), SYSTEM, NOW)
    cancel(book(make_party(slot), SYSTEM, NOW).pk, SYSTEM, NOW)
    hold_places(make_party(slot), SYSTEM, NOW)
    return slot


def test_a_report_is_the_same_before_and_after_its_days_are_counted(slot: Slot) -> None:
    mark_no_shows(slot.ends_at + DAY)
    book(make_party(make_slot(office=make_office("harbin-city"))), SYSTEM, NOW)
    before = bookings_by_channel([slot.office], TUESDAY, TUESDAY + DAY)
    assert count_days(THURSDAY) == 2
    after = bookings_by_channel([slot.office], TUESDAY, TUESDAY + DAY)
    assert after == before
    assert [row for row in after if row.people] == [
        ChannelRow("wechat", bookings=1, people=2, items=3, missed=1),
        ChannelRow("phone", bookings=1, people=1, items=1, missed=1),
    ]
    assert ChannelDay.objects.count() == 4


def test_counting_again_changes_nothing(slot: Slot) -> None:
    assert count_days(THURSDAY) == 2
    rows = list(ChannelDay.objects.values())
    assert count_days(THURSDAY) == 0
    count_touched_days(THURSDAY + DAY)
    assert list(ChannelDay.objects.values()) == rows


def test_a_day_that_is_not_over_everywhere_is_read_off_its_bookings(slot: Slot) -> None:
    count_days(slot.ends_at + dt.timedelta(hours=6))
    assert not CountedDay.objects.filter(date=TUESDAY).exists()
    book(make_party(slot, channel="web"), SYSTEM, NOW)
    assert figures()["bookings"] == 3


def test_a_day_is_counted_again_when_something_happened_to_one_of_its_bookings(slot: Slot) -> None:
    count_days(THURSDAY)
    late = THURSDAY + DAY
    cancel(Booking.objects.get(channel="phone").pk, SYSTEM, late, by_staff=True)
    assert figures()["cancelled"] == 1
    assert count_touched_days(late) == 1
    assert figures()["cancelled"] == 2
    assert figures() == read_off_bookings()


def test_what_was_committed_late_is_seen_the_next_time(slot: Slot) -> None:
    count_days(THURSDAY)
    late = THURSDAY + DAY
    cancel(Booking.objects.get(channel="phone").pk, SYSTEM, late, by_staff=True)
    # Of the last minutes there may be more than one sees.
    minutes = (1, 9, 11, 12)
    assert [count_touched_days(late + dt.timedelta(minutes=n)) for n in minutes] == [1, 1, 1, 0]


def test_of_a_booking_that_moved_both_days_are_counted_again(slot: Slot) -> None:
    count_days(THURSDAY)
    next_week = make_slot(starts_at=THURSDAY + 4 * DAY)
    booking = Booking.objects.get(channel="wechat")
    reschedule(booking.pk, next_week.pk, SYSTEM, THURSDAY + DAY, by_staff=True)
    assert count_touched_days(THURSDAY + DAY) == 1
    assert figures() == read_off_bookings()
    assert figures()["bookings"] == 1


def test_what_interrupts_the_counting_leaves_the_rest_for_the_next_time(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_days(THURSDAY)
    late = THURSDAY + DAY
    cancel(Booking.objects.get(channel="phone").pk, SYSTEM, late, by_staff=True)
    later = late + dt.timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr(counting, "_count", lambda *_arguments, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            count_touched_days(later)
    assert [count_touched_days(later), count_touched_days(later)] == [1, 0]
    assert figures() == read_off_bookings()


def test_the_latest_days_are_counted_first(slot: Slot) -> None:
    make_slot(starts_at=NOW - 20 * DAY)
    assert count_days(THURSDAY, limit=3) == 3
    days = [TUESDAY - 2 * DAY, TUESDAY - DAY, TUESDAY]
    assert list(CountedDay.objects.values_list("date", flat=True)) == days
    assert count_days(THURSDAY, limit=100) > 15
    assert count_days(THURSDAY) == 0


def test_the_figures_stay_when_the_bookings_are_deleted(slot: Slot) -> None:
    before = figures()
    count_days(THURSDAY)
    Booking.objects.all().delete()
    count_touched_days(THURSDAY + DAY)
    count_days(THURSDAY + DAY)
    assert figures() == before


def test_without_any_window_there_is_nothing_to_count() -> None:
    assert (count_days(NOW), count_touched_days(NOW)) == (0, 0)
    assert figures(dt.date.min, dt.date.max) == dict.fromkeys(
        ("bookings", "people", "items", "missed", "cancelled"), 0
    )


def test_a_report_over_all_times_takes_four_queries_at_most(
    slot: Slot, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    offices = list(Office.objects.all())
    for _counted in range(2):
        with django_assert_max_num_queries(4):
            bookings_by_channel(offices, dt.date.min, dt.date.max)
        count_days(THURSDAY)
