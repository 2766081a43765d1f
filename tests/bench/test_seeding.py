"""What is seeded is what the application would have written, only much of it at once."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from applicants.domain.texts import render
from applicants.identity import parse_identity
from applicants.models import Account, Message
from applicants.models.account import contact_hash
from bench.invariants import violations
from bench.people import name, phone, resident_number
from bench.seeding.loading import load
from bench.seeding.sizes import Size
from bookings.domain.numbers import normalise_number
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import PublishReport, publish
from bookings.enums import Status
from bookings.models import Attendee, Booking, Slot
from offices.models import Office
from tests.factories import make_party, make_person

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = dt.date(2026, 8, 3)
# Enough for more than one day that is past: today may not have opened yet.
BOOKINGS = 1800


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def _seeded(now: dt.datetime) -> None:
    load(Size(bookings=BOOKINGS, offices=2), now, say=lambda _step: None)


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}


def test_every_rule_holds_and_about_as_many_bookings_are_there_as_asked_for() -> None:
    def rows(sql: str) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    assert violations(rows) == []
    assert Booking.objects.count() == pytest.approx(BOOKINGS, rel=0.1)


def test_publishing_finds_nothing_to_change(now: dt.datetime) -> None:
    assert [publish(office, now) for office in Office.objects.all()] == [PublishReport()] * 2


def test_every_end_and_every_beginning_is_there(now: dt.datetime) -> None:
    past = Booking.objects.filter(slot__starts_at__lte=now).values_list("status", flat=True)
    assert set(past) == {Status.SERVED, Status.NO_SHOW, Status.CANCELLED, Status.EXPIRED}
    ahead = Booking.objects.filter(slot__starts_at__gt=now).values_list("status", flat=True)
    assert set(ahead) == {Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED}


def test_numbers_and_personal_data_are_real_to_the_application() -> None:
    booking = Booking.objects.with_details().order_by("pk")[0]
    assert normalise_number(booking.number) == booking.number
    serial = int(booking.contact_phone.removeprefix("+86138"))
    assert booking.contact_phone == phone(serial)
    attendee = booking.attendees.all()[0]
    assert attendee.name == name(int(attendee.name.removeprefix("演示")))
    assert attendee.birth_date_text.replace("-", "") == attendee.id_number[6:14]
    assert attendee.applications.count() >= 1


def test_people_are_found_by_phone_and_by_identity() -> None:
    account = Account.objects.get(contact_hash=contact_hash("sms", phone(7)))
    assert account.contact == phone(7)
    digests = [parse_identity("resident_id", resident_number(n)).hash for n in range(50)]
    assert Attendee.objects.filter(identity_hash__in=digests).exists()


def test_a_message_says_what_a_real_one_says() -> None:
    message = Message.objects.filter(kind="reminder_day", state="pending").order_by("pk")[0]
    assert message.reference in render(message)


def test_bookings_go_on_after_it(now: dt.datetime) -> None:
    last = Booking.objects.order_by("pk").last()
    slot = Slot.objects.filter(line__code="mainland", opens_at__lte=now, starts_at__gt=now)[0]
    assert last is not None
    booked = book(make_party(slot, people=(make_person(),)), SYSTEM, now)
    assert booked.pk > last.pk


def test_the_indexes_are_those_of_before() -> None:
    assert {"booking_of_slot", "message_written_once", "slot_once"} <= index_names()


def test_days_go_back_as_far_as_it_takes() -> None:
    friday = MONDAY - dt.timedelta(days=3)
    assert Size(150, 2).workdays(MONDAY)[:2] == [friday, MONDAY]
    days = Size(10_000, 2).workdays(MONDAY)
    assert (days[0], days[-1]) == (dt.date(2026, 6, 1), MONDAY + dt.timedelta(days=14))
    assert str(Size(10_000_000, 200)) == "10 million bookings, 200 offices"
