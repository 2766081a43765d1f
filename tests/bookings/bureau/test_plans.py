"""A bureau's surge plans: kept, applied to several offices at once, ended as a whole."""

import datetime as dt

import pytest

from bookings.domain.publishing import publish
from bookings.models import Slot
from offices.models import Bureau, Office, OpeningHours, SurgePeriod, SurgePlan
from tests.factories import NOW, make_bureau, make_line, make_office

pytestmark = pytest.mark.django_db
PLANS = "/bureau/xiamen/plans/"
TUESDAY = dt.date(2026, 8, 4)
DAYS = {"first_day": "2026-08-04", "last_day": "2026-08-05"}


def typed(**fields: str) -> dict[str, str]:
    return {
        "name": "春节高峰",
        "name_en": "Spring Festival peak",
        "line": "",
        "counters": "2",
        "percent": "30",
        "earlier_minutes": "0",
        "later_minutes": "60",
        "note": "",
        **fields,
    }


def make_plan(bureau: Bureau, **fields: object) -> SurgePlan:
    return SurgePlan.objects.create(
        **{"bureau": bureau, "code": "spring", "name": "春节高峰", "percent": 30} | fields
    )


def url(plan: SurgePlan, verb: str = "") -> str:
    return f"{PLANS}{plan.pk}/{verb}"


def places(office: Office) -> set[int]:
    slots = Slot.objects.filter(office=office, date=TUESDAY)
    return {sum(slot.quotas.values_list("capacity", flat=True)) for slot in slots}


@pytest.fixture
def halls(city, hall) -> list[Office]:
    """The city's own and the district's, both open on Tuesdays with 30 places a window."""
    both = [make_office(), hall]
    for office in both:
        OpeningHours.objects.create(
            office=office,
            line=make_line(),
            weekday=1,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=30,
            valid_from=dt.date(2020, 1, 1),
        )
        publish(office, NOW)
    return both


# --- Kept --------------------------------------------------------------------------------------


