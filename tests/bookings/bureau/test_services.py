"""Which hall handles what, from when: granted and ended by a bureau, and what follows of it."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings.domain.errors import NotEligible
from bookings.domain.lifecycle import reschedule
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.models import Slot
from offices.enums import Audience, Document, Matter, Role
from offices.models import Office, OfficeService, OrganisationChange, Service, ServiceGuide
from tests.api import booking_body, make_client, make_partner
from tests.citizens import make_account
from tests.factories import (
    LONG_AGO,
    NOW,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
)
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
SERVICES = "/bureau/xiamen/services/"
TODAY = dt.date(2026, 8, 3)
GRANTED = dt.date(2026, 8, 6)


def make_new_service(live_from: dt.date | None = None) -> Service:
    service = Service.objects.create(
        code="tw-group-tour",
        name="赴台团队旅游",
        line=make_line(),
        document=Document.TW_PERMIT,
        matter=Matter.RE_ENDORSEMENT,
        audience=Audience.MAINLAND,
    )
    if live_from:
        ServiceGuide.objects.create(service=service, valid_from=live_from)
    return service


def answer(*offices: Office, **fields: object) -> dict[str, object]:
    return {
        "service": Service.objects.get(code="tw-group-tour").pk,
        "act": "grant",
        "day": "2026-08-06",
        "offices": [office.code for office in offices],
        "reason": "下放受理权限",
        **fields,
    }


def book_tour(office: Office, day: int):
    slot = make_slot(office=office, starts_at=dt.datetime(2026, 8, day, 2, 0, tzinfo=dt.UTC))
    party = make_party(slot, people=(make_person("tw-group-tour"),))
    return book(party, SYSTEM, NOW)


def periods(office: Office) -> list[tuple[dt.date, dt.date | None]]:
    rows = OfficeService.objects.filter(office=office, service__code="tw-group-tour")
    return list(rows.order_by("valid_from").values_list("valid_from", "valid_until"))


@pytest.mark.row("HB-21")
def test_a_district_hall_gains_a_service_that_is_bookable_from_that_date_and_not_before(
    bureau_desk, hall
):
    make_new_service()
    response = bureau_desk.post(SERVICES, answer(hall), follow=True)
    assert "2026年8月6日起" in response.text
    with pytest.raises(NotEligible):
        book_tour(hall, 5)
    assert book_tour(hall, 6).slot.date == GRANTED


@pytest.mark.row("XM-42")
def test_a_service_is_bookable_only_at_the_halls_that_offer_it(bureau_desk, hall):
    make_new_service()
    wuyuan = make_office("xiamen-wuyuanwan", name="五缘湾办证中心")
    bureau_desk.post(SERVICES, answer(wuyuan))
    assert book_tour(wuyuan, 10).slot.office == wuyuan
    with pytest.raises(NotEligible):
        book_tour(hall, 10)


def test_what_was_granted_is_logged_with_its_reason(bureau_desk, hall, planner):
    make_new_service()
    bureau_desk.post(SERVICES, answer(hall))
    [change] = OrganisationChange.objects.all()
    assert (change.office, change.subject, change.account) == (hall, "tw-group-tour", planner)
    assert (change.before, change.after, change.reason) == (
        {},
        {"periods": [["2026-08-06", None]]},
        "下放受理权限",
    )


def test_a_service_ends_with_a_day_and_bookings_after_it_are_named(bureau_desk, hall):
    make_new_service()
    bureau_desk.post(SERVICES, answer(hall))
    booking = book_tour(hall, 12)
    response = bureau_desk.post(SERVICES, answer(hall, act="end", day="2026-08-10"), follow=True)
    assert "有1个该业务的预约" in response.text
    assert periods(hall) == [(GRANTED, dt.date(2026, 8, 10))]
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    with pytest.raises(NotEligible):
        book_tour(hall, 13)


def test_ending_before_the_start_takes_the_grant_back(bureau_desk, hall):
    make_new_service()
    bureau_desk.post(SERVICES, answer(hall))
    bureau_desk.post(SERVICES, answer(hall, act="end", day="2026-08-04"))
    assert periods(hall) == []


def test_granting_twice_or_earlier_leaves_one_period(bureau_desk, hall):
    make_new_service()
    bureau_desk.post(SERVICES, answer(hall))
    bureau_desk.post(SERVICES, answer(hall))
    assert OrganisationChange.objects.count() == 1
    bureau_desk.post(SERVICES, answer(hall, day="2026-08-05"))
    assert periods(hall) == [(dt.date(2026, 8, 5), None)]
    bureau_desk.post(SERVICES, answer(hall, act="end", day="2026-08-20"))
    bureau_desk.post(SERVICES, answer(hall, day="2026-08-20"))
    assert periods(hall) == [(dt.date(2026, 8, 5), None)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": "2026-08-02"}, "day"),
        ({"day": ""}, "day"),
        ({"offices": []}, "offices"),
        ({"offices": ["harbin-city"]}, "offices"),
        ({"reason": ""}, "reason"),
        ({"act": "guess"}, "act"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(bureau_desk, hall, fields, wrong):
    make_office("harbin-city", bureau=type(hall.bureau).objects.create(code="harbin", name="市"))
    make_new_service()
    response = bureau_desk.post(SERVICES, answer(hall, **fields))
    assert list(response.context["form"].errors) == [wrong]
    assert OrganisationChange.objects.count() == 0


def test_the_matrix_costs_the_same_for_one_office_and_for_three(
    bureau_desk, hall, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as counted:
        bureau_desk.get(SERVICES)
    for code in ("one", "two"):
        make_office(code, bureau=hall.bureau)
    with django_assert_num_queries(len(counted)):
        bureau_desk.get(SERVICES)


# --- A new service before its first day (HB-32) ------------------------------------------------


@pytest.fixture
def drill(hall: Office) -> Office:
    """A training office that handles the new service already."""
    service = make_new_service(live_from=GRANTED)
    office = make_office("drill", bureau=hall.bureau, name="培训大厅", is_training=True)
    for each in (office, hall):
        OfficeService.objects.create(office=each, service=service, valid_from=LONG_AGO)
    return office


def shows_it(path: str) -> bool:
    """By its name, or by its code where the API lists codes."""
    text = Client().get(path).content.decode()
    return "赴台团队旅游" in text or "tw-group-tour" in text


@pytest.mark.row("HB-32")
def test_a_new_service_is_hidden_until_go_live_while_staff_drill_it(drill):
    places = [
        "/services/",
        "/book/",
        "/offices/xiamen-jimei/",
        "/api/v1/services/",
        "/api/v1/offices/xiamen-jimei/",
    ]
    assert [path for path in places if shows_it(path)] == []
    for path in ("/services/tw-group-tour/", "/api/v1/services/tw-group-tour/"):
        assert Client().get(path).status_code == 404

    clerk = make_staff(Role.CLERK, office=drill)
    party = make_party(
        make_slot(office=drill), people=(make_person("tw-group-tour"),), channel="counter"
    )
    assert book(party, Actor(operator=clerk), NOW).slot.office == drill

    with time_machine.travel(dt.datetime(2026, 8, 6, 1, 0, tzinfo=dt.UTC), tick=False):
        assert [path for path in places if shows_it(path)] == places


def test_nobody_but_staff_books_what_is_still_to_come(drill, hall):
    party = make_party(make_slot(office=hall), people=(make_person("tw-group-tour"),))
    with pytest.raises(NotEligible):
        book(party, Actor(account=make_account()), NOW)


@pytest.mark.row("HB-32")
def test_citizens_and_partners_never_see_a_training_office(drill, hall):
    slot = make_slot(office=drill)
    for path in ("/offices/", "/book/", "/api/v1/offices/"):
        assert "培训大厅" not in Client().get(path).content.decode()
    day = "line=mainland&date=2026-08-04"
    for path in (
        "/offices/drill/",
        "/api/v1/offices/drill/",
        f"/api/v1/offices/drill/days/?{day}",
        f"/api/v1/offices/drill/slots/?{day}",
    ):
        assert Client().get(path).status_code == 404
    with pytest.raises(Slot.DoesNotExist):
        book(make_party(slot), Actor(account=make_account()), NOW)
    client = make_client(partner=make_partner("114", drill, hall))
    response = client.post("/api/v1/bookings/", booking_body(slot.pk, 1))
    assert response.status_code in {400, 404}


def test_no_booking_is_moved_to_a_training_office(drill, hall):
    account = make_account()
    booking = book(make_party(make_slot(office=hall)), Actor(account=account), NOW)
    with pytest.raises(Slot.DoesNotExist):
        reschedule(booking.pk, make_slot(office=drill).pk, Actor(account=account), NOW)


def test_no_service_ends_at_the_end_of_time(bureau_desk: Client, hall: Office) -> None:
    make_new_service()
    shown = bureau_desk.post(SERVICES, answer(hall, act="end", day="9999-12-31"))
    assert "day" in shown.context["form"].errors
