"""Rule 7 attacked: a closed window's people are moved while citizens book where they go."""

import datetime as dt
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError, connection

from applicants.models import Account
from bookings.domain import allocation
from bookings.domain.closing import close_slots
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.moving import Move, PlanOutdated, movable_at, move_together, plan_moves
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.enums import Status
from bookings.models import Booking, BookingEvent, Quota, Slot
from tests.concurrency.race import violations
from tests.factories import NOW, make_party, make_slot

pytestmark = pytest.mark.django_db(transaction=True)
HALF = dt.timedelta(minutes=30)
FIRST = NOW + dt.timedelta(days=1)
CITIZENS = 4


def windows(count: int, online: int) -> list[Slot]:
    return [make_slot(online=online, starts_at=FIRST + n * HALF) for n in range(count)]


def book_at(slots: list[Slot], seed: int, stop: Event) -> Counter[str]:
    """Citizens come, hold, move and give up at the windows that others are moved to."""
    dice, outcome = random.Random(seed), Counter[str]()
    try:
        while not stop.is_set():
            try:
                _attend(slots, dice)
                outcome["done"] += 1
            except BookingError as refusal:
                outcome[refusal.code] += 1
    finally:
        connection.close()
    return outcome


def _attend(slots: list[Slot], dice: random.Random) -> None:
    party = make_party(dice.choice(slots), dice.randrange(1, 4))
    if dice.random() < 0.3:
        # It has expired for everybody else.
        hold_places(party, SYSTEM, NOW - dt.timedelta(minutes=11))
        return
    booking = book(party, SYSTEM, NOW)
    try:
        reschedule(booking.pk, dice.choice(slots).pk, SYSTEM, NOW)
    finally:
        # Places come and go, so that there is always something to compete for.
        cancel(booking.pk, SYSTEM, NOW)


def move_all(slot: Slot, actor: Actor, seed: int, stop: Event) -> Counter[str]:
    """Preview and confirm again and again, until the window is empty; groups of a few at a time."""
    dice, outcome = random.Random(seed), Counter[str]()
    try:
        while not stop.is_set():
            waiting = list(movable_at(slot.office, NOW).filter(slot=slot).with_details())
            if not waiting:
                break
            group = dice.sample(waiting, min(2, len(waiting)))
            outcome[_move(group, slot, actor)] += 1
    finally:
        connection.close()
    return outcome


def _move(group: list[Booking], slot: Slot, actor: Actor) -> str:
    plan = plan_moves(group, NOW)
    moves = [Move(m.party.booking_id, m.party.version, m.opening.slot_id) for m in plan.moves]
    if not moves:
        return "stuck"
    try:
        move_together(moves, office=slot.office, reason="检修", actor=actor, now=NOW)
    except PlanOutdated:
        return "outdated"
    return "moved"


def race(seconds: float = 3.0) -> tuple[Slot, set[int], list[Counter[str]]]:
    """Two supervisors empty one window while citizens are busy at the others."""
    closed, *others = windows(4, online=12)
    people = {book(make_party(closed, size), SYSTEM, NOW).pk for size in (1, 2) * 4}
    actor = Actor(operator=Account.objects.create_staff("supervisor", None))
    close_slots([closed.pk], reason="检修", actor=actor, now=NOW)
    stop = Event()
    with ThreadPoolExecutor(CITIZENS + 2) as threads:
        crowd = [threads.submit(book_at, others, seed, stop) for seed in range(CITIZENS)]
        movers = [threads.submit(move_all, closed, actor, seed, stop) for seed in (91, 92)]
        stop.wait(seconds)
        stop.set()
        outcomes = [one.result() for one in (*crowd, *movers)]
    return closed, people, outcomes


def test_nobody_is_oversold_and_nobody_lost_while_people_are_moved():
    closed, people, outcomes = race()
    assert violations() == []
    stored = Booking.objects.in_bulk(people)
    assert {one.status for one in stored.values()} == {Status.CONFIRMED}
    for booking in stored.values():
        moves = BookingEvent.objects.filter(booking=booking, kind="rescheduled").count()
        assert booking.version == moves
        assert (booking.slot_id != closed.pk) == (moves == 1)
    assert all(outcome["done"] for outcome in outcomes[:CITIZENS])
    assert sum(outcome["moved"] for outcome in outcomes[CITIZENS:]) > 0


def test_without_the_guard_the_same_race_oversells(monkeypatch):
    """The harness can see it: with the conditional UPDATE taken away, it must."""

    def take(quota_id: int, places: int) -> bool:
        quota = Quota.objects.get(pk=quota_id)
        if quota.left < places:
            return False
        Quota.objects.filter(pk=quota_id).update(taken=quota.taken + places)
        return True

    monkeypatch.setattr(allocation, "_take", take)
    try:
        race(1.5)
    except IntegrityError:
        return
    assert violations() != []


def test_all_are_moved_or_none_when_the_last_place_goes_meanwhile():
    """Somebody takes the last place between the look and the taking."""
    closed, other = windows(2, online=2)
    people = [book(make_party(closed), SYSTEM, NOW).pk for _ in range(2)]
    found = list(movable_at(closed.office, NOW).filter(slot=closed).with_details())
    moves = [Move(m.party.booking_id, 0, m.opening.slot_id) for m in plan_moves(found, NOW).moves]
    assert [move.slot_id for move in moves] == [other.pk] * 2
    settle = allocation.settle

    def settle_too_late(changes: dict[int, int], **more: Any) -> None:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(_book_and_leave, other, settle).result()
        settle(changes, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bookings.domain.moving.allocation.settle", settle_too_late)
        with pytest.raises(PlanOutdated):
            move_together(moves, office=closed.office, reason="检修", actor=SYSTEM, now=NOW)
    assert set(Booking.objects.filter(pk__in=people).values_list("slot", flat=True)) == {closed.pk}
    assert violations() == []


def _book_and_leave(slot: Slot, settle) -> None:
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(allocation, "settle", settle)
            book(make_party(slot), SYSTEM, NOW)
    finally:
        connection.close()
