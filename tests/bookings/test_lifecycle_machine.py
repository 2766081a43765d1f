"""The booking's life driven by Hypothesis against a plain model of what should happen."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bookings.domain import allocation, lifecycle
from bookings.domain.availability import windows
from bookings.domain.errors import BookingError
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.enums import PLACED, Status
from bookings.models import Booking, Quota
from tests.concurrency.race import violations
from tests.factories import NOW, make_party, make_person, make_slot

SLOTS = st.integers(0, 2)
PARTIES = st.sets(st.integers(0, 5), min_size=1, max_size=3)
WHICH = st.integers(0, 30)


@dataclass
class Promise:
    """What the model knows of a booking."""

    slot: int
    people: set[int]
    status: Status
    until: dt.datetime | None = None


class BookingLife(RuleBasedStateMachine):
    """Three windows, six people, and a clock that only goes forward."""

    @initialize()
    def open_the_office(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        first = NOW + dt.timedelta(days=2)
        self.now = NOW
        self.slots = [make_slot(online=3, starts_at=first + n * HALF_HOUR) for n in range(3)]
        self.capacity = [3, 3, 3]
        self.people = [make_person() for _ in range(6)]
        self.promises: dict[int, Promise] = {}
        # Places that came back, and when; they may stay out of sight for a while (decision 14).
        self.returned: list[list[tuple[dt.datetime, int]]] = [[], [], []]

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- The model ------------------------------------------------------------------------------

    def live(self, promise: Promise) -> bool:
        held = promise.status == Status.HELD and promise.until and promise.until > self.now
        return bool(held) or promise.status == Status.CONFIRMED

    def free(self, slot: int) -> int:
        live = [p for p in self.promises.values() if p.slot == slot and self.live(p)]
        return self.capacity[slot] - sum(len(promise.people) for promise in live)

    def out_of_sight(self, slot: int) -> int:
        """At most so many: when they are shown is nobody's to know."""
        return sum(n for since, n in self.returned[slot] if self.now - since < LONGEST)

    def give_back(self, promise: Promise) -> None:
        if promise.status == Status.CONFIRMED:
            self.returned[promise.slot].append((self.now, len(promise.people)))

    def shown(self) -> list[int]:
        office, line = self.slots[0].office, self.slots[0].line
        days = [slot.date for slot in self.slots]
        views = windows(office, line, min(days), max(days), ("online",), self.now)
        return [view.places_left for view in views]

    def expected_refusal(self, slot: int, people: set[int]) -> str | None:
        if self.shown()[slot] < len(people):
            return "slot_full"
        if any(self.live(p) and p.people & people for p in self.promises.values()):
            return "already_booked"
        return None

    def pick(self, which: int) -> int | None:
        return sorted(self.promises)[which % len(self.promises)] if self.promises else None

    # --- What people do ---------------------------------------------------------------------------

    @rule(slot=SLOTS, people=PARTIES, at_once=st.booleans())
    def ask_for_places(self, slot: int, people: set[int], at_once: bool) -> None:
        persons = tuple(self.people[n] for n in sorted(people))
        party = make_party(self.slots[slot], people=persons)
        expected = self.expected_refusal(slot, people)
        verb = book if at_once else hold_places
        made: list[Booking] = []
        assert refusal_of(lambda: made.append(verb(party, SYSTEM, self.now))) == expected
        for booking in made:
            until = None if at_once else self.now + dt.timedelta(minutes=10)
            status = Status.CONFIRMED if at_once else Status.HELD
            self.promises[booking.pk] = Promise(slot, people, status, until)

    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        if (pk := self.pick(which)) is None:
            return
        promise = self.promises[pk]
        live = self.live(promise)
        code = refusal_of(lambda: lifecycle.confirm(pk, SYSTEM, self.now))
        if live:
            assert code is None
            promise.status = Status.CONFIRMED
        elif promise.status == Status.CANCELLED:
            assert code == "wrong_status"
        else:
            assert code == "hold_expired"

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        if (pk := self.pick(which)) is None:
            return
        promise = self.promises[pk]
        live = self.live(promise)
        code = refusal_of(lambda: lifecycle.cancel(pk, SYSTEM, self.now))
        if live:
            assert code is None
            self.give_back(promise)
            promise.status = Status.CANCELLED
        else:
            assert code in (None, "hold_expired")

    @rule(which=WHICH, slot=SLOTS)
    def move(self, which: int, slot: int) -> None:
        if (pk := self.pick(which)) is None:
            return
        promise = self.promises[pk]
        roomy = promise.slot == slot or self.shown()[slot] >= len(promise.people)
        live = self.live(promise)
        code = refusal_of(lambda: lifecycle.reschedule(pk, self.slots[slot].pk, SYSTEM, self.now))
        if live and roomy:
            assert code is None
            if promise.slot != slot:
                self.give_back(promise)
            promise.slot = slot
        elif promise.slot != slot:
            refusals = {"slot_full"} if live else {"slot_full", "hold_expired", "wrong_status"}
            assert code in refusals

    # --- What time, sweepers and staff do -----------------------------------------------------

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        lifecycle.expire_holds(self.now)

    @rule(slot=SLOTS, capacity=st.integers(0, 5))
    def change_the_quota(self, slot: int, capacity: int) -> None:
        quota = Quota.objects.get(slot=self.slots[slot], pool="online")
        changed = allocation.set_capacity(quota.pk, capacity, quota.version)
        assert changed == (capacity >= quota.taken)
        if changed:
            self.capacity[slot] = capacity

    # --- What always holds --------------------------------------------------------------------

    @invariant()
    def no_rule_is_broken(self) -> None:
        if hasattr(self, "promises"):
            assert violations() == []

    @invariant()
    def what_is_shown_is_what_is_left(self) -> None:
        if hasattr(self, "promises"):
            for slot, shown in enumerate(self.shown()):
                free = self.free(slot)
                assert max(0, free - self.out_of_sight(slot)) <= shown <= free

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        if hasattr(self, "promises"):
            stored = dict(Booking.objects.filter(status__in=PLACED).values_list("pk", "slot_id"))
            for pk, promise in self.promises.items():
                if self.live(promise):
                    assert stored[pk] == self.slots[promise.slot].pk


HALF_HOUR = dt.timedelta(minutes=30)
# The default of `reappear_minutes`.
LONGEST = dt.timedelta(minutes=10)


def refusal_of(action) -> str | None:
    try:
        action()
    except BookingError as refusal:
        return refusal.code
    return None


@pytest.mark.django_db
def test_every_life_of_bookings_agrees_with_the_model():
    run_state_machine_as_test(
        BookingLife,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
