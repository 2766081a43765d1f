"""People leave a party one by one, and the counters follow."""

import datetime as dt
from dataclasses import replace

import pytest

from applicants.domain.texts import render
from applicants.models import Message
from bookings.domain.audit import audit_counters
from bookings.domain.errors import HoldExpired, NotEligible, TooLate, WrongStatus
from bookings.domain.leaving import leave
from bookings.domain.lifecycle import cancel, mark_no_shows, reschedule
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.enums import EventKind, Status
from bookings.models import Booking, Slot
from offices.enums import SessionKind
from offices.models import Session
from tests.factories import (
    NOW,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
CHILD_BORN = dt.date(2017, 6, 1)


def coming(booking: Booking) -> list[int]:
    return [one.position for one in booking.attendees.coming()]


def family(slot: Slot) -> Booking:
    """Two parents and a child."""
    people = (make_person(), make_person(), make_person(born=CHILD_BORN))
    return book(make_party(slot, people=people), SYSTEM, NOW)


def test_one_of_three_leaves_and_the_others_keep_their_places_and_their_number() -> None:
    slot = make_slot(online=5)
    booking = book(make_party(slot, 3), SYSTEM, NOW)

    left = leave(booking.pk, [1], SYSTEM, NOW + MINUTE)

    assert (left.number, left.status, left.places) == (booking.number, Status.CONFIRMED, 2)
    assert coming(left) == [0, 2]
    assert quota_of(slot).taken == 2
    gone = left.attendees.get(position=1)
    assert (gone.active, gone.left_at) == (False, NOW + MINUTE)
    event = left.events.last()
    assert event is not None
    assert (event.kind, event.data) == (EventKind.REDUCED, {"positions": [1]})
    assert audit_counters(NOW) == []


def test_who_has_left_leaves_no_second_time() -> None:
    slot = make_slot()
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    leave(booking.pk, [1], SYSTEM, NOW)
    again = leave(booking.pk, [1], SYSTEM, NOW + MINUTE)
    assert (again.places, quota_of(slot).taken) == (2, 2)
    assert booking.events.filter(kind=EventKind.REDUCED).count() == 1


def test_when_the_last_one_leaves_the_booking_is_cancelled() -> None:
    slot = make_slot()
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    leave(booking.pk, [0], SYSTEM, NOW)
    ended = leave(booking.pk, [1], SYSTEM, NOW)
    assert (ended.status, quota_of(slot).taken) == (Status.CANCELLED, 0)
    assert audit_counters(NOW) == []


def test_who_left_may_book_again_at_once() -> None:
    slot = make_slot()
    leaver = make_person()
    booking = book(make_party(slot, people=(make_person(), leaver)), SYSTEM, NOW)
    leave(booking.pk, [1], SYSTEM, NOW)
    assert book(make_party(slot, people=(leaver,)), SYSTEM, NOW).status == Status.CONFIRMED


def test_each_person_gives_back_the_places_they_took() -> None:
    """One place a document, where the policy says so."""
    office = make_office()
    office.bureau.policy = {"place_per_document": True}
    office.bureau.save()
    slot = make_slot(online=9, office=office)
    people = (make_person("passport-first", "hkm-permit-first"), make_person())
    booking = book(make_party(slot, people=people), SYSTEM, NOW)
    assert quota_of(slot).taken == 3
    assert leave(booking.pk, [0], SYSTEM, NOW).places == 1
    assert quota_of(slot).taken == 1


def test_a_child_is_not_left_without_its_adults() -> None:
    slot = make_slot()
    booking = family(slot)
    leave(booking.pk, [0], SYSTEM, NOW)
    with pytest.raises(NotEligible) as refusal:
        leave(booking.pk, [1], SYSTEM, NOW)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.position) == ("guardian_needed", 2)
    assert (quota_of(slot).taken, coming(booking)) == (2, [1, 2])


def test_a_child_stays_where_somebody_comes_along_with_it() -> None:
    slot = make_slot()
    booking = family(slot)
    leave(booking.pk, [0, 1], SYSTEM, NOW, accompanied=True)
    (child,) = booking.attendees.coming()
    assert (child.accompanied, quota_of(slot).taken) == (True, 1)


