"""Days at the ends of time, characters that no database keeps: refused or left out, no failure."""

import datetime as dt

import pytest

from offices.enums import Audience, Document, Matter
from offices.models import Counter, OfficeService, OpeningHours, Service, Session
from tests.factories import LONG_AGO, make_line, make_slot

pytestmark = pytest.mark.django_db
DESK = "/desk/xiamen-zhenhai/"
FAR = "9999-12-31"


@pytest.fixture
def line(hall):
    """A line that the hall handles."""
    line = make_line()
    service = Service.objects.create(
        code="far",
        name="远期",
        line=line,
        document=Document.TW_PERMIT,
        matter=Matter.RE_ENDORSEMENT,
        audience=Audience.MAINLAND,
    )
    OfficeService.objects.create(office=hall, service=service, valid_from=LONG_AGO)
    make_slot(4, office=hall)
    return line


def refused(form, name: str) -> bool:
    return any(error.code == "max_value" for error in form.errors.as_data()[name])


def test_a_range_of_places_ends_in_this_century(desk, line):
    asked = {"line": line.code, "pools": "online", "first": FAR, "last": FAR}
    shown = desk.get(f"{DESK}range/", {**asked, "verb": "percent", "amount": "10"})
    assert refused(shown.context["range"], "first")


def test_no_week_of_the_roster_is_copied_from_the_end_of_time(desk, hall):
    shown = desk.post(f"{DESK}roster/", {"act": "copy", "source": FAR, "target": "2026-08-03"})
    assert refused(shown.context["copy"], "source")


def test_no_series_of_sessions_begins_at_the_end_of_time(desk, line):
    typed = {"kind": "student", "line": line.pk, "opens": "09:00", "closes": "11:00"}
    typed |= {"capacity": "5", "weekdays": ["5"], "times": "7"}
    shown = desk.post(f"{DESK}sessions/", {**typed, "date": FAR})
    assert refused(shown.context["form"], "date")
    assert not Session.objects.exists()


def test_no_weekly_hours_end_at_the_end_of_time(desk, line):
    typed = {"lines": [line.pk], "kind": "acceptance", "weekdays": ["0"], "reason": "调整"}
    typed |= {"opens": "09:00", "closes": "12:00", "valid_from": "2026-09-01"}
    shown = desk.post(f"{DESK}hours/", {**typed, "valid_until": FAR})
    assert refused(shown.context["form"], "valid_until")
    assert not OpeningHours.objects.exists()


def test_no_counter_opens_until_the_end_of_time(desk, hall, line):
    counter = Counter.objects.create(office=hall, line=line, label="1")
    asked = {"preview": "1", "state": "open", "counters": counter.pk}
    asked |= {"first_day": dt.date(2026, 8, 4), "last_day": FAR}
    shown = desk.get(f"{DESK}counters/change/", asked)
    assert refused(shown.context["wanted"], "last_day")


def test_what_no_database_keeps_is_left_out_of_a_search(desk, hall):
    assert desk.get(f"{DESK}history/", {"text": "调\0整"}).status_code == 200


def test_a_policy_form_without_end_is_refused(desk, hall):
    typed = {"setting": "horizon_days", "act": "set", "value": "30", "reason": "调整"}
    shown = desk.post(f"{DESK}policy/", {**typed, "seen": "[" * 100_000})
    assert "seen" in shown.context["form"].errors
