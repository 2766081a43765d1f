"""The check-in desk's page."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.enums import Status
from bookings.models import Booking
from offices.enums import Role, SessionKind
from offices.models import OfficeService, Service, Session
from tests.factories import (
    LONG_AGO,
    NOW,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
)
from tests.staff import make_staff, sign_in
from visits.models import CheckIn, Ticket

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
URL = "/desk/xiamen-zhenhai/check-in/"


@pytest.fixture(autouse=True)
def _nine_o_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guide(client: Client) -> Client:
    return sign_in(client, make_staff(Role.GUIDE, office=make_office(), username="guide"))


def today(**fields):
    """A window that begins in a quarter of an hour."""
    return make_slot(starts_at=NOW + HOUR / 4, **fields)


@pytest.mark.row("JJ-06")
def test_a_scanned_card_gives_a_ticket_for_a_valid_booking_of_the_day_only(guide):
    comes, cancelled, tomorrow, stranger = (make_person() for _person in range(4))
    book(make_party(today(), people=(comes,)), SYSTEM, NOW)
    gone = book(make_party(Booking.objects.get().slot, people=(cancelled,)), SYSTEM, NOW)
    cancel(gone.pk, SYSTEM, NOW, by_staff=True)
    book(make_party(make_slot(), people=(tomorrow,)), SYSTEM, NOW)
    response = guide.post(URL, {"text": comes.identity.number, "id_type": "resident_id"})
    ticket = Ticket.objects.get()
    assert response.context["done"].ticket == ticket
    assert (ticket.label, CheckIn.objects.get().operator.username) == ("A001", "guide")
    assert "A001" in response.text
    for person in (cancelled, tomorrow, stranger):
        response = guide.post(URL, {"text": person.identity.number})
        assert "仍可领取现场号" in response.text
    assert Ticket.objects.count() == 1


def test_a_booking_number_does_as_well_and_twice_gives_one_ticket(guide):
    booking = book(make_party(today()), SYSTEM, NOW)
    for _time in range(2):
        response = guide.post(URL, {"text": booking.number})
        assert response.context["done"].ticket.label == "A001"
    booking.refresh_from_db()
    assert booking.status == Status.CHECKED_IN
    assert Ticket.objects.count() == 1


def test_a_booking_elsewhere_or_of_another_day_is_said_to_be_so(guide):
    tomorrow = book(make_party(make_slot()), SYSTEM, NOW)
    elsewhere = book(make_party(today(office=make_office("harbin-city"))), SYSTEM, NOW)
    for booking in (tomorrow, elsewhere):
        response = guide.post(URL, {"text": booking.number})
        [problem] = response.context["form"].non_field_errors()
        assert problem.startswith("该预约的地点和时间是")
    assert Ticket.objects.count() == 0


def test_of_two_bookings_of_one_person_the_clerk_picks_one(guide):
    person = make_person()
    line = make_line("collection")
    service = Service.objects.create(
        code="collection", name="证件领取", line=line, document="collection", matter="collection"
    )
    OfficeService.objects.create(office=make_office(), service=service, valid_from=LONG_AGO)
    bookings = [
        book(
            make_party(slot, people=(make_person(service, identity=person.identity),)), SYSTEM, NOW
        )
        for slot, service in ((today(), "passport-first"), (today(line="collection"), "collection"))
    ]
    response = guide.post(URL, {"text": person.identity.number})
    assert response.context["found"] == bookings
    assert Ticket.objects.count() == 0
    guide.post(URL, {"text": bookings[1].number})
    assert Ticket.objects.get().booking == bookings[1]


def test_what_is_no_number_is_refused_at_its_field(guide):
    for text in ("", "12345", "350000199001010011"):
        response = guide.post(URL, {"text": text, "id_type": "resident_id"})
        assert list(response.context["form"].errors) == ["text"]


def test_those_given_out_last_are_shown_to_this_office_only(guide):
    booking = book(make_party(today()), SYSTEM, NOW)
    guide.post(URL, {"text": booking.number})
    assert [one.ticket.label for one in guide.get(URL).context["latest"]] == ["A001"]
    elsewhere = make_office("harbin-city")
    other = sign_in(Client(), make_staff(Role.GUIDE, office=elsewhere))
    assert other.get("/desk/harbin-city/check-in/").context["latest"] == []


def session_without_booking(opens: int = 9, **fields: object) -> Session:
    values = {
        "office": make_office(),
        "line": make_line("household"),
        "kind": SessionKind.STUDENT,
        "name": "户政学生专场",
        "date": NOW.date(),
        "opens": dt.time(opens),
        "closes": dt.time(opens + 3),
        "capacity": 20,
        "booking_free": True,
    }
    return Session.objects.create(**(values | fields))


@pytest.mark.row("FS-18")
def test_a_session_without_booking_is_announced_as_such_and_issues_tickets_directly(guide, client):
    session = session_without_booking(students_only=True)
    door = Client().get("/offices/xiamen-zhenhai/").text
    assert "户政学生专场 9:00–12:00" in door
    assert "免预约，现场取号 · 限学生及陪同的成年人" in door
    assert "限学生及陪同的成年人" in guide.get(URL).text
    for label in ("X001", "X002"):
        response = guide.post(URL, {"session": session.pk})
        assert response.context["given"].label == label
        assert label in response.text
    assert set(Ticket.objects.values_list("line", "booking")) == {(session.line_id, None)}


def test_out_of_its_time_a_session_gives_no_numbers_and_says_when_it_does(guide):
    session = session_without_booking(14)
    response = guide.post(URL, {"session": session.pk})
    assert "“户政学生专场”的取号时间为13:30至17:00。" in response.text
    assert Ticket.objects.count() == 0


def test_a_session_elsewhere_or_with_bookings_gives_no_numbers_here(guide):
    elsewhere = session_without_booking(office=make_office("harbin-city"))
    booked = session_without_booking(booking_free=False)
    for pk in (elsewhere.pk, booked.pk, "x"):
        assert guide.post(URL, {"session": pk}).status_code == 404


def test_after_the_last_number_the_page_says_so_and_leads_the_supervisor_to_more(guide, client):
    session = session_without_booking(9, capacity=1, closes=dt.time(9, 30))
    assert "余1个号" in guide.get(URL).text
    guide.post(URL, {"session": session.pk})
    text = guide.post(URL, {"session": session.pk}).text
    assert "“户政学生专场”的1个号已全部发完。可由主管在“加号”中增加" in text
    assert Ticket.objects.count() == 1
    more = "/desk/xiamen-zhenhai/add-numbers/?date=2026-08-03&amp;line=household"
    assert more not in text
    supervisor = sign_in(Client(), make_staff(Role.SUPERVISOR, office=make_office()))
    assert more in supervisor.get(URL).text
