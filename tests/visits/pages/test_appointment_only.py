"""What the check-in desk says to whom has no booking, before and after the day (JJ-09)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from tests.factories import NOW, make_office, make_party, make_slot, resident_number
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
CHECK_IN = "/desk/xiamen-zhenhai/check-in/"


def answer(client: Client, moment: dt.datetime, number: str) -> str:
    with time_machine.travel(moment, tick=False):
        clerk = make_staff(office=make_office())
        return sign_in(client, clerk).post(CHECK_IN, {"text": number}).text


@pytest.mark.parametrize(
    ("days", "said", "unsaid"),
    [(0, "现场号", "实行预约办证"), (1, "实行预约办证", "现场号")],
)
def test_a_booking_of_another_day_opens_no_way_that_is_closed(
    client: Client, days: int, said: str, unsaid: str
) -> None:
    make_office(policy={"appointment_only_from": "2026-08-04"})
    later = make_slot(starts_at=NOW + dt.timedelta(days=3))
    booking = book(make_party(later), SYSTEM, NOW)
    text = answer(client, NOW + dt.timedelta(days=days), booking.number)
    problem = text.partition("error-summary")[2].partition("</div>")[0]
    assert said in problem
    assert unsaid not in problem


def test_who_has_no_booking_is_offered_one_at_the_counter(client: Client) -> None:
    make_office(policy={"appointment_only_from": "2026-08-01"})
    text = answer(client, NOW, resident_number(1))
    assert "实行预约办证" in text
    assert "仍可领取现场号" not in text
