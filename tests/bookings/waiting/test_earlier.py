"""Who has a booking is told of earlier times: once a day, in time, and moves by themselves."""

import datetime as dt

import pytest

from applicants.domain.texts import render
from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain.errors import TooLate, WrongStatus
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.waiting.earlier import ask_for_earlier, tell_of_earlier_times
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import WaitingState
from bookings.models import Booking, Slot, WaitingEntry
from tests.bookings.waiting.conftest import Waiter
from tests.citizens import make_account
from tests.factories import NOW, make_office, make_party, make_slot

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def mine(holder: Booking, slot: Slot) -> Booking:
    """A booking two days after the full window."""
    late = make_slot(3, starts_at=slot.starts_at + 2 * DAY)
    return book(make_party(late), Actor(account=make_account()), NOW)


@pytest.fixture
def entry(mine: Booking) -> WaitingEntry:
    return ask_for_earlier(make_account(), mine, NOW)


def told() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.EARLIER_PLACE).order_by("pk"))


def test_nothing_is_said_while_all_is_full(entry: WaitingEntry) -> None:
    assert tell_of_earlier_times(NOW) == 0
    assert told() == []


def test_an_earlier_time_is_told_once_everybody_may_have_it(
    entry: WaitingEntry, holder: Booking, slot: Slot
) -> None:
    cancel(holder.pk, SYSTEM, NOW)
    assert tell_of_earlier_times(NOW) == 0
    assert tell_of_earlier_times(NOW + 10 * MINUTES) == 1
    (message,) = told()
    text = render(message)
    assert "有更早的时段可约：8月4日（周二）10:00" in text
    assert "您的预约仍然有效：8月6日（周四）10:00–10:30" in text
    assert message.not_after == slot.starts_at


def test_at_most_once_a_day(entry: WaitingEntry, holder: Booking) -> None:
    make_slot(2, starts_at=NOW + 2 * DAY)
    assert tell_of_earlier_times(NOW) == 1
    assert tell_of_earlier_times(NOW + 5 * MINUTES) == 0
    assert tell_of_earlier_times(NOW + DAY) == 1
    assert len(told()) == 2


def test_nobody_is_woken(entry: WaitingEntry, holder: Booking) -> None:
    make_slot(2, starts_at=NOW + DAY + 6 * HOUR)
    assert [tell_of_earlier_times(NOW + hours * HOUR) for hours in (13, 18, 23)] == [0, 0, 0]
    assert tell_of_earlier_times(NOW + DAY) == 1
    assert told()[0].due_at == NOW + DAY


def test_those_for_whom_nothing_is_free_keep_nobody_else_from_being_told(
    entry: WaitingEntry, mine: Booking, slot: Slot
) -> None:
    early = book(
        make_party(make_slot(1, starts_at=slot.starts_at + MINUTES)),
        Actor(account=make_account("+8613500135000")),
        NOW,
    )
    WaitingEntry.objects.filter(pk=entry.pk).update(made_at=NOW + MINUTES)
    ask_for_earlier(make_account("+8613500135000"), early, NOW)
    make_slot(1, starts_at=slot.starts_at + DAY)
    assert tell_of_earlier_times(NOW, limit=1) == 1
    assert [message.reference for message in told()] == [mine.number]


def test_who_has_no_place_at_all_goes_first(
    entry: WaitingEntry, waiter: Waiter, holder: Booking
) -> None:
    waiter()
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_to_waiting_list(NOW) == 1
    assert tell_of_earlier_times(NOW + 10 * MINUTES) == 0


def test_later_times_and_the_last_hours_are_no_news(entry: WaitingEntry, mine: Booking) -> None:
    make_slot(2, starts_at=mine.slot.starts_at + DAY)
    make_slot(2, starts_at=NOW + 4 * HOUR)
    assert tell_of_earlier_times(NOW) == 0


def test_the_whole_party_must_fit(entry: WaitingEntry, mine: Booking) -> None:
    family = book(make_party(mine.slot, 2), Actor(account=make_account("+8613500135000")), NOW)
    ask_for_earlier(make_account("+8613500135000"), family, NOW)
    make_slot(1, starts_at=NOW + DAY)
    assert tell_of_earlier_times(NOW) == 1
    assert [message.reference for message in told()] == [mine.number]


def test_it_ends_with_the_booking(entry: WaitingEntry, mine: Booking) -> None:
    cancel(mine.pk, SYSTEM, NOW)
    tell_of_earlier_times(NOW)
    entry.refresh_from_db()
    assert entry.state == WaitingState.DONE


def test_who_moved_is_told_of_what_is_earlier_still(
    entry: WaitingEntry, mine: Booking, holder: Booking
) -> None:
    closer = make_slot(2, starts_at=NOW + DAY + 5 * HOUR)
    reschedule(mine.pk, closer.pk, SYSTEM, NOW)
    assert tell_of_earlier_times(NOW) == 0
    cancel(holder.pk, SYSTEM, NOW)
    assert tell_of_earlier_times(NOW + 10 * MINUTES) == 1


def test_who_moved_to_another_office_is_not_sent_to_the_former_one(
    entry: WaitingEntry, mine: Booking
) -> None:
    elsewhere = make_slot(1, office=make_office("xiamen-jimei"), starts_at=mine.slot.starts_at)
    reschedule(mine.pk, elsewhere.pk, SYSTEM, NOW)
    make_slot(1, starts_at=NOW + DAY)
    assert tell_of_earlier_times(NOW) == 0


def test_asking_twice_is_asking_once(entry: WaitingEntry, mine: Booking) -> None:
    assert ask_for_earlier(make_account(), mine, NOW).pk == entry.pk


def test_what_cannot_be_moved_cannot_be_moved_earlier(mine: Booking) -> None:
    with pytest.raises(TooLate):
        ask_for_earlier(make_account(), mine, mine.slot.starts_at - 5 * MINUTES)
    cancel(mine.pk, SYSTEM, NOW)
    mine.refresh_from_db()
    with pytest.raises(WrongStatus):
        ask_for_earlier(make_account(), mine, NOW)