def test_a_parent_does_not_stay_in_a_student_session_without_the_student() -> None:
    office = make_office()
    session = Session.objects.create(
        office=office,
        line=make_line(),
        name="周日学生专场",
        kind=SessionKind.STUDENT,
        date=(NOW + dt.timedelta(days=1)).date(),
        opens=dt.time(9),
        closes=dt.time(12),
        students_only=True,
        capacity=10,
    )
    slot = make_slot(session=session)
    student = replace(make_person(born=dt.date(2009, 1, 1)), is_student=True)
    booking = book(make_party(slot, people=(make_person(), student)), SYSTEM, NOW)
    with pytest.raises(NotEligible) as refusal:
        leave(booking.pk, [1], SYSTEM, NOW)
    assert [reason.code for reason in refusal.value.reasons] == ["session_students"]


def test_the_deadline_binds_holders_and_not_staff() -> None:
    slot = make_slot()
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    late = slot.starts_at - MINUTE
    with pytest.raises(TooLate):
        leave(booking.pk, [0], SYSTEM, late)
    assert leave(booking.pk, [0], SYSTEM, late, by_staff=True).places == 1


def test_nobody_leaves_what_has_ended() -> None:
    slot = make_slot()
    missed = book(make_party(slot, 2), SYSTEM, NOW)
    mark_no_shows(NOW + dt.timedelta(days=2))
    with pytest.raises(WrongStatus):
        leave(missed.pk, [0], SYSTEM, NOW + dt.timedelta(days=2), by_staff=True)
    cancelled = book(make_party(slot, 2), SYSTEM, NOW)
    cancel(cancelled.pk, SYSTEM, NOW)
    assert leave(cancelled.pk, [0], SYSTEM, NOW).places == 2
    assert quota_of(slot).taken == 0


def test_a_hold_may_shrink_while_it_lasts_and_nobody_is_told() -> None:
    slot = make_slot()
    hold = hold_places(make_party(slot, 2), SYSTEM, NOW)
    assert leave(hold.pk, [0], SYSTEM, NOW).places == 1
    assert Message.objects.count() == 0
    with pytest.raises(HoldExpired):
        leave(hold_places(make_party(slot, 2), SYSTEM, NOW).pk, [0], SYSTEM, NOW + 11 * MINUTE)


def test_the_holder_is_told_and_the_reminders_name_the_new_number_of_places() -> None:
    booking = book(make_party(make_slot(starts_at=NOW + dt.timedelta(days=3)), 3), SYSTEM, NOW)
    leave(booking.pk, [2], SYSTEM, NOW)
    pending = Message.objects.filter(state="pending").order_by("due_at")
    assert [message.kind for message in pending] == [
        "party_reduced",
        "reminder_day",
        "reminder_hours",
    ]
    assert {message.version for message in pending} == {1}
    assert {message.context["places"] for message in pending} == {2}
    text = render(pending[0])
    assert text.startswith("【厦门出入境】您的预约人数已减少：8月6日（周四）9:00–9:30")
    assert "名额2个" in text


def test_what_only_the_leaver_needed_is_no_longer_to_be_brought() -> None:
    people = (make_person("passport-first"), make_person("hkm-permit-first"))
    party = make_party(make_slot(starts_at=NOW + dt.timedelta(days=3)), people=people)
    booking = book(party, SYSTEM, NOW)
    guide = booking.attendees.get(position=1).applications.get().guide
    assert guide is not None
    guide.materials = [{"name": "港澳签注申请材料", "name_en": "Proof"}]
    guide.save()
    leave(booking.pk, [1], SYSTEM, NOW)
    reminder = Message.objects.get(kind="reminder_day", state="pending")
    assert [thing["name"] for thing in reminder.context["materials"]] == ["居民身份证"]


def test_those_who_stay_move_on_with_their_places_alone() -> None:
    slot, later = make_slot(online=5), make_slot(online=2, starts_at=NOW + dt.timedelta(days=2))
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    leave(booking.pk, [0], SYSTEM, NOW)
    reschedule(booking.pk, later.pk, SYSTEM, NOW)
    assert (quota_of(slot).taken, quota_of(later).taken) == (0, 2)
    cancel(booking.pk, SYSTEM, NOW)
    assert quota_of(later).taken == 0
    assert audit_counters(NOW) == []
