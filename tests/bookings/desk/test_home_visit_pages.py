"""Home visits at the desk."""

import pytest
from django.test import Client

from bookings.models import HomeVisit
from tests.factories import make_bureau, make_office
from tests.requests import A_WEEK_ON, make_visit
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
LIST = "/desk/xiamen-zhenhai/home-visits/"


@pytest.fixture
def pair(hall):
    return [make_staff("clerk", office=hall, username=name) for name in ("lin", "wu")]


def act(desk: Client, visit: HomeVisit, name: str, **values):
    response = desk.post(f"{LIST}{visit.number}/", {"act": name, **values}, follow=True)
    visit.refresh_from_db()
    return response


def plan(pair, **changes):
    return {
        "staff": [person.pk for person in pair],
        "day": A_WEEK_ON.isoformat(),
        "time": "10:00",
        "equipment": ["fingerprints", "camera"],
        **changes,
    }


@pytest.mark.row("WH-13")
def test_a_request_is_approved_assigned_with_address_and_equipment_and_done(desk, hall, pair):
    visit = make_visit(hall)
    act(desk, visit, "approve", answer="符合上门条件")
    text = act(desk, visit, "assign", **plan(pair)).text
    assert (visit.state, visit.staff.count()) == ("assigned", 2)
    for words in ("厦门市演示路1号101室", "lin · wu", "指纹采集仪", "8月10日 周一 10:00"):
        assert words in text
        assert words in desk.get(f"{LIST}{visit.number}/sheet/").text
    act(desk, visit, "finish")
    assert visit.state == "done"


def test_who_is_on_another_visit_is_warned_of_and_may_be_sent_anyway(desk, hall, pair):
    first, second = make_visit(hall), make_visit(hall)
    for visit in (first, second):
        act(desk, visit, "approve", answer="符合上门条件")
    act(desk, first, "assign", **plan(pair))
    response = act(desk, second, "assign", **plan(pair, time="10:30"))
    assert "lin、wu在该时间前后两小时内已安排上门办理。" in response.text
    assert 'name="anyway"' in response.text
    assert second.state == "approved"
    act(desk, second, "assign", **plan(pair, time="10:30"), anyway="on")
    assert second.state == "assigned"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"staff": []}, "staff"),
        ({"day": "2026-08-02"}, "day"),
        ({"time": ""}, "time"),
        ({"equipment": []}, "equipment"),
    ],
)
def test_an_incomplete_plan_is_refused_at_its_field(desk, hall, pair, changes, field):
    visit = make_visit(hall)
    act(desk, visit, "approve", answer="符合上门条件")
    response = act(desk, visit, "assign", **plan(pair, **changes))
    assert list(response.context["assign"].errors) == [field]
    assert visit.state == "approved"


def test_two_people_go_and_both_are_of_the_office(desk, hall, pair):
    visit = make_visit(hall)
    act(desk, visit, "approve", answer="符合上门条件")
    stranger = make_staff(office=make_office("harbin-city", bureau=make_bureau("harbin")))
    for people in (pair[:1], [*pair, make_staff(office=hall)], [pair[0], stranger]):
        response = act(desk, visit, "assign", **plan(people))
        assert list(response.context["assign"].errors) == ["staff"]


def test_no_decision_without_a_reason(desk, hall):
    visit = make_visit(hall)
    response = act(desk, visit, "reject", answer="")
    assert list(response.context["answer"].errors) == ["answer"]
    assert visit.state == "submitted"


def test_the_list_shows_open_ones_and_on_demand_all(desk, hall):
    assert "没有上门办理申请" in desk.get(LIST).text
    over, waiting = make_visit(hall), make_visit(hall)
    act(desk, over, "reject", answer="可由亲友代办")
    assert [one for one, _services in desk.get(LIST).context["rows"]] == [waiting]
    assert len(desk.get(LIST, {"all": "1"}).context["rows"]) == 2
