"""Places that come back to a full window: first for those who wait, then at a random moment."""

import datetime as dt

import pytest

from bookings.domain import allocation, board
from bookings.domain.errors import SlotFull
from bookings.domain.lifecycle import cancel, expire_holds, reschedule
from bookings.domain.nearest import nearest_times
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.models import Booking, Slot
from tests.concurrency.race import violations
from tests.factories import NOW, make_bureau, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
# The default of `reappear_minutes`.
LATEST = NOW + 10 * MINUTE
# Those who wait are asked before anybody else may see a place.
EARLIEST = NOW + 2 * MINUTE


@pytest.fixture
def slot() -> Slot:
    return make_slot(2)


@pytest.fixture
def booked(slot: Slot) -> list[Booking]:
    return [book(make_party(slot), SYSTEM, NOW) for _ in range(2)]


def shown(slot: Slot, now: dt.datetime) -> int:
    board.wipe()
    views = board.slots(slot.office, slot.line, slot.date, "web", now)
    return next(view.places_left for view in views if view.id == slot.pk)


def test_it_is_shown_at_a_random_moment_and_to_nobody_before(
    slot: Slot, booked: list[Booking]
) -> None:
    cancel(booked[0].pk, SYSTEM, NOW)
    quota = quota_of(slot)
    assert (quota.taken, quota.coming_back) == (1, 1)
    assert quota.back_at is not None
    assert EARLIEST <= quota.back_at <= LATEST
    just_before = quota.back_at - dt.timedelta(seconds=1)
    assert (shown(slot, just_before), shown(slot, quota.back_at)) == (0, 1)
    with pytest.raises(SlotFull):
        book(make_party(slot), SYSTEM, just_before)
    assert book(make_party(slot), SYSTEM, quota.back_at).slot == slot
    assert violations() == []


def test_the_moment_is_another_each_time() -> None:
    moments = set()
    for _ in range(4):
        slot = make_slot(1, starts_at=NOW + dt.timedelta(days=1, minutes=30 * len(moments)))
        cancel(book(make_party(slot), SYSTEM, NOW).pk, SYSTEM, NOW)
        moments.add(quota_of(slot).back_at)
    assert len(moments) > 1


def test_a_window_with_places_left_shows_it_at_once(slot: Slot) -> None:
    booking = book(make_party(slot), SYSTEM, NOW)
    cancel(booking.pk, SYSTEM, NOW)
    assert shown(slot, NOW) == 2


def test_what_follows_joins_what_is_on_its_way(slot: Slot, booked: list[Booking]) -> None:
    """Nobody keeps places out of sight by cancelling again and again."""
    cancel(booked[0].pk, SYSTEM, NOW)
    first = quota_of(slot).back_at
    cancel(booked[1].pk, SYSTEM, NOW + MINUTE)
    quota = quota_of(slot)
    assert (quota.coming_back, quota.back_at) == (2, first)
    assert (shown(slot, NOW + MINUTE), shown(slot, LATEST)) == (0, 2)


def test_an_expired_hold_is_free_from_the_second_it_expires(slot: Slot) -> None:
    """Rule 6: it isn't kept out of sight, also beside a place that is."""
    booking = book(make_party(slot), SYSTEM, NOW)
    hold_places(make_party(slot), SYSTEM, NOW - 9 * MINUTE)
    cancel(booking.pk, SYSTEM, NOW)
    assert shown(slot, NOW) == 0
    assert shown(slot, NOW + MINUTE) == 1
    assert book(make_party(slot), SYSTEM, NOW + MINUTE).slot == slot


@pytest.mark.parametrize("sweep", [True, False])
def test_so_it_is_where_staff_take_away_the_place_that_is_coming_back(
    slot: Slot, sweep: bool
) -> None:
    booking = book(make_party(slot), SYSTEM, NOW)
    hold_places(make_party(slot), SYSTEM, NOW - 9 * MINUTE)
    cancel(booking.pk, SYSTEM, NOW)
    quota = quota_of(slot)
    assert allocation.set_capacity(quota.pk, 1, quota.version)
    if sweep:
        expire_holds(NOW + MINUTE)
    assert shown(slot, NOW + MINUTE) == 1
    assert book(make_party(slot), SYSTEM, NOW + MINUTE).slot == slot


def test_a_hold_that_is_given_up_is_free_at_once() -> None:
    slot = make_slot(1)
    hold = hold_places(make_party(slot), SYSTEM, NOW)
    cancel(hold.pk, SYSTEM, NOW)
    assert shown(slot, NOW) == 1


def test_a_place_that_a_move_leaves_comes_back_likewise(slot: Slot, booked: list[Booking]) -> None:
    other = make_slot(1, starts_at=slot.starts_at + 30 * MINUTE)
    reschedule(booked[0].pk, other.pk, SYSTEM, NOW)
    assert (shown(slot, NOW), shown(slot, LATEST)) == (0, 1)


def test_staff_may_give_it_out_at_once(slot: Slot, booked: list[Booking]) -> None:
    other = book(make_party(make_slot(1, starts_at=slot.ends_at)), SYSTEM, NOW)
    cancel(booked[0].pk, SYSTEM, NOW)
    assert reschedule(other.pk, slot.pk, SYSTEM, NOW, by_staff=True).slot == slot
    quota = quota_of(slot)
    assert (quota.taken, quota.coming_back) == (2, 0)


def test_without_a_delay_it_is_shown_at_once(slot: Slot, booked: list[Booking]) -> None:
    bureau = make_bureau()
    bureau.policy = {"reappear_minutes": 0}
    bureau.save()
    cancel(booked[0].pk, SYSTEM, NOW)
    assert shown(slot, NOW) == 1


def test_the_first_free_time_of_an_office_is_one_that_is_shown(
    slot: Slot, booked: list[Booking]
) -> None:
    cancel(booked[0].pk, SYSTEM, NOW)
    assert nearest_times({slot.office: 1}, slot.line, "web", NOW) == {}
    assert nearest_times({slot.office: 1}, slot.line, "web", LATEST) == {
        slot.office_id: slot.starts_at
    }
