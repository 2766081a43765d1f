"""Bookings that end many at a time: all of each or nothing, once, and in few statements."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.domain.lifecycle import expire_holds, mark_no_shows
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.enums import EventKind, Status
from bookings.models import Attendee, Booking, BookingEvent, Quota, Slot
from tests.concurrency.race import violations
from tests.factories import NOW, make_party, make_slot
from tests.together import at_once

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
EXPIRED = NOW + 10 * MINUTE
WORKERS = 4


def some_slots(count: int, places: int = 10) -> list[Slot]:
    first = NOW + dt.timedelta(days=1)
    return [make_slot(online=places, starts_at=first + n * 30 * MINUTE) for n in range(count)]


def test_a_hold_that_ends_frees_its_people_and_places_and_says_when() -> None:
    (slot,) = some_slots(1)
    booking = hold_places(make_party(slot, 3), SYSTEM, NOW)

    assert expire_holds(EXPIRED) == 1

    booking.refresh_from_db()
    assert (booking.status, booking.ended_at) == (Status.EXPIRED, EXPIRED)
    assert list(booking.attendees.values_list("active", flat=True)) == [False] * 3
    assert list(booking.events.values_list("kind", "at", "account", "partner", "data")) == [
        (EventKind.HELD, NOW, None, None, {}),
        (EventKind.EXPIRED, EXPIRED, None, None, {}),
    ]
    assert set(Quota.objects.values_list("taken", flat=True)) == {0}


def test_the_oldest_holds_end_first_and_no_more_than_asked_for() -> None:
    (slot,) = some_slots(1)
    holds = [hold_places(make_party(slot), SYSTEM, NOW - n * MINUTE) for n in range(3)]

    assert expire_holds(EXPIRED, limit=2) == 2

    left = Booking.objects.get(status=Status.HELD)
    assert left.pk == holds[0].pk
    assert expire_holds(EXPIRED, limit=2) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_holds_ends_in_three_statements(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for slot in some_slots(count):
        hold_places(make_party(slot, 2), SYSTEM, NOW)

    # In a transaction (here a savepoint): find and lock, end, give back.
    with django_assert_num_queries(2 + 3):
        assert expire_holds(EXPIRED) == count


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_no_shows_ends_in_six_statements_an_office(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for slot in some_slots(count):
        book(make_party(slot, 2), SYSTEM, NOW)

    # Which offices; then in a transaction: find and lock, end, withdraw messages, read whom to
    # tell, tell, give back.
    with django_assert_num_queries(1 + 2 + 6):
        assert mark_no_shows(NOW + dt.timedelta(days=2)) == count


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_end_each_hold_once() -> None:
    slots = some_slots(20)
    for slot in slots:
        for _ in range(5):
            hold_places(make_party(slot, 2), SYSTEM, NOW)

    def sweep() -> int:
        total = 0
        while done := expire_holds(EXPIRED, limit=7):
            total += done
        return total

    assert sum(at_once(*[sweep] * WORKERS)) == 100
    assert violations() == []
    assert BookingEvent.objects.filter(kind=EventKind.EXPIRED).count() == 100
    assert not Attendee.objects.filter(active=True).exists()
    assert set(Quota.objects.values_list("taken", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_mark_each_no_show_once() -> None:
    slots = some_slots(10)
    for slot in slots:
        for _ in range(5):
            book(make_party(slot), SYSTEM, NOW)
    later = NOW + dt.timedelta(days=3)

    marked = at_once(*[lambda: mark_no_shows(later)] * WORKERS)

    assert sum(marked) == 50
    assert violations() == []
    assert BookingEvent.objects.filter(kind=EventKind.NO_SHOW).count() == 50