def test_a_plan_is_added_changed_and_removed(bureau_desk, city):
    response = bureau_desk.post(PLANS, typed(), follow=True)
    assert "预案已保存，应用之前不起作用。" in response.text
    plan = SurgePlan.objects.get()
    assert (plan.bureau, plan.name, plan.counters, plan.percent) == (city, "春节高峰", 2, 30)
    assert (plan.line, plan.later_minutes) == (None, 60)
    bureau_desk.post(url(plan), typed(percent="40", line=str(make_line().pk)))
    plan.refresh_from_db()
    assert (plan.percent, plan.line) == (40, make_line())
    bureau_desk.post(url(plan, "remove/"))
    assert not SurgePlan.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"percent": "301"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"counters": "0", "percent": "0", "later_minutes": "0"}, "counters"),
        ({"later_minutes": "999"}, "later_minutes"),
        ({"line": "0"}, "line"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_at_its_field(bureau_desk, fields, wrong):
    response = bureau_desk.post(PLANS, typed(**fields))
    assert list(response.context["form"].errors) == [wrong]
    assert not SurgePlan.objects.exists()


def test_a_plan_that_was_applied_is_neither_changed_nor_removed(bureau_desk, city, halls):
    plan = make_plan(city)
    bureau_desk.post(url(plan, "apply/"), {**DAYS, "offices": [halls[0].code], "reason": "春节"})
    response = bureau_desk.post(url(plan), typed(percent="90"))
    assert "该预案已应用过，不能再改" in response.text
    assert "该预案已应用过，不能再改" in bureau_desk.post(url(plan, "remove/"), follow=True).text
    plan.refresh_from_db()
    assert plan.percent == 30


def test_plans_of_the_bureaus_above_are_inherited_and_not_changed_here(bureau_desk, city, district):
    plan = make_plan(city)
    inherited = bureau_desk.get("/bureau/xiamen-jimei/plans/")
    assert list(inherited.context["plans"]) == [plan]
    assert "来自厦门市公安局出入境管理局" in inherited.text
    assert bureau_desk.get(f"/bureau/xiamen-jimei/plans/{plan.pk}/").status_code == 404
    assert bureau_desk.post(f"/bureau/xiamen-jimei/plans/{plan.pk}/remove/").status_code == 404
    assert bureau_desk.get(f"/bureau/xiamen-jimei/plans/{plan.pk}/apply/").status_code == 200


def test_an_empty_bureau_says_what_plans_are_for(bureau_desk):
    assert "尚无预案" in bureau_desk.get(PLANS).text


# --- Applied -----------------------------------------------------------------------------------


@pytest.mark.row("JJ-07")
def test_one_click_applies_the_plan_at_all_chosen_halls_and_one_takes_it_back(
    bureau_desk, city, halls, planner
):
    plan = make_plan(city, counters=2)
    codes = [office.code for office in halls]
    seen = bureau_desk.get(url(plan, "apply/"), {**DAYS, "offices": codes})
    assert {
        (one.office.code, len(one.windows), one.places_before, one.places_after)
        for one in seen.context["previews"]
    } == {(code, 2, 60, 86) for code in codes}
    assert places(halls[0]) == places(halls[1]) == {30}

    bureau_desk.post(url(plan, "apply/"), {**DAYS, "offices": codes, "reason": "春节"})
    assert places(halls[0]) == places(halls[1]) == {43}
    periods = SurgePeriod.objects.all()
    assert {(one.applied_by, one.reason) for one in periods} == {(planner, "春节")}

    back = bureau_desk.get(url(plan, "end/"))
    assert [preview.places_after for _period, preview in back.context["rows"]] == [60, 60]
    ticked = [one.pk for one in periods]
    bureau_desk.post(url(plan, "end/"), {"period": ticked, "reason": "人流回落"})
    assert places(halls[0]) == places(halls[1]) == {30}
    assert {one.end_reason for one in SurgePeriod.objects.all()} == {"人流回落"}


def test_every_window_of_an_office_is_one_click_away(bureau_desk, city, halls):
    plan = make_plan(city)
    asked = {**DAYS, "offices": [office.code for office in halls]}
    both = bureau_desk.get(url(plan, "apply/"), asked)
    assert both.context["closer"] is None
    closer = bureau_desk.get(url(plan, "apply/"), {**asked, "show": halls[1].code})
    assert closer.context["closer"].office == halls[1]
    assert "09:30–10:00" in closer.text
    one = bureau_desk.get(url(plan, "apply/"), {**DAYS, "offices": [halls[0].code]})
    assert one.context["closer"].office == halls[0]


def test_only_the_ticked_offices_give_it_back(bureau_desk, city, halls):
    plan = make_plan(city)
    codes = [office.code for office in halls]
    bureau_desk.post(url(plan, "apply/"), {**DAYS, "offices": codes, "reason": "春节"})
    first = SurgePeriod.objects.get(office=halls[0])
    bureau_desk.post(url(plan, "end/"), {"period": [first.pk], "reason": "人流回落"})
    assert (places(halls[0]), places(halls[1])) == ({30}, {39})
    nothing = bureau_desk.post(url(plan, "end/"), {"reason": "人流回落"})
    assert "请至少选择一个大厅" in nothing.text
    assert places(halls[1]) == {39}


def test_where_it_is_in_force_already_no_hall_gets_it(bureau_desk, city, halls):
    plan = make_plan(city)
    path = url(plan, "apply/")
    bureau_desk.post(path, {**DAYS, "offices": [halls[0].code], "reason": "春节"})
    both = {**DAYS, "offices": [office.code for office in halls], "reason": "春节"}
    response = bureau_desk.post(path, both)
    assert "该预案在部分日期已经执行" in response.text
    assert places(halls[1]) == {30}


def test_an_office_of_another_bureau_can_not_be_chosen(bureau_desk, city, halls):
    plan = make_plan(city)
    make_office("harbin-city", bureau=make_bureau("harbin"))
    asked = {**DAYS, "offices": ["harbin-city"], "reason": "春节"}
    response = bureau_desk.post(url(plan, "apply/"), asked)
    assert list(response.context["asked"].errors) == ["offices"]
    assert not SurgePeriod.objects.exists()


def test_a_plan_that_is_in_force_nowhere_has_nothing_to_end(bureau_desk, city):
    assert "该预案未在任何大厅执行" in bureau_desk.get(url(make_plan(city), "end/")).text
