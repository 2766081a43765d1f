"""Surge plans at one office: seen before, applied, ended."""

import datetime as dt

import pytest

from bookings.domain.publishing import publish
from bookings.models import QuotaChange, Slot
from offices.enums import SeasonKind
from offices.models import OpeningHours, Season, SurgePeriod, SurgePlan
from tests.factories import NOW, make_bureau, make_line, make_office

pytestmark = pytest.mark.django_db
PLANS = "/desk/xiamen-zhenhai/plans/"
TUESDAY, WEDNESDAY = dt.date(2026, 8, 4), dt.date(2026, 8, 5)
DAYS = {"first_day": "2026-08-04", "last_day": "2026-08-05"}


@pytest.fixture
def plan(hall) -> SurgePlan:
    """The bureau's; and the hall is open on weekdays 9:00–10:00 with 30 places a window."""
    for weekday in range(5):
        OpeningHours.objects.create(
            office=hall,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=30,
            valid_from=dt.date(2020, 1, 1),
        )
    publish(hall, NOW)
    return SurgePlan.objects.create(
        bureau=hall.bureau,
        code="spring",
        name="春节高峰",
        name_en="Spring Festival peak",
        percent=30,
        counters=2,
        later_minutes=30,
    )


def apply_url(plan: SurgePlan) -> str:
    return f"{PLANS}{plan.pk}/apply/"


def end_url(period: SurgePeriod) -> str:
    return f"{PLANS}periods/{period.pk}/end/"


def places(day: dt.date) -> list[int]:
    slots = Slot.objects.filter(date=day)
    return [sum(slot.quotas.values_list("capacity", flat=True)) for slot in slots]


@pytest.mark.row("JJ-07")
def test_a_plan_is_seen_then_applied_then_taken_back_in_one_click_each(desk, plan, supervisor):
    seen = desk.get(apply_url(plan), DAYS)
    assert [
        (one.opens, one.places_before, one.places_after)
        for one in seen.context["preview"].windows
        if one.date == TUESDAY
    ] == [(dt.time(9), 30, 43), (dt.time(9, 30), 30, 43), (dt.time(10), 0, 43)]
    assert "新增时段" in seen.text
    assert places(TUESDAY) == [30, 30]

    response = desk.post(apply_url(plan), {**DAYS, "reason": "春节"}, follow=True)
    assert "春节高峰已应用于1个大厅。" in response.text
    assert (places(TUESDAY), places(WEDNESDAY)) == ([43] * 3, [43] * 3)
    period = SurgePeriod.objects.get()
    assert (period.applied_by, period.reason) == (supervisor, "春节")
    history = desk.get("/desk/xiamen-zhenhai/history/").text
    assert "春节" in history

    back = desk.get(end_url(period))
    assert [(one.places_before, one.places_after) for one in back.context["preview"].windows] == [
        (43, 30),
        (43, 30),
        (43, 0),
    ] * 2
    desk.post(end_url(period), {"reason": "人流回落"})
    assert (places(TUESDAY), places(WEDNESDAY)) == ([30, 30], [30, 30])
    period.refresh_from_db()
    assert (period.ended_by, period.end_reason) == (supervisor, "人流回落")


def test_an_office_sees_the_plans_of_its_bureau_and_of_those_above_and_no_others(desk, hall, plan):
    province = make_bureau("fujian")
    hall.bureau.parent = province
    hall.bureau.save()
    SurgePlan.objects.create(bureau=province, code="above", name="省级预案", percent=10)
    foreign = SurgePlan.objects.create(
        bureau=make_bureau("harbin"), code="foreign", name="冰雪季", percent=10
    )
    response = desk.get(PLANS)
    assert [one.code for one in response.context["plans"]] == ["spring", "above"]
    assert desk.get(apply_url(foreign)).status_code == 404


