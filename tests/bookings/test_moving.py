"""Many bookings moved at once: planned, carried out all together, or refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.models import Account, Message
from bookings.domain.closing import close_slots
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.move_plan import MovePlan
from bookings.domain.moving import Move, PlanOutdated, move_together, plan_moves
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.enums import EventKind, Status
from bookings.models import Booking, BookingEvent, ConflictNote, Slot
from offices.domain import catalogue
from offices.enums import Pool, SessionKind
from offices.models import OfficeService, Session
from tests.factories import NOW, make_bureau, make_office, make_party, make_person, make_slot
from tests.factories import quota_of as quota

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TOMORROW = NOW + dt.timedelta(days=1)
REASON = "设备检修"


@pytest.fixture
def actor() -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def at(hours: int, **fields) -> Slot:
    """A window that begins so many hours after tomorrow's 09:00."""
    return make_slot(starts_at=TOMORROW + hours * HOUR, **fields)


def booked(slot: Slot, size: int = 1, **fields) -> Booking:
    return book(make_party(slot, size, **fields), SYSTEM, NOW)


def planned(*bookings: Booking, now: dt.datetime = NOW, **fields) -> MovePlan:
    ids = [booking.pk for booking in bookings]
    found = Booking.objects.filter(pk__in=ids).with_details()
    return plan_moves(list(found), now, **fields)


def targets(plan: MovePlan) -> dict[int, int]:
    return {move.party.booking_id: move.opening.slot_id for move in plan.moves}


def seen(plan: MovePlan) -> list[Move]:
    return [
        Move(move.party.booking_id, move.party.version, move.opening.slot_id) for move in plan.moves
    ]


def carry_out(plan: MovePlan, actor: Actor, now: dt.datetime = NOW, **fields) -> list[Booking]:
    slot = Booking.objects.get(pk=plan.moves[0].party.booking_id).slot
    return move_together(
        seen(plan), office=slot.office, reason=REASON, actor=actor, now=now, **fields
    )


def test_each_goes_to_the_nearest_window_with_room_for_all_of_the_party():
    closed, full, small, large = at(1), at(2, online=1), at(3, online=2), at(4, online=9)
    booked(full)
    family, single = booked(closed, 3), booked(closed)
    plan = planned(family, single)
    assert targets(plan) == {family.pk: large.pk, single.pk: small.pk}
    assert plan.stuck == ()


def test_places_of_holds_that_have_expired_are_free_for_them(actor):
    closed, other = at(1), at(2, online=1)
    hold_places(make_party(other), SYSTEM, NOW)
    booking = booked(closed)
    later = NOW + HOUR
    plan = planned(booking, now=later)
    assert targets(plan) == {booking.pk: other.pk}
    carry_out(plan, actor, later)
    assert (quota(other).taken, quota(closed).taken) == (1, 0)


def test_a_window_that_is_not_released_yet_may_take_them():
    closed, soon = at(1), at(2, opens_at=NOW + HOUR)
    booking = booked(closed)
    assert targets(planned(booking)) == {booking.pk: soon.pk}


@pytest.mark.parametrize("state", ["closed", "frozen", "over", "another line"])
def test_a_window_that_gives_out_no_places_takes_nobody(actor, state):
    slot = at(1)
    other = at(2, line="foreigners" if state == "another line" else "mainland")
    booking = booked(slot)
    if state == "closed":
        close_slots([other.pk], reason=REASON, actor=actor, now=NOW)
    if state == "frozen":
        other.quotas.update(frozen=True, closed=True)
    if state == "over":
        Slot.objects.filter(pk=other.pk).update(starts_at=NOW - HOUR)
    assert [party.booking_id for party in planned(booking).stuck] == [booking.pk]


def test_a_session_that_is_not_for_them_takes_nobody():
    slot = at(1)
    session = Session.objects.create(
        office=slot.office,
        line=slot.line,
        kind=SessionKind.STUDENT,
        date=slot.date,
        opens=dt.time(11),
        closes=dt.time(12),
        capacity=5,
        max_age=18,
    )
    at(2, session=session)
    catalogue.ask_again()
    adult = booked(slot)
    child = booked(slot, people=(make_person(born=dt.date(2015, 1, 1), accompanied=True),))
    plan = planned(adult, child)
    assert (list(targets(plan)), len(plan.stuck)) == ([child.pk], 1)


def test_another_office_takes_them_if_asked_and_only_if_it_handles_what_they_want():
    slot = at(1)
    other = make_office("xiamen-jimei", bureau=make_bureau())
    there = at(2, office=other)
    booking = booked(slot)
    assert targets(planned(booking)) == {}
    assert targets(planned(booking, elsewhere=[other])) == {booking.pk: there.pk}
    OfficeService.objects.filter(office=other).delete()
    catalogue.ask_again()
    assert targets(planned(booking, elsewhere=[other])) == {}


