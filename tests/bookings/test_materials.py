"""What is to be brought, by whom, as far as the booking tells."""

import datetime as dt

import pytest
from django.test import Client

from applicants.domain.texts import render
from applicants.identity import parse_identity
from applicants.models import Message
from bookings.domain.lifecycle import reschedule
from bookings.domain.materials import materials_for, with_conditions
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Booking
from bookings.pages.citizen.event import calendar_file
from bookings.pages.citizen.facts import people_of_booking
from offices.demo.materials import CONSENT, ENDORSEMENT, FIRST, GUARDIAN, PURPOSE
from offices.models import ServiceGuide
from tests.factories import (
    NOW,
    make_office,
    make_party,
    make_person,
    make_service,
    make_slot,
    resident_number,
)
from tests.staff import make_staff, sign_in

DAY = dt.date(2026, 8, 4)
ADULT, CHILD = dt.date(1990, 1, 1), dt.date(2017, 6, 1)
SIXTEEN_ON_THE_DAY = dt.date(2010, 8, 4)
GUIDE = ServiceGuide(materials=list(ENDORSEMENT))


def names(born: dt.date | None, purpose: str = "", day: dt.date = DAY) -> list[str]:
    """Those of an endorsement that aren't for everybody."""
    common = {item["name"] for item in ENDORSEMENT if "only" not in item}
    needed = with_conditions(materials_for([GUIDE, None], born, day, purpose))
    return [item["name"] for item in needed if item["name"] not in common]


def test_what_nobody_was_asked_about_is_named_with_its_condition() -> None:
    assert names(ADULT) == [
        "与申请事由相应的证明材料（非旅游签注）",
        "所在单位同意办证的函（登记备案人员）",
    ]
    assert names(None)[1:] == [
        "监护人身份证件和监护关系证明（未满16周岁）",
        "所在单位同意办证的函（登记备案人员）",
    ]


def test_a_child_needs_its_guardians_papers_and_no_employers_consent() -> None:
    assert names(CHILD, "tourism") == [GUARDIAN["name"]]


def test_age_is_that_of_the_day_of_the_appointment() -> None:
    assert names(SIXTEEN_ON_THE_DAY, "tourism") == ["所在单位同意办证的函（登记备案人员）"]
    assert names(SIXTEEN_ON_THE_DAY, "tourism", DAY - dt.timedelta(days=1)) == [GUARDIAN["name"]]


def test_proof_of_the_purpose_goes_by_the_purpose_that_was_stated() -> None:
    assert PURPOSE["name"] in names(ADULT, "business")
    assert not [name for name in names(ADULT, "tourism") if name.startswith(PURPOSE["name"])]


def test_the_condition_is_said_in_english_too() -> None:
    said = with_conditions([CONSENT])[0]
    assert said["name_en"] == "Employer's letter of consent (registered state staff)"


@pytest.fixture
def passport(db: None) -> None:
    guides = ServiceGuide.objects.filter(service=make_service("passport-first"))
    guides.update(materials=list(FIRST))


def things_of(booking: Booking) -> list[str]:
    booking.refresh_from_db()
    reminder = Message.objects.get(
        reference=booking.number, kind="reminder_day", version=booking.version
    )
    return [thing["name"] for thing in reminder.context["materials"]]


@pytest.mark.usefixtures("passport")
def test_the_reminder_of_an_adult_asks_for_no_guardian() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    reminder = Message.objects.get(reference=booking.number, kind="reminder_day")
    assert "监护" not in render(reminder)
    assert "所在单位同意办证的函（登记备案人员）。" in render(reminder)


@pytest.mark.usefixtures("passport")
def test_a_family_is_told_of_the_childs_papers_and_who_moves_of_those_of_the_new_day() -> None:
    # Of the very day: people that are made one after the other are born a little later each.
    number = resident_number(1, SIXTEEN_ON_THE_DAY + dt.timedelta(days=1))
    child = make_person(identity=parse_identity("resident_id", number))
    people = (make_person(), child)
    booking = book(make_party(make_slot(), people=people), SYSTEM, NOW)
    assert GUARDIAN["name"] in things_of(booking)
    later = make_slot(starts_at=NOW + dt.timedelta(days=2, hours=1))
    reschedule(booking.pk, later.pk, SYSTEM, NOW)
    assert GUARDIAN["name"] not in things_of(booking)


@pytest.mark.usefixtures("passport")
def test_pages_papers_and_calendar_name_the_same_things_as_the_messages() -> None:
    number = book(make_party(make_slot()), SYSTEM, NOW).number
    booking = Booking.objects.with_details().get(number=number)
    (person,) = people_of_booking(booking)
    shown = [material["name"] for material in person.materials]
    assert shown == things_of(booking)
    assert "登记备案人员" in calendar_file(booking).decode().replace("\r\n ", "")


@pytest.mark.usefixtures("passport")
def test_a_clerk_reads_out_what_this_caller_needs(client: Client) -> None:
    office = make_office()
    number = book(make_party(make_slot(office=office)), SYSTEM, NOW).number
    sign_in(client, make_staff(office=office))
    page = client.get(f"/desk/{office.code}/bookings/{number}/").text
    assert "所在单位同意办证的函（登记备案人员）" in page
    assert "监护" not in page
