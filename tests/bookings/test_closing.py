"""Windows and days closed and opened again; who is booked keeps the place."""

import datetime as dt

import pytest

from applicants.models import Account
from bookings.domain.closing import close_day, close_slots, reopen_day, reopen_slots
from bookings.domain.errors import SlotFull, SlotNotOpen
from bookings.domain.lifecycle import confirm, reschedule
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.publishing import publish
from bookings.enums import Status
from bookings.models import Booking, QuotaChange, Slot
from offices.models import Closure, OpeningHours
from tests.factories import (
    LONG_AGO,
    NOW,
    make_line,
    make_office,
    make_party,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TOMORROW = NOW.date() + dt.timedelta(days=1)


@pytest.fixture
def actor() -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def kinds() -> list[str]:
    return list(QuotaChange.objects.order_by("pk").values_list("kind", flat=True))


def test_a_closed_window_takes_nobody_and_keeps_who_is_booked(actor):
    slot = make_slot(online=5)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    hold = hold_places(make_party(slot), SYSTEM, NOW)
    in_the_way = close_slots([slot.pk], reason="设备检修", actor=actor, now=NOW)
    assert [one.number for one in in_the_way] == [booking.number, hold.number]
    with pytest.raises(SlotNotOpen):
        book(make_party(slot), SYSTEM, NOW)
    assert Booking.objects.get(pk=booking.pk).status == Status.CONFIRMED
    assert confirm(hold.pk, SYSTEM, NOW).status == Status.CONFIRMED
    assert quota_of(slot).taken == 3
    slot.refresh_from_db()
    assert (slot.closed_at, slot.close_reason) == (NOW, "设备检修")


def test_who_is_booked_at_a_closed_window_can_be_moved(actor):
    slot, other = make_slot(online=5), make_slot(online=5, starts_at=NOW + 27 * HOUR)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    close_slots([slot.pk], reason="设备检修", actor=actor, now=NOW)
    reschedule(booking.pk, other.pk, actor, NOW, by_staff=True)
    assert (quota_of(slot).taken, quota_of(other).taken) == (0, 2)


def test_closing_and_reopening_are_kept_in_the_history(actor):
    slot = make_slot(online=5)
    for _time in range(2):
        close_slots([slot.pk], reason="设备检修", actor=actor, now=NOW)
    assert kinds() == ["closed"] * 3
    for _time in range(2):
        reopen_slots([slot.pk], reason="已修好", actor=actor, now=NOW + HOUR)
    assert kinds() == ["closed"] * 3 + ["reopened"] * 3
    change = QuotaChange.objects.filter(quota=quota_of(slot)).order_by("pk").last()
    assert (change.from_capacity, change.to_capacity, change.version) == (5, 5, 3)
    assert quota_of(slot).version == 3
    assert book(make_party(slot), SYSTEM, NOW).slot == slot


def test_closing_needs_a_reason(actor):
    with pytest.raises(ValueError, match="reason"):
        close_slots([make_slot().pk], reason=" ", actor=actor, now=NOW)


def test_a_window_that_is_over_is_not_closed(actor):
    slot = make_slot(starts_at=NOW - 2 * HOUR)
    close_slots([slot.pk], reason="迟了", actor=actor, now=NOW)
    slot.refresh_from_db()
    assert (slot.closed_at, kinds()) == (None, [])


@pytest.fixture
def published():
    """Two windows tomorrow, from 10:00 to 11:00, as the weekly hours have them."""
    office, line = make_office(), make_line()
    OpeningHours.objects.create(
        office=office,
        line=line,
        weekday=TOMORROW.weekday(),
        opens=dt.time(10),
        closes=dt.time(11),
        capacity=10,
        valid_from=LONG_AGO,
    )
    publish(office, NOW)
    return Slot.objects.filter(office=office, date=TOMORROW)


def test_a_closed_day_stays_closed_when_published_again(actor, published):
    office, line = make_office(), make_line()
    booking = book(make_party(published[0]), SYSTEM, NOW)
    in_the_way = close_day(office, line, TOMORROW, reason="台风", actor=actor, now=NOW)
    assert [one.number for one in in_the_way] == [booking.number]
    publish(office, NOW + HOUR)
    assert set(published.values_list("closed_at", "close_reason")) == {(NOW, "台风")}
    assert Closure.objects.get().created_by == actor.operator


def test_a_reopened_day_has_its_windows_back_except_those_closed_before(actor, published):
    office, line = make_office(), make_line()
    first, second = published
    close_slots([first.pk], reason="窗口检修", actor=actor, now=NOW)
    close_day(office, line, TOMORROW, reason="台风", actor=actor, now=NOW + HOUR)
    opened = reopen_day(Closure.objects.get(), reason="台风过境", actor=actor, now=NOW + 2 * HOUR)
    assert opened == [second.pk]
    assert list(published.values_list("close_reason", flat=True)) == ["窗口检修", ""]
    assert Closure.objects.count() == 0
    assert publish(office, NOW + 2 * HOUR).changed == 0


def test_a_day_that_was_closed_before_it_was_published_opens_with_its_windows(actor):
    office, line = make_office(), make_line()
    later = NOW.date() + dt.timedelta(days=2)
    OpeningHours.objects.create(
        office=office,
        line=line,
        weekday=later.weekday(),
        opens=dt.time(10),
        closes=dt.time(11),
        capacity=10,
        valid_from=LONG_AGO,
    )
    close_day(office, None, later, reason="停电", actor=actor, now=NOW)
    publish(office, NOW)
    assert Slot.objects.filter(date=later).count() == 0
    reopen_day(Closure.objects.get(), reason="供电恢复", actor=actor, now=NOW)
    assert Slot.objects.filter(date=later).count() == 2


def test_another_line_of_the_same_day_stays_open(actor):
    slot, foreigners = make_slot(), make_slot(line="foreigners")
    close_day(make_office(), slot.line, TOMORROW, reason="停电", actor=actor, now=NOW)
    assert [Slot.objects.get(pk=s.pk).closed_at for s in (slot, foreigners)] == [NOW, None]


@pytest.mark.parametrize("size", [1, 3])
def test_nobody_takes_over_an_expired_hold_of_a_window_that_is_being_closed(
    actor: Actor, size: int
) -> None:
    """Those who are booked have been listed by then, and nobody would tell one more."""
    slot = make_slot(3)
    hold_places(make_party(slot, size), SYSTEM, NOW - HOUR)
    if size < 3:
        book(make_party(slot, 3 - size), SYSTEM, NOW)

    def close_meanwhile(_booking: Booking) -> None:
        close_slots([slot.pk], reason="停电", actor=actor, now=NOW)

    with pytest.raises(SlotFull):
        book(make_party(slot), SYSTEM, NOW, close_meanwhile)
    assert quota_of(slot).taken == 3
