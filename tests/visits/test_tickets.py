"""Numbers for those who come to a session that is free of booking."""

import datetime as dt

import pytest

from offices.enums import SessionKind
from offices.models import Session
from tests.factories import NOW, make_line, make_office
from visits.domain.errors import NotNow
from visits.domain.tickets import give_number, sessions_on_site
from visits.models import Ticket

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 3)
MINUTE = dt.timedelta(minutes=1)


def make_session(opens: int = 9, day: dt.date = TODAY, **fields: object) -> Session:
    """Of an hour; by default it begins now."""
    return Session.objects.create(
        office=make_office(),
        line=make_line(),
        kind=SessionKind.STUDENT,
        date=day,
        opens=dt.time(opens),
        closes=dt.time(opens + 1),
        capacity=1,
        **{"booking_free": True, **fields},
    )


def test_everybody_who_comes_gets_the_next_number() -> None:
    session = make_session()
    tickets = [give_number(session, NOW) for _person in range(3)]
    assert [ticket.label for ticket in tickets] == ["X001", "X002", "X003"]
    assert {(each.booking, each.line, each.callable_from) for each in tickets} == {
        (None, session.line, NOW)
    }


def test_who_is_early_is_called_from_the_beginning_on() -> None:
    session = make_session()
    ticket = give_number(session, NOW - 30 * MINUTE)
    assert (ticket.issued_at, ticket.callable_from) == (NOW - 30 * MINUTE, NOW)


@pytest.mark.parametrize("late", [-31, 60])
def test_before_and_after_none_are_given(late: int) -> None:
    with pytest.raises(NotNow) as refusal:
        give_number(make_session(), NOW + late * MINUTE)
    assert refusal.value.message == "“学生专场”的取号时间为08:30至10:00。"
    assert Ticket.objects.count() == 0


def test_of_a_session_that_is_booked_none_are_given() -> None:
    with pytest.raises(NotNow):
        give_number(make_session(booking_free=False), NOW)


def test_the_sessions_of_today_are_those_that_nobody_books() -> None:
    today = make_session(14)
    make_session(10, booking_free=False)
    make_session(9, TODAY + dt.timedelta(days=1))
    assert list(sessions_on_site(make_office(), NOW)) == [today]
