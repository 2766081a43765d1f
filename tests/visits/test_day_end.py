"""Visits end with their day, so that whoever came may book again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from bookings.domain.day_end import end_old_visits, end_visits
from bookings.domain.errors import AlreadyBooked
from bookings.domain.lifecycle import mark_no_shows
from bookings.domain.parties import SYSTEM, Party
from bookings.domain.promise import book
from bookings.enums import EventKind, Status
from bookings.models import Booking, Slot
from tests.concurrency.race import violations
from tests.factories import make_party, make_slot, quota_of
from visits.domain.check_in import check_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Verb = Callable[[dt.datetime], int]


@pytest.fixture
def slot() -> Slot:
    """10:00 in Xiamen."""
    return make_slot(3)


@pytest.fixture
def party(slot: Slot) -> Party:
    return make_party(slot, 2)


@pytest.fixture
def visit(slot: Slot, party: Party) -> Booking:
    booking = book(party, SYSTEM, slot.starts_at - DAY)
    check_in(booking.pk, slot.office, SYSTEM, slot.starts_at)
    return booking


@pytest.mark.parametrize("end", [end_visits, end_old_visits])
def test_who_was_never_called_may_book_again_the_day_after(
    visit: Booking, slot: Slot, party: Party, end: Verb
) -> None:
    midnight = slot.local_start.replace(hour=0) + DAY
    again = replace(party, slot_id=make_slot(starts_at=slot.starts_at + 3 * DAY).pk)
    assert end(midnight - dt.timedelta(seconds=1)) == 0
    with pytest.raises(AlreadyBooked):
        book(again, SYSTEM, midnight)
    assert (end(midnight), end(midnight)) == (1, 0)
    assert book(again, SYSTEM, midnight).status == Status.CONFIRMED


def test_the_places_stay_taken_and_it_is_no_missed_appointment(visit: Booking, slot: Slot) -> None:
    end_visits(slot.starts_at + DAY)
    mark_no_shows(slot.starts_at + DAY)
    visit.refresh_from_db()
    assert (visit.status, quota_of(slot).taken) == (Status.SERVED, 2)
    assert visit.events.filter(kind=EventKind.SERVED).count() == 1
    assert violations() == []


def test_what_was_left_behind_for_days_is_ended_at_night(visit: Booking, slot: Slot) -> None:
    later = slot.starts_at + 4 * DAY
    assert (end_visits(later), end_old_visits(later)) == (0, 1)
