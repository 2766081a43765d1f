"""Each rule of the house, broken on purpose: the measurements would see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from applicants.models import Message
from bench import invariants
from bookings import enums
from bookings.domain import lifecycle
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.models import Attendee, Booking, Quota, Slot
from tests.factories import NOW, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db(transaction=True)


def violations() -> list[str]:
    return invariants.violations(rows)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def told(booking: Booking, places: str, active: str) -> str:
    return f"booking {booking.pk} is {places}, active are {active}"


@pytest.fixture
def slot() -> Slot:
    return make_slot(online=5)


@pytest.fixture
def booking(slot: Slot) -> Booking:
    return book(make_party(slot, 2), SYSTEM, NOW)


@contextmanager
def without(model: type[Model], name: str) -> Iterator[None]:
    """Drop a constraint that would not let the violation happen; all rows go before it is back."""
    [constraint] = [each for each in model._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    yield
    execute("TRUNCATE bookings_quota, applicants_message CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(model, constraint)


def test_the_rules_know_every_status() -> None:
    assert tuple(enums.PLACED) == invariants.PLACED
    assert tuple(enums.PENDING) == invariants.PENDING


def test_bookings_in_every_state_break_nothing(slot: Slot, booking: Booking) -> None:
    hold_places(make_party(slot, 1), SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    assert violations() == []


def test_more_places_promised_than_there_are(slot: Slot, booking: Booking) -> None:
    quota = quota_of(slot)
    with without(Quota, "quota_not_oversold"):
        Quota.objects.filter(pk=quota.pk).update(capacity=1)
        assert violations() == [f"quota {quota.pk}: capacity 1, taken 2, bookings have 2"]


def test_a_counter_that_lost_count(slot: Slot, booking: Booking) -> None:
    quota = quota_of(slot)
    execute(f"UPDATE bookings_quota SET taken = 3 WHERE id = {quota.pk}")
    assert violations() == [f"quota {quota.pk}: capacity 5, taken 3, bookings have 2"]


def test_a_booking_that_lost_one_of_its_people(booking: Booking) -> None:
    lost = booking.attendees.last()
    assert lost is not None
    lost.delete()
    assert violations() == [told(booking, "confirmed: 2 places, its people have 1", "1 of 1")]


def test_a_booking_without_anybody(booking: Booking) -> None:
    booking.attendees.all().delete()
    assert violations() == [told(booking, "confirmed: 2 places, its people have 0", "0 of 0")]


def test_a_person_who_wants_nothing(booking: Booking) -> None:
    first = booking.attendees.first()
    assert first is not None
    first.applications.all().delete()
    assert violations() == [f"booking {booking.pk} has a person who wants nothing"]


def test_people_who_are_kept_from_booking_though_theirs_has_ended(booking: Booking) -> None:
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    Attendee.objects.filter(booking=booking, position=0).update(active=True)
    assert violations() == [told(booking, "cancelled: 2 places, its people have 2", "1 of 2")]


def test_people_who_may_book_again_though_they_are_booked(booking: Booking) -> None:
    Attendee.objects.filter(booking=booking, position=0).update(active=False)
    assert violations() == [told(booking, "confirmed: 2 places, its people have 2", "1 of 2")]


def test_a_person_booked_twice_on_a_line(slot: Slot, booking: Booking) -> None:
    again = book(make_party(slot, 1), SYSTEM, NOW)
    same = booking.attendees.first()
    assert same is not None
    with without(Attendee, "attendee_once_per_line"):
        Attendee.objects.filter(booking=again).update(identity_hash=same.identity_hash)
        assert violations() == [f"line {same.line_id}: a person is booked 2 times"]


def test_a_place_of_another_window(slot: Slot, booking: Booking) -> None:
    other = make_slot(online=5, starts_at=slot.ends_at)
    Booking.objects.filter(pk=booking.pk).update(slot=other)
    expected = f"booking {booking.pk} took a place of slot {slot.pk} for slot {other.pk}"
    assert violations() == [expected]


def test_a_message_written_twice(booking: Booking) -> None:
    message = Message.objects.filter(reference=booking.number).first()
    assert message is not None
    with without(Message, "message_written_once"):
        Message.objects.filter(pk=message.pk).update(created_at=timezone.now())
        message.pk = None
        message.save(force_insert=True)
        expected = f"message {message.kind} of {booking.number}, version 0, was written 2 times"
        assert violations() == [expected]


def test_of_one_rule_only_some_violations_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "SHOWN", 2)
    make_slot(online=1, assisted=1, walk_in=1)
    execute("UPDATE bookings_quota SET taken = 1")
    assert len(violations()) == 2
