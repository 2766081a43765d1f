"""Urgent numbers at the hall."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from applicants.models import Account
from bookings.domain.parties import Actor
from bookings.domain.urgent import approve
from bookings.models import Quota, UrgentRequest
from offices.enums import Role
from tests.factories import NOW, make_bureau, make_identity, make_office, make_slot
from tests.requests import events_of, make_urgent
from tests.staff import make_staff, sign_in
from visits.models import Ticket, UrgentArrival

pytestmark = pytest.mark.django_db
URL = "/desk/xiamen-zhenhai/urgent-number/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def guide(client: Client) -> Client:
    return sign_in(client, make_staff(Role.GUIDE, office=make_office(), username="guide"))


def approved(**fields) -> UrgentRequest:
    request = make_urgent(**fields)
    officer = Actor(operator=make_staff(office=request.office))
    return approve(request.pk, "商务", officer, NOW)


def find(guide: Client, text: str):
    return guide.post(URL, {"act": "found", "text": text, "id_type": "resident_id"})


@pytest.mark.row("JJ-11")
def test_an_urgent_arrival_gets_a_ticket_without_a_slot_or_a_place(guide):
    make_slot(1, walk_in=1, starts_at=NOW)
    before = list(Quota.objects.values())
    answers = {"act": "on_the_spot", "line": "mainland", "reason": "funeral", "note": "当晚机票"}
    response = guide.post(URL, answers)
    assert "U001" in response.text
    ticket = Ticket.objects.get()
    assert (ticket.label, ticket.booking, ticket.session) == ("U001", None, None)
    assert (ticket.callable_from, ticket.operator.username) == (NOW, "guide")
    assert (ticket.urgent.reason, ticket.urgent.note) == ("funeral", "当晚机票")
    assert list(Quota.objects.values()) == before


def test_without_a_reason_no_number(guide):
    for missing in ("reason", "note"):
        answers = {"line": "mainland", "reason": "funeral", "note": "机票", missing: ""}
        response = guide.post(URL, {"act": "on_the_spot", **answers})
        assert list(response.context["form"].errors) == [missing]
    assert Ticket.objects.count() == 0


def test_an_approved_request_is_found_by_number_and_by_document(guide):
    request, other = approved(), approved(identity=make_identity())
    assert "U001" in find(guide, request.number).text
    response = find(guide, other.id_number)
    assert "U002" in response.text
    assert "加急" in response.text
    assert set(UrgentArrival.objects.values_list("request", flat=True)) == {request.pk, other.pk}
    assert events_of(request)[-1] == "arrived"


def test_asked_again_that_day_it_is_the_same_number(guide, clock):
    request = approved()
    for _time in range(2):
        assert "U001" in find(guide, request.number).text
    clock.move_to(NOW + DAY)
    sign_in(guide, Account.objects.get(username="guide"))
    assert "U001" in find(guide, request.number).text
    assert Ticket.objects.count() == 2


def test_one_that_is_not_approved_or_of_another_office_is_not_found(guide):
    waiting = make_urgent()
    foreign = approved(office=make_office("harbin-city", bureau=make_bureau("harbin")))
    for request in (waiting, foreign):
        assert "可以直接发急办号" in find(guide, request.number).text
    assert Ticket.objects.count() == 0


def test_of_two_requests_of_one_person_the_guide_picks_one(guide):
    identity = make_identity()
    first, second = approved(identity=identity), approved(identity=identity)
    response = find(guide, identity.number)
    assert set(response.context["found"]) == {first, second}
    assert "U001" in find(guide, second.number).text


def test_those_given_out_last_say_why_and_who(guide):
    answers = {"act": "on_the_spot", "line": "mainland", "reason": "funeral", "note": "当晚机票"}
    guide.post(URL, answers)
    text = guide.get(URL).text
    assert "当晚机票 · guide" in text
