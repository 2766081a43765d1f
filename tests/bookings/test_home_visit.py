"""The office goes to somebody who can't come."""

import datetime as dt

import pytest

from applicants.domain.texts import render
from applicants.models import Message
from bookings.domain import home_visit
from bookings.domain.home_visit import Assignment, StaffBusy
from bookings.domain.parties import Actor
from bookings.domain.requests import AskedAlready, WrongState
from bookings.models import HomeVisit, Quota
from tests.citizens import make_account
from tests.factories import NOW, make_bureau, make_identity, make_office, make_slot
from tests.requests import A_WEEK_ON, events_of, make_visit
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
TEN = dt.time(10)


@pytest.fixture
def officer(db) -> Actor:
    return Actor(operator=make_staff(office=make_office(), username="officer"))


@pytest.fixture
def pair(db):
    return tuple(make_staff("clerk", office=make_office(), username=name) for name in ("lin", "wu"))


def approved(officer: Actor, **fields) -> HomeVisit:
    return home_visit.approve(make_visit(**fields).pk, "符合上门条件", officer, NOW)


def at(pair, time: dt.time = TEN, *, anyway: bool = False) -> Assignment:
    return Assignment(pair, A_WEEK_ON, time, ("fingerprints", "camera"), anyway=anyway)


@pytest.mark.row("WH-13")
def test_a_visit_is_asked_for_approved_assigned_to_two_and_done(officer, pair):
    make_slot(1)
    visit = make_visit()
    home_visit.approve(visit.pk, "符合上门条件", officer, NOW)
    home_visit.assign(visit.pk, at(pair), officer, NOW)
    visit.refresh_from_db()
    assert (visit.state, set(visit.staff.all())) == ("assigned", set(pair))
    assert (visit.address, visit.equipment) == ("厦门市演示路1号101室", ["fingerprints", "camera"])
    assert (visit.visit_on, visit.visit_from) == (A_WEEK_ON, TEN)
    home_visit.finish(visit.pk, officer, NOW)
    visit.refresh_from_db()
    assert visit.state == "done"
    assert events_of(visit) == ["asked", "approved", "assigned", "done"]
    assert {event.account for event in visit.events.all()} == {None, officer.operator}
    assert Quota.objects.filter(taken__gt=0).count() == 0


def test_nobody_is_sent_to_two_homes_at_once_without_saying_so(officer, pair):
    home_visit.assign(approved(officer).pk, at(pair), officer, NOW)
    other = approved(officer)
    with pytest.raises(StaffBusy) as refused:
        home_visit.assign(other.pk, at(pair, dt.time(11, 59)), officer, NOW)
    assert refused.value.message == "lin、wu在该时间前后两小时内已安排上门办理。"
    home_visit.assign(other.pk, at(pair, dt.time(11, 59), anyway=True), officer, NOW)
    # Two hours later they are back.
    home_visit.assign(approved(officer).pk, at(pair, dt.time(14)), officer, NOW)


def test_a_visit_is_not_in_its_own_way(officer, pair):
    visit = approved(officer)
    home_visit.assign(visit.pk, at(pair), officer, NOW)
    home_visit.assign(visit.pk, at(pair, dt.time(11)), officer, NOW)
    visit.refresh_from_db()
    assert visit.visit_from == dt.time(11)


def test_what_is_not_approved_is_not_assigned(officer, pair):
    visit = make_visit()
    with pytest.raises(WrongState):
        home_visit.assign(visit.pk, at(pair), officer, NOW)
    home_visit.reject(visit.pk, "可由亲友代办", officer, NOW)
    for verb in (home_visit.finish, home_visit.withdraw):
        with pytest.raises(WrongState):
            verb(visit.pk, officer, NOW)


def test_the_applicant_hears_of_the_day(officer, pair):
    visit = approved(officer)
    home_visit.assign(visit.pk, at(pair), officer, NOW)
    texts = [render(message) for message in Message.objects.order_by("pk")]
    assert texts[-1] == (
        f"【厦门出入境】您的上门办理（编号{visit.number}）已安排：8月10日（周一）10:00，"
        "届时由两名工作人员上门，请核对工作证件。咨询电话12367。"
    )
    assert len(texts) == 3
    assert not any("演示路" in str(message.context) for message in Message.objects.all())


def test_one_open_request_a_person(officer):
    account, identity = make_account(), make_identity()
    make_visit(account=account, identity=identity)
    with pytest.raises(AskedAlready):
        make_visit(account=account, identity=identity)


def test_the_address_is_unreadable_in_the_database(django_db_blocker):
    from django.db import connection

    make_visit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, circumstances, name FROM bookings_homevisit")
        row = b"".join(bytes(value) for value in cursor.fetchone())
    assert not any(text.encode() in row for text in ("演示路", "卧床", "演示甲"))


def test_staff_are_those_of_the_office_and_over_it(officer, pair):
    over = make_staff(bureau=make_bureau(), username="bureau")
    make_staff(office=make_office("harbin-city", bureau=make_bureau("harbin")))
    names = [each.username for each in home_visit.staff_at(make_office())]
    assert names == sorted([str(over), "lin", "officer", "wu"])
