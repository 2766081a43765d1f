"""The duty roster of a hall, and the warnings where somebody is missing."""

import datetime as dt

import pytest

from offices.domain.calendar import import_holidays
from offices.domain.roster import gaps
from offices.enums import DutyRole, SessionKind
from offices.models import Duty, Office, OpeningHours, OrganisationChange, Session
from tests.factories import LONG_AGO, make_line, make_office

pytestmark = pytest.mark.django_db
ROSTER = "/desk/xiamen-zhenhai/roster/"
DAY_PAGE = "/desk/xiamen-zhenhai/"
SATURDAY = dt.date(2026, 8, 8)
NATIONAL_DAY = dt.date(2026, 10, 1)
MAKE_UP_SATURDAY = dt.date(2026, 10, 10)


def add_session(office: Office, day: dt.date = SATURDAY) -> None:
    Session.objects.create(
        office=office,
        line=make_line(),
        kind=SessionKind.SATURDAY,
        date=day,
        opens=dt.time(9),
        closes=dt.time(11),
        capacity=10,
    )


def put(desk, role: str, name: str, day: str = "2026-08-08", **fields: str):
    form = {"act": "add", "role": role, "name": name, "first_day": day, **fields}
    return desk.post(ROSTER, form)


def missing(office: Office, day: dt.date) -> dict[str, int]:
    return {gap.role: gap.missing for gap in gaps(office, day, day)}


@pytest.mark.row("HB-06")
def test_a_weekend_session_needs_one_leader_and_two_officers(desk, hall):
    add_session(hall)
    assert missing(hall, SATURDAY) == {"leader": 1, "officer": 2}
    for page in (ROSTER, DAY_PAGE):
        text = desk.get(page).text
        assert "8月8日 周六：带班领导缺1人（应有1人）" in text
        assert "8月8日 周六：值班民警缺2人（应有2人）" in text
    put(desk, "leader", "张科长")
    put(desk, "officer", "李警官")
    assert missing(hall, SATURDAY) == {"officer": 1}
    put(desk, "officer", "王警官")
    assert missing(hall, SATURDAY) == {}
    assert "值班表有空缺" not in desk.get(ROSTER).text


@pytest.mark.row("XM-34")
def test_a_gap_on_a_holiday_raises_a_warning(desk, hall):
    import_holidays(2026)
    assert missing(hall, NATIONAL_DAY) == {"on_call": 1}
    assert "10月1日 周四：待命缺1人（应有1人）" in desk.get(f"{ROSTER}?month=2026-10").text
    put(desk, "on_call", "赵警官", "2026-10-01", last_day="2026-10-07")
    assert gaps(hall, NATIONAL_DAY, dt.date(2026, 10, 7)) == []


def test_a_day_off_on_which_nobody_works_needs_nobody(hall):
    assert missing(hall, SATURDAY) == {}


def test_a_saturday_of_the_weekly_hours_needs_people_as_well(hall):
    OpeningHours.objects.create(
        office=hall,
        line=make_line(),
        weekday=5,
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=4,
        valid_from=LONG_AGO,
    )
    assert missing(hall, SATURDAY) == {"leader": 1, "officer": 2}


def test_a_make_up_saturday_is_a_working_day(hall):
    import_holidays(2026)
    add_session(hall, MAKE_UP_SATURDAY)
    assert missing(hall, MAKE_UP_SATURDAY) == {}


def test_how_many_are_needed_is_the_policys(hall):
    add_session(hall)
    hall.policy = {"off_day_leaders": 0, "off_day_officers": 3}
    hall.save()
    assert missing(hall, SATURDAY) == {"officer": 3}


def test_a_gap_costs_the_same_for_a_day_and_for_a_month(hall, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        gaps(hall, dt.date(2026, 8, 1), dt.date(2026, 8, 31))


def test_somebody_is_taken_off_with_a_reason(desk, hall, supervisor):
    put(desk, "leader", "张科长")
    [duty] = Duty.objects.all()
    assert duty.created_by == supervisor
    assert "移出值班" in desk.get(f"{ROSTER}?off={duty.pk}").text
    response = desk.post(ROSTER, {"act": "off", "duty": duty.pk, "reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    desk.post(ROSTER, {"act": "off", "duty": duty.pk, "reason": "外出培训"})
    assert Duty.objects.count() == 0
    [change] = OrganisationChange.objects.all()
    assert (change.subject, change.before, change.reason, change.account) == (
        "leader",
        {"date": "2026-08-08", "name": "张科长"},
        "外出培训",
        supervisor,
    )


def test_nobody_of_another_office_is_taken_off(desk):
    elsewhere = make_office("harbin-city")
    duty = Duty.objects.create(office=elsewhere, date=SATURDAY, role=DutyRole.LEADER, name="张")
    gone = desk.post(ROSTER, {"act": "off", "duty": duty.pk, "reason": "外出"})
    assert (gone.status_code, Duty.objects.count()) == (404, 1)


def test_a_week_is_copied_once(desk, hall):
    put(desk, "leader", "张科长")
    put(desk, "officer", "李警官", "2026-08-09")
    form = {"act": "copy", "source": "2026-08-03", "target": "2026-08-13"}
    desk.post(ROSTER, form)
    desk.post(ROSTER, form)
    copied = Duty.objects.filter(date__gt=dt.date(2026, 8, 9)).values_list("date", "name")
    assert list(copied) == [(dt.date(2026, 8, 15), "张科长"), (dt.date(2026, 8, 16), "李警官")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"role": "cook"}, "role"),
        ({"first_day": "someday"}, "first_day"),
        ({"last_day": "2026-08-01"}, "last_day"),
        ({"last_day": "2026-12-01"}, "last_day"),
        ({"act": "copy", "source": "2026-08-03", "target": "2026-08-04"}, "target"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(desk, fields, wrong):
    form = {"act": "add", "role": "leader", "name": "张科长", "first_day": "2026-08-08"} | fields
    response = desk.post(ROSTER, form)
    assert list(response.context["form"].errors) == [wrong]
    assert Duty.objects.count() == 0


def test_an_act_that_there_is_not_does_not_exist(desk):
    assert desk.post(ROSTER, {"act": "dance"}).status_code == 404
