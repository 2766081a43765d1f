"""Pop-up sites: there while they have sessions."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from offices.enums import OfficeKind, SessionKind
from offices.models import Office, Session
from tests.factories import make_line, make_office

pytestmark = pytest.mark.django_db
EXAM = dt.date(2027, 6, 7)


@pytest.fixture
def desk_of_exams() -> Office:
    """Two days of an ID desk at a school, without booking (高考护考)."""
    make_office()
    site = make_office("exam-desk", name="高考护考点", name_en="Exam desk", kind=OfficeKind.POP_UP)
    for day in (EXAM, EXAM + dt.timedelta(days=1)):
        Session.objects.create(
            office=site,
            line=make_line(),
            kind=SessionKind.POP_UP,
            date=day,
            opens=dt.time(8),
            closes=dt.time(12),
            capacity=50,
            booking_free=True,
            site="第一中学",
        )
    return site


def page_on(day: dt.date, path: str) -> str:
    with time_machine.travel(dt.datetime.combine(day, dt.time(1), tzinfo=dt.UTC), tick=False):
        return Client().get(path).text


def is_listed(day: dt.date) -> bool:
    page = page_on(day, "/offices/?q=%E9%AB%98%E8%80%83")
    assert "厦门出入境办证大厅" in page_on(day, "/offices/")
    return "高考护考点" in page


@pytest.mark.row("WH-12")
def test_an_exam_desk_is_listed_for_its_days_and_takes_no_bookings(desk_of_exams: Office) -> None:
    listed = [is_listed(EXAM + dt.timedelta(days=n)) for n in (-30, -8, -7, 0, 1, 2, 30)]
    assert listed == [False, False, True, True, True, False, False]
    door = page_on(EXAM, "/offices/exam-desk/")
    assert "免预约，现场取号 · 地点：第一中学" in door
    assert "在此大厅预约" not in door
    assert "?office=exam-desk" not in door


def test_what_can_be_booked_there_is(desk_of_exams: Office) -> None:
    Session.objects.update(booking_free=False)
    assert "?office=exam-desk" in page_on(EXAM, "/offices/exam-desk/")


def test_a_day_asks_for_the_sites_that_stand_then(desk_of_exams: Office) -> None:
    offices = Office.objects.bookable()
    assert offices.standing(EXAM).count() == 2
    assert [office.code for office in offices.standing(EXAM - dt.timedelta(days=8))] == [
        "xiamen-zhenhai"
    ]