def test_periods_show_where_they_stand_who_applied_them_and_why(desk, hall, plan, supervisor):
    def period(first: str, last: str, **fields: object) -> SurgePeriod:
        return SurgePeriod.objects.create(
            plan=plan,
            office=hall,
            first_day=first,
            last_day=last,
            reason="高峰预案",
            applied_by=supervisor,
            applied_at=NOW,
            **fields,
        )

    coming = period("2026-08-20", "2026-08-21")
    running = period("2026-08-01", "2026-08-10")
    ended = period("2026-07-20", "2026-08-09", ended_at=NOW, end_reason="人流回落")
    over = period("2026-07-01", "2026-07-02")
    response = desk.get(PLANS)
    assert [(one.period, one.state.value) for one in response.context["periods"]] == [
        (coming, "coming"),
        (running, "in_force"),
        (ended, "ended"),
        (over, "over"),
    ]
    for text in ("尚未开始", "执行中", "提前结束", "已到期", "高峰预案", "人流回落", "supervisor"):
        assert text in response.text
    assert [end_url(one) in response.text for one in (coming, running, ended, over)] == [
        True,
        True,
        False,
        False,
    ]
    for method in (desk.get, desk.post):
        assert "无需操作" in method(end_url(over), {"reason": "结束"}).text


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"first_day": "2026-08-02", "last_day": "2026-08-05"}, "first_day"),
        ({"first_day": "2026-08-05", "last_day": "2026-08-04"}, "last_day"),
        ({"first_day": "2026-08-04", "last_day": "2027-08-04"}, "last_day"),
        ({"first_day": "", "last_day": "2026-08-04"}, "first_day"),
        ({"first_day": "2026-08-04", "last_day": "soon"}, "last_day"),
    ],
)
def test_days_that_can_not_be_are_refused_at_their_field(desk, plan, days, wrong):
    response = desk.get(apply_url(plan), days)
    assert list(response.context["days"].errors) == [wrong]
    assert response.context["preview"] is None
    assert desk.post(apply_url(plan), {**days, "reason": "春节"}).status_code == 200
    assert not SurgePeriod.objects.exists()


def test_without_a_reason_nothing_is_applied_and_the_preview_stays(desk, plan):
    response = desk.post(apply_url(plan), {**DAYS, "reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    assert len(response.context["preview"].windows) == 6
    assert places(TUESDAY) == [30, 30]


def test_a_plan_that_is_in_force_already_says_so_before_and_after_the_click(desk, plan):
    desk.post(apply_url(plan), {**DAYS, "reason": "春节"})
    assert "该预案在部分日期已经执行" in desk.get(apply_url(plan), DAYS).text
    response = desk.post(apply_url(plan), {**DAYS, "reason": "又一次"})
    assert "该预案在部分日期已经执行" in response.text
    assert SurgePeriod.objects.count() == 1


def test_ending_needs_a_reason_and_ends_nothing_of_another_office(desk, plan):
    desk.post(apply_url(plan), {**DAYS, "reason": "春节"})
    period = SurgePeriod.objects.get()
    assert list(desk.post(end_url(period), {"reason": ""}).context["form"].errors) == ["reason"]
    foreign = SurgePeriod.objects.create(
        plan=plan,
        office=make_office("other"),
        first_day=TUESDAY,
        last_day=TUESDAY,
        reason="春节",
        applied_at=NOW,
    )
    assert desk.post(end_url(foreign), {"reason": "结束"}).status_code == 404
    assert SurgePeriod.objects.filter(ended_at=None).count() == 2


@pytest.mark.row("XM-24")
def test_the_days_of_a_tagged_season_are_filled_in_and_released_with_the_plan(desk, hall, plan):
    season = Season.objects.create(
        bureau=hall.bureau,
        kind=SeasonKind.OTHER,
        name="暑期高峰",
        first_day=dt.date(2026, 7, 1),
        last_day=WEDNESDAY,
    )
    page = desk.get(apply_url(plan)).text
    # From today on, as the first month is over.
    days = f"?first_day=2026-08-03&amp;last_day={season.last_day}"
    assert f'<a href="{days}">暑期高峰' in page
    desk.post(
        apply_url(plan), {"first_day": "2026-08-03", "last_day": "2026-08-05", "reason": "暑期"}
    )
    assert (places(TUESDAY), places(WEDNESDAY)) == ([43] * 3, [43] * 3)
    assert places(dt.date(2026, 8, 6)) == [30, 30]


def test_the_page_is_in_english_as_well(desk, plan):
    desk.cookies["django_language"] = "en"
    text = desk.get(apply_url(plan), DAYS).text
    for words in ("Spring Festival peak", "+2 counters", "+30 %", "closes 30 min later"):
        assert words in text
    assert QuotaChange.objects.count() == 0
