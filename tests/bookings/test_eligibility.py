"""Whom a session lets in, and what the others are told."""

import datetime as dt
from typing import Any

import pytest

from bookings.domain.eligibility import against_session
from bookings.domain.errors import NotEligible
from bookings.domain.lifecycle import reschedule
from bookings.domain.parties import SYSTEM, Person
from bookings.domain.promise import book
from bookings.models import Attendee
from offices.enums import SessionKind
from offices.models import Session
from tests.factories import NOW, make_line, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db
SUNDAY = dt.date(2026, 8, 9)
CHILD = dt.date(2012, 6, 1)


def make_session(**fields: Any) -> Session:
    fields = {"kind": SessionKind.STUDENT, "date": SUNDAY, "capacity": 20} | fields
    return Session.objects.create(
        office=make_office(), line=make_line(), opens=dt.time(9), closes=dt.time(12), **fields
    )


def codes(session: Session, *people: Person) -> list[tuple[str, int | None]]:
    return [(each.code, each.position) for each in against_session(people, session, SUNDAY)]


def adult(**fields: Any) -> Person:
    return make_person(name="演示甲", **fields)


def pupil(**fields: Any) -> Person:
    return make_person(name="演示乙", born=CHILD, is_student=True, **fields)


def test_the_weekly_hours_are_for_everybody() -> None:
    assert list(against_session([adult()], None, SUNDAY)) == []


@pytest.mark.row("FS-04")
def test_an_adult_without_a_student_is_refused_with_the_reason() -> None:
    slot = make_slot(session=make_session(students_only=True), starts_at=NOW + dt.timedelta(days=6))
    assert slot.date.weekday() == 6
    with pytest.raises(NotEligible) as refusal:
        book(make_party(slot, people=(adult(),)), SYSTEM, NOW)
    assert refusal.value.message == (
        "“学生专场”限学生及陪同的成年人，演示甲没有同行的学生。请添加同行学生，或选择该场次以外的"
        "时段；如演示甲是学生，请在其个人信息中注明。"
    )
    booking = book(make_party(slot, people=(adult(), pupil())), SYSTEM, NOW)
    assert booking.places == 2


@pytest.mark.row("FS-01")
def test_only_students_of_the_age_band_book_a_student_session() -> None:
    session = make_session(students_only=True, min_age=14, max_age=25)
    young = pupil()
    infant = make_person(born=dt.date(2020, 6, 1), is_student=True)
    untold = make_person(born=CHILD)
    assert codes(session, young) == []
    assert codes(session, infant) == [("session_age", 0)]
    assert codes(session, untold) == [("session_students", 0)]
    assert codes(session, young, infant, untold) == [("session_age", 1), ("session_students", 2)]


def test_an_adult_with_a_student_need_not_be_of_the_age() -> None:
    session = make_session(students_only=True, min_age=6, max_age=17)
    assert codes(session, adult(), pupil()) == []
    # Nor does a student who is too old come in as an adult.
    assert codes(session, adult(is_student=True), pupil()) == [("session_age", 0)]


def test_a_child_that_is_no_student_is_not_taken_along() -> None:
    session = make_session(students_only=True)
    assert codes(session, pupil(), make_person(born=CHILD)) == [("session_students", 1)]


def test_residents_of_a_city_are_those_who_say_so() -> None:
    session = make_session(residents_of="厦门")
    assert codes(session, adult(home_city="Xiamen"), pupil(home_city="厦门市")) == []
    assert codes(session, adult(), pupil(home_city="福州")) == [
        ("session_residence", 0),
        ("session_residence", 1),
    ]
    said = [
        reason.message for reason in against_session([adult(home_city="福州")], session, SUNDAY)
    ]
    assert said == ["“学生专场”限厦门居民，演示甲的居住城市为福州。请选择该场次以外的时段。"]


def test_nobody_books_what_is_free_of_booking() -> None:
    session = make_session(booking_free=True, students_only=True)
    assert codes(session, adult(), adult()) == [("session_booking_free", None)]


def test_what_was_stated_when_booking_holds_for_another_time_as_well() -> None:
    student = make_slot(
        session=make_session(students_only=True, residents_of="厦门"),
        starts_at=NOW + dt.timedelta(days=6),
    )
    party = make_party(make_slot(), people=(pupil(home_city="厦门", accompanied=True),))
    booking = book(party, SYSTEM, NOW)
    attendee = Attendee.objects.get()
    assert (attendee.is_student, attendee.home_city) == (True, "厦门")
    reschedule(booking.pk, student.pk, SYSTEM, NOW)
    other = book(make_party(make_slot(starts_at=NOW + dt.timedelta(days=2))), SYSTEM, NOW)
    with pytest.raises(NotEligible):
        reschedule(other.pk, student.pk, SYSTEM, NOW)
