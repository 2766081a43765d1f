"""A foreigner books in English, with a passport and an e-mail address."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from applicants.models import Message
from bookings.domain.numbers import printed_number
from bookings.models import Booking, Slot
from offices.models import Office
from tests.factories import make_slot, quota_of
from tests.journeys.conftest import Journey, local_time


@pytest.fixture
def window(office: Office) -> Slot:
    starts_at = local_time(office, 2, 10)
    return make_slot(5, office=office, line="foreigners", starts_at=starts_at)


@pytest.mark.row("XM-44")
def test_a_foreigner_books_in_english_with_a_passport(
    new_journey: Callable[..., Journey], window: Slot
) -> None:
    walk = new_journey(locale="en-GB")
    walk.open("/book/")
    walk.expect_heading("Which services do you need?")
    walk.look()
    walk.tick("visa-extension")
    walk.go_on()

    walk.press("Use e-mail")
    walk.look()
    walk.sign_in("jane@example.com")
    walk.expect_heading("Begin with one person")
    walk.fill(name="DOE, Jane", id_type="passport", id_number="x1234567", nationality="FR")
    walk.go_on()
    # The passport's number doesn't tell the date of birth.
    expect(walk.page.locator(".error-summary")).to_contain_text("Enter the date of birth")
    assert walk.page.locator("main [name=id_number]").input_value() == "x1234567"
    walk.look()
    walk.fill(birth_date="1985-07-09")
    walk.go_on()

    walk.expect_heading("Who is coming?")
    walk.look()
    walk.go_on()
    walk.tick("Xiamen Exit-Entry Hall")
    walk.look()
    walk.go_on()
    walk.expect_heading("When do you want to come?")
    walk.look()
    walk.tick("10:00–10:30")
    walk.go_on()
    walk.expect_heading("Check your answers")
    walk.look()
    walk.go_on()

    walk.expect_heading("Booked")
    walk.look()
    booking = Booking.objects.get()
    attendee = booking.attendees.get()
    assert (attendee.id_type, attendee.id_number) == ("passport", "X1234567")
    assert (attendee.nationality, booking.language) == ("FR", "en")
    assert quota_of(window).taken == 1
    expect(walk.page.locator(".booking-number")).to_have_text(printed_number(booking.number))
    assert Message.objects.get(reference=booking.number, kind="confirmed").language == "en"


@pytest.mark.usefixtures("window")
def test_the_language_may_be_changed_on_the_way(journey: Journey) -> None:
    walk = journey
    walk.open("/book/?service=visa-extension")
    walk.press("English")
    walk.expect_heading("Which services do you need?")
    expect(walk.page.locator("main [value=visa-extension]")).to_be_checked()
    walk.press("简体")
    walk.expect_heading("您要办理什么")
