"""One scan at any station opens the visit."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Booking
from offices.enums import Role
from tests.factories import NOW, make_office, make_party, make_person, make_slot
from tests.staff import make_staff, sign_in
from visits.domain.check_in import check_in

pytestmark = pytest.mark.django_db
URL = "/desk/xiamen-zhenhai/scan/"
QUARTER = dt.timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _nine_o_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guide(client: Client) -> Client:
    return sign_in(client, make_staff(Role.GUIDE, office=make_office(), username="guide"))


def arrived() -> Booking:
    person = make_person("passport-first", "hkm-permit-first", name="演示甲")
    return book(make_party(make_slot(starts_at=NOW + QUARTER), people=(person,)), SYSTEM, NOW)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.row("XM-25")
def test_a_scanned_card_returns_the_booking_and_the_filled_in_form(guide: Client) -> None:
    booking = arrived()
    one = booking.attendees.get()
    answer = guide.post(URL, {"text": one.id_number, "id_type": one.id_type})
    assert [visit.booking for visit in answer.context["found"]] == [booking]
    form = f"/desk/xiamen-zhenhai/bookings/{booking.number}/form/"
    assert f'href="{form}"' in answer.text
    pdf = guide.get(form)
    assert pdf["Content-Type"] == "application/pdf"
    text = text_of(pdf.content)
    assert "演示甲" in text
    assert one.id_number in text


@pytest.mark.row("XM-26")
@pytest.mark.parametrize("role", [Role.GUIDE, Role.CLERK, Role.SUPERVISOR])
def test_scanning_the_code_opens_the_visit_at_each_station(client: Client, role: str) -> None:
    booking = arrived()
    office = booking.slot.office
    ticket = check_in(booking.pk, office, SYSTEM, NOW).ticket
    station = sign_in(client, make_staff(role, office=office))
    answer = station.post(URL, {"text": booking.number})
    (visit,) = answer.context["found"]
    assert (visit.booking, visit.ticket) == (booking, ticket)
    assert ticket.label in answer.text


def test_who_has_no_number_yet_can_be_given_one(guide: Client) -> None:
    booking = arrived()
    answer = guide.post(URL, {"text": booking.number})
    assert "尚未取号" in answer.text
    assert f'name="text" value="{booking.number}"' in answer.text


def test_bookings_of_other_offices_are_not_there(guide: Client) -> None:
    elsewhere = make_slot(office=make_office("harbin-city"), starts_at=NOW + QUARTER)
    foreign = book(make_party(elsewhere), SYSTEM, NOW)
    answer = guide.post(URL, {"text": foreign.number})
    assert answer.context["found"] == []
    assert "本大厅没有相符的预约" in answer.text
    assert guide.get(f"/desk/xiamen-zhenhai/bookings/{foreign.number}/form/").status_code == 404


def test_a_number_of_a_person_comes_into_no_address(guide: Client) -> None:
    one = arrived().attendees.get()
    assert guide.get(f"{URL}?text={one.id_number}").context["found"] == []


def test_what_is_no_number_is_refused_at_its_field(guide: Client) -> None:
    assert list(guide.post(URL, {"text": "x"}).context["form"].errors) == ["text"]
