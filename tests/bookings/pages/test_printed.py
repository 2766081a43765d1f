"""What people take along: confirmation and form as PDF, an entry for their calendar."""

import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from icalendar import Calendar
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from applicants.models import Applicant
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.models import Booking, Slot
from bookings.pages.citizen.paper import FONT, line
from tests.citizens import confirmed, make_account, make_member, signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def booking(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    return confirmed(citizen, slot, family)


def url(booking: Booking, rest: str) -> str:
    return f"/bookings/{booking.number}/{rest}"


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


class TestConfirmation:
    def test_it_names_the_appointment_and_everybody(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        response = citizen.get(url(booking, "confirmation.pdf"))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("inline")
        assert "no-store" in response["Cache-Control"]
        text = text_of(response.content)
        assert booking.number in text
        assert "厦门出入境办证大厅" in text
        for member in family:
            assert member.name in text
        assert "居民身份证" in text

    def test_it_speaks_english(self, citizen: Client, booking: Booking) -> None:
        text = text_of(citizen.get(url(booking, "confirmation.pdf"), headers=EN).content)
        assert "Bookingconfirmation" in text
        assert "XiamenExit-EntryHall" in text

    def test_a_cancelled_booking_says_so(self, citizen: Client, booking: Booking) -> None:
        cancel(booking.pk, SYSTEM, NOW)
        assert "已取消" in text_of(citizen.get(url(booking, "confirmation.pdf")).content)

    def test_identity_numbers_are_not_on_it(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        text = text_of(citizen.get(url(booking, "confirmation.pdf")).content)
        assert family[0].id_number not in text


class TestForm:
    @pytest.mark.row("HB-16")
    def test_each_person_has_a_filled_in_sheet_with_the_code(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        pages = PdfReader(BytesIO(citizen.get(url(booking, "form.pdf")).content)).pages
        assert len(pages) == len(family)
        for page, member in zip(pages, family, strict=True):
            text = "".join(page.extract_text().split())
            assert member.name in text
            assert member.id_number in text
            assert booking.number in text
            assert "普通护照" in text

    def test_rare_characters_of_a_name_are_drawn(self, citizen: Client, booking: Booking) -> None:
        booking.attendees.filter(position=0).update(name="演䶮")
        assert "演䶮" in text_of(citizen.get(url(booking, "form.pdf")).content)

    @pytest.mark.parametrize("character", "䶮㛃㙍𬱖𫖯喆龘")
    def test_the_font_holds_rare_characters(self, character: str) -> None:
        line(character)
        assert ord(character) in pdfmetrics.getFont(FONT).face.charToGlyph

    def test_a_sign_that_the_font_lacks_is_told_without_the_name(
        self, citizen: Client, booking: Booking, caplog: pytest.LogCaptureFixture
    ) -> None:
        booking.attendees.filter(position=0).update(name="演𠮷")
        assert citizen.get(url(booking, "form.pdf")).status_code == 200
        [told] = [str(one.msg) for one in caplog.records if "glyphs_missing" in str(one.msg)]
        assert "U+20BB7" in told
        assert "演" not in told


class TestCalendar:
    def test_it_is_one_event_on_the_right_clock(self, citizen: Client, booking: Booking) -> None:
        response = citizen.get(url(booking, "appointment.ics"))
        [event] = Calendar.from_ical(response.content).walk("VEVENT")
        assert event.decoded("dtstart") == booking.slot.starts_at
        assert event.decoded("dtend") == booking.slot.ends_at
        assert "厦门出入境办证大厅" in str(event["location"])
        assert str(event["uid"]).startswith(booking.number)
        assert event.walk("VALARM")[0].decoded("trigger") == dt.timedelta(hours=-2)

    def test_it_names_nobody(
        self, citizen: Client, booking: Booking, family: list[Applicant]
    ) -> None:
        text = citizen.get(url(booking, "appointment.ics")).content.decode()
        assert all(member.name not in text for member in family)

    def test_a_moved_booking_replaces_the_event(self, citizen: Client, booking: Booking) -> None:
        Booking.objects.filter(pk=booking.pk).update(version=1)
        [event] = Calendar.from_ical(citizen.get(url(booking, "appointment.ics")).content).walk(
            "VEVENT"
        )
        assert event["sequence"] == 1


@pytest.mark.parametrize("rest", ["confirmation.pdf", "form.pdf", "appointment.ics"])
def test_nobody_else_gets_them(booking: Booking, rest: str) -> None:
    stranger = make_account("+8613900139000")
    make_member(stranger)
    assert signed_in(stranger).get(url(booking, rest)).status_code == 404
    assert Client().get(url(booking, rest)).status_code == 302