def test_they_move_with_their_people_their_places_and_the_reason(actor):
    slot, other = at(1), at(2)
    family, single = booked(slot, 3), booked(slot)
    close_slots([slot.pk], reason=REASON, actor=actor, now=NOW)
    moved = carry_out(planned(family, single), actor)
    assert {booking.pk for booking in moved} == {family.pk, single.pk}
    stored = Booking.objects.in_bulk([family.pk, single.pk]).values()
    assert {(one.slot_id, one.version, one.status) for one in stored} == {
        (other.pk, 1, Status.CONFIRMED)
    }
    assert (quota(slot).taken, quota(other).taken) == (0, 4)
    events = BookingEvent.objects.filter(kind=EventKind.RESCHEDULED)
    ways = {"from_slot": slot.pk, "to_slot": other.pk, "reason": REASON}
    assert [(one.account, one.data) for one in events] == [(actor.operator, ways)] * 2
    notes = ConflictNote.objects.values_list("slot", "kind", "reason", "account")
    assert set(notes) == {(slot.pk, "moved", REASON, actor.operator.pk)}


def test_each_holder_is_told_of_the_new_time_with_the_reason_and_reminded_of_it_alone(actor):
    slot, _other = at(1), at(2)
    booking = booked(slot)
    carry_out(planned(booking), actor)
    news = Message.objects.get(kind=MessageKind.RESCHEDULED)
    text = render(news)
    assert "8月4日（周二）11:00–11:30" in text
    assert "改期原因：设备检修。" in text
    old = Message.objects.filter(reference=booking.number, version=0)
    assert set(old.values_list("state", flat=True)) == {MessageState.WITHDRAWN}
    reminders = Message.objects.filter(reference=booking.number, version=1)
    assert reminders.count() == 3


def test_staff_move_people_after_their_own_deadline(actor):
    slot, other = make_slot(starts_at=NOW + HOUR), make_slot(starts_at=NOW + 2 * HOUR)
    booking = book(make_party(slot), SYSTEM, NOW - dt.timedelta(days=1))
    with pytest.raises(BookingError):
        reschedule(booking.pk, other.pk, SYSTEM, NOW)
    carry_out(planned(booking), actor)
    assert Booking.objects.get(pk=booking.pk).slot_id == other.pk


def meanwhile_full(first: Slot, other: Slot, booking: Booking) -> None:
    booked(other, 2)


def meanwhile_closed(first: Slot, other: Slot, booking: Booking) -> None:
    close_slots([other.pk], reason="停电", actor=SYSTEM, now=NOW)


def meanwhile_cancelled(first: Slot, other: Slot, booking: Booking) -> None:
    cancel(booking.pk, SYSTEM, NOW)


def meanwhile_moved_away_and_back(first: Slot, other: Slot, booking: Booking) -> None:
    reschedule(booking.pk, other.pk, SYSTEM, NOW)
    reschedule(booking.pk, first.pk, SYSTEM, NOW)


@pytest.mark.parametrize(
    "happens",
    [meanwhile_full, meanwhile_closed, meanwhile_cancelled, meanwhile_moved_away_and_back],
)
def test_nobody_is_moved_if_anything_has_changed_since_the_preview(actor, happens):
    slot, other = at(1), at(2, online=3)
    one, two = booked(slot), booked(slot)
    plan = planned(one, two)
    happens(slot, other, one)
    taken = quota(slot).taken, quota(other).taken
    with pytest.raises(PlanOutdated):
        carry_out(plan, actor)
    assert (quota(slot).taken, quota(other).taken) == taken
    assert Booking.objects.get(pk=two.pk).slot_id == slot.pk
    assert ConflictNote.objects.count() == 0


def test_a_plan_is_carried_out_once(actor):
    slot, _other = at(1), at(2)
    plan = planned(booked(slot))
    moves, office = seen(plan), slot.office
    carry_out(plan, actor)
    with pytest.raises(PlanOutdated):
        move_together(moves, office=office, reason=REASON, actor=actor, now=NOW)
    assert BookingEvent.objects.filter(kind=EventKind.RESCHEDULED).count() == 1


def test_bookings_and_windows_of_other_offices_are_out_of_reach(actor):
    slot = at(1)
    other = make_office("harbin-city", bureau=make_bureau("harbin"))
    foreign, there = at(1, office=other), at(2, office=other)
    booking, stranger = booked(slot), booked(foreign)
    for move in (Move(booking.pk, 0, there.pk), Move(stranger.pk, 0, there.pk)):
        with pytest.raises(PlanOutdated):
            move_together([move], office=slot.office, reason=REASON, actor=actor, now=NOW)


def test_moving_people_needs_a_reason(actor):
    slot, _other = at(1), at(2)
    with pytest.raises(ValueError, match="reason"):
        move_together(
            seen(planned(booked(slot))), office=slot.office, reason=" ", actor=actor, now=NOW
        )


def test_a_hundred_are_moved_in_as_many_statements_as_ten(actor, django_assert_num_queries):
    slot, other = at(1, online=110), at(2, online=110)
    ten = planned(*(booked(slot) for _ in range(10)))
    with CaptureQueriesContext(connection) as for_ten:
        carry_out(ten, actor)
    hundred = planned(*(booked(slot) for _ in range(100)))
    with django_assert_num_queries(len(for_ten)):
        carry_out(hundred, actor)
    assert quota(other, Pool.ONLINE).taken == 110
