"""Arriving with a booking."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bookings.domain import lifecycle
from bookings.domain.errors import WrongStatus
from bookings.domain.leaving import leave
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.enums import Status
from offices.models import Session
from tests.factories import NOW, make_office, make_party, make_person, make_slot, quota_of
from tests.staff import make_staff
from visits.domain.check_in import check_in, find_by_identity
from visits.domain.errors import NotToday, TooEarly
from visits.enums import Arrival
from visits.models import CheckIn, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    """10:00–10:30 in Xiamen on the day after NOW."""
    return make_slot()


def at(slot, clock):
    hour, minute = map(int, clock.split(":"))
    return slot.local_start.replace(hour=hour, minute=minute)


@pytest.mark.row("JJ-06")
def test_scanning_an_identity_card_gives_a_ticket_only_for_a_valid_booking_of_the_day():
    slot = make_slot(starts_at=NOW + dt.timedelta(days=1, hours=0))  # 09:00 in Xiamen
    person, cancelled = make_person(), make_person()
    book(make_party(slot, people=(person,)), SYSTEM, NOW)
    gone = book(make_party(slot, people=(cancelled,)), SYSTEM, NOW)
    lifecycle.cancel(gone.pk, SYSTEM, NOW)
    nine = at(slot, "09:00")
    found = find_by_identity(slot.office, person.identity, nine).get()
    assert check_in(found.pk, slot.office, SYSTEM, nine).ticket.label == "A001"
    for identity in (cancelled.identity, make_person().identity):
        assert not find_by_identity(slot.office, identity, nine).exists()
    with pytest.raises(WrongStatus):
        check_in(gone.pk, slot.office, SYSTEM, nine)
    tomorrow = nine + dt.timedelta(days=1)
    assert not find_by_identity(slot.office, person.identity, tomorrow).exists()
    assert Ticket.objects.count() == 1


@pytest.mark.row("XM-08")
def test_booked_at_ten_someone_at_0940_waits_and_someone_at_1050_is_late(slot):
    early, late = (book(make_party(slot), SYSTEM, NOW) for _ in range(2))
    waiting = check_in(early.pk, slot.office, SYSTEM, at(slot, "09:40"))
    assert waiting.arrival == Arrival.EARLY
    assert waiting.ticket.callable_from == slot.starts_at
    served = check_in(late.pk, slot.office, SYSTEM, at(slot, "10:50"))
    assert (served.arrival, served.ticket.label) == (Arrival.LATE, "X001")
    assert served.ticket.callable_from == at(slot, "10:50")


def test_within_the_grace_somebody_is_on_time(slot):
    booking = book(make_party(slot), SYSTEM, NOW)
    arrived = check_in(booking.pk, slot.office, SYSTEM, at(slot, "10:44"))
    booking.refresh_from_db()
    assert (arrived.arrival, booking.status) == (Arrival.ON_TIME, Status.CHECKED_IN)
    assert quota_of(slot).taken == 1


def test_check_in_opens_thirty_minutes_before(slot):
    booking = book(make_party(slot), SYSTEM, NOW)
    with pytest.raises(TooEarly) as refusal:
        check_in(booking.pk, slot.office, SYSTEM, at(slot, "09:29"))
    assert refusal.value.opens == "09:30"
    assert check_in(booking.pk, slot.office, SYSTEM, at(slot, "09:30")).ticket.label == "A001"


def test_checking_in_twice_gives_the_same_number(slot):
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    at_ten = at(slot, "10:00")
    numbers = [check_in(booking.pk, slot.office, SYSTEM, at_ten).ticket for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("swept", [False, True])
def test_a_late_arrival_is_a_walk_in_whether_the_sweeper_has_run_or_not(slot, swept):
    booking = book(make_party(slot), SYSTEM, NOW)
    later = at(slot, "10:50")
    if swept:
        lifecycle.mark_no_shows(later)
    assert check_in(booking.pk, slot.office, SYSTEM, later).ticket.label == "X001"
    lifecycle.mark_no_shows(later)
    booking.refresh_from_db()
    assert booking.status == Status.NO_SHOW


def test_a_booking_of_another_office_or_day_is_sent_to_the_right_one(slot):
    booking = book(make_party(slot), SYSTEM, NOW)
    other = make_office("harbin-city")
    with pytest.raises(NotToday):
        check_in(booking.pk, other, SYSTEM, at(slot, "10:00"))
    with pytest.raises(NotToday):
        check_in(booking.pk, slot.office, SYSTEM, at(slot, "10:00") - dt.timedelta(days=1))


def test_a_hold_is_no_booking_yet(slot):
    booking = hold_places(make_party(slot), SYSTEM, NOW)
    with pytest.raises(WrongStatus):
        check_in(booking.pk, slot.office, SYSTEM, at(slot, "10:00"))


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_give_two_numbers():
    slot = make_slot()
    bookings = [book(make_party(slot), SYSTEM, NOW) for _ in range(8)]

    def arrive(booking):
        try:
            return check_in(booking.pk, slot.office, SYSTEM, at(slot, "10:00")).ticket.number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as machines:
        assert sorted(machines.map(arrive, bookings)) == list(range(1, 9))


def test_a_ticket_of_a_booking_keeps_its_session_and_who_gave_it(slot):
    clerk = Actor(operator=make_staff(office=slot.office))
    slot.session = Session.objects.create(
        office=slot.office,
        line=slot.line,
        kind="extended",
        date=slot.date,
        opens=dt.time(10),
        closes=dt.time(11),
        capacity=10,
    )
    slot.save()
    booking = book(make_party(slot), SYSTEM, NOW)
    ticket = check_in(booking.pk, slot.office, clerk, slot.starts_at).ticket
    assert (ticket.session, ticket.operator) == (slot.session, clerk.operator)


def test_who_left_the_party_is_found_at_the_desk_no_more(slot):
    stays, leaver = make_person(), make_person()
    booking = book(make_party(slot, people=(stays, leaver)), SYSTEM, NOW)
    leave(booking.pk, [1], SYSTEM, NOW)
    now = at(slot, "10:00")
    assert list(find_by_identity(slot.office, leaver.identity, now)) == []
    (found,) = find_by_identity(slot.office, stays.identity, now).with_details()
    assert [one.name for one in found.attendees.all()] == [stays.name]
