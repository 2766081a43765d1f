"""When documents can be expected, counted in working days from the appointment."""

import datetime as dt

import pytest
from django.test import Client

from applicants.models import Applicant
from bookings.domain.lifecycle import confirm
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Slot
from bookings.pages.citizen.facts import collection_day
from offices.domain.calendar import collection_date, import_holidays
from offices.models import ServiceGuide
from tests.citizens import hold
from tests.factories import NOW, make_party, make_person, make_service, make_slot

pytestmark = pytest.mark.django_db


def takes(code: str, days: int | None) -> None:
    ServiceGuide.objects.filter(service=make_service(code)).update(working_days=days)


@pytest.mark.row("HB-24")
@pytest.mark.parametrize(
    ("days", "expected"),
    # Accepted on the last working day before National Day; Saturday 10 October is worked.
    [(7, "2026-10-15"), (5, "2026-10-13"), (3, "2026-10-10")],
)
def test_a_document_is_expected_after_its_working_days(days: int, expected: str) -> None:
    import_holidays(2026)
    accepted = dt.date(2026, 9, 30)
    assert collection_date([days], accepted) == dt.date.fromisoformat(expected)


def test_a_time_that_is_not_fixed_is_not_promised() -> None:
    assert collection_date([], dt.date(2026, 8, 3)) is None
    assert collection_date([7, None], dt.date(2026, 8, 3)) is None


@pytest.mark.row("HB-25")
def test_a_family_is_told_one_day_the_latest(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    for code, days in [("passport-first", 7), ("hkm-permit-first", 10), ("tw-permit-first", 3)]:
        takes(code, days)
    people = (
        make_person("passport-first"),
        make_person("passport-first", "hkm-permit-first", born=dt.date(2015, 1, 1)),
        make_person("tw-permit-first"),
    )
    booking = book(make_party(slot, people=people), SYSTEM, NOW)
    # Tuesday 4 August and ten working days.
    assert collection_day(booking) == "8月18日 周二"


@pytest.mark.row("XM-06")
@pytest.mark.parametrize(
    ("home", "expected"),
    # Seven working days after Tuesday 4 August, or 20.
    [
        ("厦门", "8月13日 周四"),
        ("福州", "8月13日 周四"),
        ("", "8月13日 周四"),
        ("武汉市", "9月1日 周二"),
    ],
)
def test_somebody_from_another_province_waits_20_days(slot: Slot, home: str, expected: str) -> None:
    service = make_service("passport-first")
    ServiceGuide.objects.filter(service=service).update(working_days_elsewhere=20)
    person = make_person("passport-first", home_city=home)
    booking = book(make_party(slot, people=(person,)), SYSTEM, NOW)
    assert collection_day(booking) == expected


def test_the_check_and_the_confirmation_say_the_day(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    held = hold(citizen, slot, family)
    # Seven working days after Tuesday 4 August.
    said = "预计8月13日 周四可一并领取全部证件"
    assert said in citizen.get(f"/book/{held.number}/check/").text
    confirm(held.pk, SYSTEM, NOW)
    assert said in citizen.get(f"/bookings/{held.number}/confirmed/").text
    assert said in citizen.get(f"/bookings/{held.number}/").text


def test_without_a_fixed_time_the_pages_are_silent(
    citizen: Client, slot: Slot, family: list[Applicant]
) -> None:
    for code in ("passport-first", "hkm-permit-first", "tw-permit-first"):
        takes(code, None)
    held = hold(citizen, slot, family)
    assert "预计" not in citizen.get(f"/book/{held.number}/check/").text


def test_the_day_costs_one_query_whatever_the_party(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for size in (1, 3):
        slot = make_slot(10, starts_at=NOW + dt.timedelta(days=size))
        booking = book(make_party(slot, size), SYSTEM, NOW)
        booking = type(booking).objects.with_details().get(pk=booking.pk)
        with django_assert_num_queries(1):
            collection_day(booking)
