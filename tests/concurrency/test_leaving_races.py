"""People leave a party while the others leave, cancel, move, or their hold runs out."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bookings.domain import leaving, lifecycle
from bookings.domain.audit import audit_counters
from bookings.domain.errors import BookingError
from bookings.domain.leaving import leave
from bookings.domain.lifecycle import cancel, expire_holds, reschedule
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.enums import PLACED, Status
from bookings.models import Attendee, Booking, Quota, Slot
from tests.concurrency.race import violations
from tests.factories import NOW, make_party, make_slot, quota_of
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12
LATER = NOW + dt.timedelta(minutes=11)


def answer_of(verb: Callable[[], Any]) -> Callable[[], str]:
    """The verb, and what it was answered: a refusal by its code."""

    def ask() -> str:
        try:
            verb()
        except BookingError as refusal:
            return refusal.code
        return "done"

    return ask


def leaves(booking: Booking, *positions: int, now: dt.datetime = NOW) -> Callable[[], str]:
    return answer_of(lambda: leave(booking.pk, positions, SYSTEM, now))


def cancels(booking: Booking) -> Callable[[], str]:
    return answer_of(lambda: cancel(booking.pk, SYSTEM, NOW))


def moves(booking: Booking, slot: Slot) -> Callable[[], str]:
    return answer_of(lambda: reschedule(booking.pk, slot.pk, SYSTEM, NOW))


def places_of_people() -> Counter[int]:
    """Of those who still come, by quota: what the counters must say (rule 1)."""
    coming = Attendee.objects.coming().filter(booking__status__in=PLACED)
    counted: Counter[int] = Counter()
    for quota_id, places in coming.values_list("booking__quota_id", "places"):
        counted[quota_id] += places
    return counted


def check_the_counters() -> None:
    taken = dict(Quota.objects.filter(taken__gt=0).values_list("pk", "taken"))
    assert taken == +places_of_people()
    assert audit_counters(NOW) == []
    assert violations() == []


@pytest.fixture
def slot() -> Slot:
    return make_slot(online=60)


def test_without_the_lock_two_who_leave_at_once_leave_a_wrong_counter(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harness can see a race: with the guard off, it must."""

    def look_without_locking(booking_id: int) -> Booking:
        booking = lifecycle._read(booking_id)
        time.sleep(0.05)
        return booking

    monkeypatch.setattr(leaving, "lock_booking", look_without_locking)
    booking = book(make_party(slot, 4), SYSTEM, NOW)
    at_once(leaves(booking, 0), leaves(booking, 1))
    assert violations() != []


def test_two_people_leave_at_once(slot: Slot) -> None:
    for _round in range(ROUNDS):
        booking = book(make_party(slot, 4), SYSTEM, NOW)
        assert at_once(leaves(booking, 0), leaves(booking, 3)) == ["done", "done"]
        booking.refresh_from_db()
        assert (booking.places, booking.version) == (2, 2)
    check_the_counters()


def test_the_same_person_leaves_in_four_clicks(slot: Slot) -> None:
    for _round in range(ROUNDS):
        booking = book(make_party(slot, 3), SYSTEM, NOW)
        assert at_once(*(leaves(booking, 1) for _click in range(4))) == ["done"] * 4
        booking.refresh_from_db()
        assert (booking.places, booking.version) == (2, 1)
    check_the_counters()


def test_both_of_two_leave_at_once_and_the_booking_is_cancelled_once(slot: Slot) -> None:
    for _round in range(ROUNDS):
        booking = book(make_party(slot, 2), SYSTEM, NOW)
        at_once(leaves(booking, 0), leaves(booking, 1))
        booking.refresh_from_db()
        assert booking.status == Status.CANCELLED
    assert quota_of(slot).taken == 0
    check_the_counters()


def test_one_leaves_while_the_party_cancels(slot: Slot) -> None:
    for _round in range(ROUNDS):
        booking = book(make_party(slot, 3), SYSTEM, NOW)
        at_once(leaves(booking, 0), cancels(booking))
        booking.refresh_from_db()
        assert booking.status == Status.CANCELLED
    assert quota_of(slot).taken == 0
    check_the_counters()


def test_one_leaves_while_the_party_moves(slot: Slot) -> None:
    later = make_slot(online=60, starts_at=slot.starts_at + dt.timedelta(hours=1))
    for _round in range(ROUNDS):
        booking = book(make_party(slot, 3), SYSTEM, NOW)
        assert at_once(leaves(booking, 0), moves(booking, later)) == ["done", "done"]
    assert (quota_of(slot).taken, quota_of(later).taken) == (0, 2 * ROUNDS)
    check_the_counters()


def test_one_leaves_a_hold_in_the_second_in_which_it_runs_out(slot: Slot) -> None:
    for _round in range(ROUNDS):
        hold = hold_places(make_party(slot, 3), SYSTEM, NOW)
        last_second = LATER - dt.timedelta(minutes=2)
        at_once(leaves(hold, 0, now=last_second), answer_of(lambda: expire_holds(LATER)))
        expire_holds(LATER)
        hold.refresh_from_db()
        assert hold.status == Status.EXPIRED
    assert quota_of(slot).taken == 0
    check_the_counters()
