"""Numbers for those who come to a session that is free of booking."""

import datetime as dt

import pytest

from bookings.domain.adding import Addition, add_numbers
from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.publishing import publish
from bookings.models import Quota
from offices.enums import SessionKind
from offices.models import Session
from tests.factories import NOW, make_line, make_office
from tests.staff import make_staff
from visits.domain.errors import NoNumbersLeft, NotNow
from visits.domain.tickets import give_number, numbers_left, sessions_on_site
from visits.models import Ticket

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 3)
MINUTE = dt.timedelta(minutes=1)


def make_session(opens: int = 9, day: dt.date = TODAY, **fields: object) -> Session:
    """Of an hour; by default it begins now."""
    return Session.objects.create(
        office=make_office(),
        kind=SessionKind.STUDENT,
        date=day,
        opens=dt.time(opens),
        closes=dt.time(opens + 1),
        **{"line": make_line(), "booking_free": True, "capacity": 10, **fields},
    )


def test_everybody_who_comes_gets_the_next_number() -> None:
    session = make_session()
    tickets = [give_number(session, SYSTEM, NOW) for _person in range(3)]
    assert [ticket.label for ticket in tickets] == ["X001", "X002", "X003"]
    assert {(each.booking, each.line, each.callable_from) for each in tickets} == {
        (None, session.line, NOW)
    }


def test_who_is_early_is_called_from_the_beginning_on() -> None:
    session = make_session()
    ticket = give_number(session, SYSTEM, NOW - 30 * MINUTE)
    assert (ticket.issued_at, ticket.callable_from) == (NOW - 30 * MINUTE, NOW)


@pytest.mark.parametrize("late", [-31, 60])
def test_before_and_after_none_are_given(late: int) -> None:
    with pytest.raises(NotNow) as refusal:
        give_number(make_session(), SYSTEM, NOW + late * MINUTE)
    assert refusal.value.message == "“学生专场”的取号时间为08:30至10:00。"
    assert Ticket.objects.count() == 0


def test_of_a_session_that_is_booked_none_are_given() -> None:
    with pytest.raises(NotNow):
        give_number(make_session(booking_free=False), SYSTEM, NOW)


def test_the_sessions_of_today_are_those_that_nobody_books() -> None:
    today = make_session(14)
    make_session(10, booking_free=False)
    make_session(9, TODAY + dt.timedelta(days=1))
    assert list(sessions_on_site(make_office(), NOW)) == [today]


# --- As many numbers as places ------------------------------------------------------------------


def give_all(session: Session, now: dt.datetime = NOW) -> int:
    given = 0
    while numbers_left(session):
        give_number(session, SYSTEM, now)
        given += 1
    return given


def test_a_number_keeps_its_session_and_who_gave_it() -> None:
    session, clerk = make_session(), make_staff(office=make_office())
    give_number(session, Actor(operator=clerk), NOW)
    ticket = Ticket.objects.get()
    assert (ticket.session, ticket.operator) == (session, clerk)


def test_no_more_numbers_are_given_than_there_are_places_and_the_clerk_is_told_what_to_do() -> None:
    # Two windows of three.
    session = make_session(capacity=3)
    assert give_all(session) == 6
    with pytest.raises(NoNumbersLeft) as refusal:
        give_number(session, SYSTEM, NOW)
    assert refusal.value.message == (
        "“学生专场”的6个号已全部发完。可由主管在“加号”中增加；未加号时仍可取现场号。"
    )
    # Numbers that weren't given leave no gap.
    assert give_number(make_session(9, line=make_line("foreigners")), SYSTEM, NOW).number == 7


def test_where_one_needs_a_booking_it_says_so() -> None:
    session = make_session(capacity=1)
    session.office.policy = {"walk_in_always": False}
    give_all(session)
    with pytest.raises(NoNumbersLeft, match="请在此代为预约"):
        give_number(session, SYSTEM, NOW)


def test_a_supervisor_adds_numbers_and_they_are_given_at_once() -> None:
    session = make_session(14, capacity=3)
    publish(session.office, NOW)
    early = NOW.replace(hour=5, minute=45)
    assert give_all(session, early) == 6
    addition = Addition(session.office, session.line, TODAY, 2)
    add_numbers(addition, reason="群众较多", actor=SYSTEM, now=early)
    assert give_all(session, early) == 2
    assert session.tickets.count() == 8


def test_a_window_that_staff_closed_has_no_numbers() -> None:
    session = make_session(14, capacity=3)
    publish(session.office, NOW)
    slots = list(session.slots.values_list("pk", flat=True))
    close_slots(slots[:1], reason="停电", actor=SYSTEM, now=NOW)
    assert numbers_left(session) == 3
    Quota.objects.update(frozen=True, closed=True)
    assert numbers_left(session) == 0
    close_slots(slots, reason="停电", actor=SYSTEM, now=NOW)
    assert numbers_left(session) == 0


def test_numbers_outlive_the_session_that_they_were_given_for() -> None:
    session = make_session()
    ticket = give_number(session, SYSTEM, NOW)
    session.delete()
    ticket.refresh_from_db()
    assert (ticket.session, ticket.label) == (None, "X001")
