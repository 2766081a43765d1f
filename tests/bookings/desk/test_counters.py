"""The counters of an office: what is open, what is planned, and what a change would do."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.domain.quotas import set_quota
from bookings.models import Quota, Slot
from offices.models import Counter, CounterShift, OpeningHours
from tests.factories import NOW, make_line, make_office, make_party

pytestmark = pytest.mark.django_db
COUNTERS = "/desk/xiamen-zhenhai/counters/"
CHANGE = f"{COUNTERS}change/"
ADD = f"{COUNTERS}add/"
TUESDAY = dt.date(2026, 8, 4)


@pytest.fixture
def counter(hall) -> Counter:
    """The first of two; Tuesdays 13:00–14:00 with 3 places each half-hour, and a fixed morning."""
    hours = {"office": hall, "line": make_line(), "weekday": 1, "valid_from": dt.date(2020, 1, 1)}
    OpeningHours.objects.create(opens=dt.time(13), closes=dt.time(14), **hours)
    OpeningHours.objects.create(opens=dt.time(8), closes=dt.time(9), capacity=30, **hours)
    first = Counter.objects.create(office=hall, line=make_line(), label="1")
    Counter.objects.create(office=hall, line=make_line(), label="2")
    publish(hall, NOW)
    return first


def typed(counter: Counter, **fields: object) -> dict[str, object]:
    return {
        "state": "shut",
        "counters": [counter.pk],
        "first_day": "2026-08-04",
        "last_day": "2026-08-04",
        **fields,
    }


def new(**fields: object) -> dict[str, object]:
    return {
        "labels": "3 4",
        "line": make_line().pk,
        "kind": "acceptance",
        "first_day": "2026-08-04",
        "last_day": "2026-08-31",
        **fields,
    }


def slot_at(hour: int, minute: int = 0) -> Slot:
    return Slot.objects.get(
        date=TUESDAY, starts_at=dt.datetime(2026, 8, 4, hour - 8, minute, tzinfo=dt.UTC)
    )


def places(hour: int) -> int:
    return sum(slot_at(hour).quotas.values_list("capacity", flat=True))


def enter(counter: Counter, **fields: object) -> CounterShift:
    values = {"is_open": False, "first_day": TUESDAY, "reason": "考试员病假"} | fields
    return CounterShift.objects.create(counter=counter, **values)


def withdraw_url(shift: CounterShift) -> str:
    return f"{COUNTERS}shifts/{shift.pk}/withdraw/"


# --- What there is -------------------------------------------------------------------------------


def test_the_page_shows_which_line_each_counter_serves(desk, counter, hall):
    Counter.objects.create(office=hall, line=make_line("foreigners"), label="9", kind="acceptance")
    found = desk.get(COUNTERS).context["counters"]
    shown = {(one.counter.label, one.counter.line.code, one.serves, one.is_open) for one in found}
    assert shown == {
        ("1", "mainland", True, True),
        ("2", "mainland", True, True),
        ("9", "foreigners", True, True),
    }


def test_the_page_shows_what_is_open_now_and_what_is_planned(desk, counter):
    enter(counter, first_day=NOW.date(), last_day=NOW.date(), until_time=dt.time(9, 30))
    to_come = enter(counter)
    response = desk.get(COUNTERS)
    first, second = response.context["counters"]
    assert (first.is_open, second.is_open) == (False, True)
    assert to_come in first.shifts
    [line] = response.context["lines"]
    assert (line.serving, line.open, line.places) == (2, 1, 1)
    assert "考试员病假" in response.text


def test_counters_are_in_the_order_in_which_people_count(desk, counter, hall):
    for label in ("20", "3", "10"):
        Counter.objects.create(office=hall, line=make_line(), label=label)
    found = desk.get(COUNTERS).context["counters"]
    assert [one.counter.label for one in found] == ["1", "2", "3", "10", "20"]


def test_more_counters_and_plans_take_no_more_queries(
    desk, counter, hall, supervisor, django_assert_num_queries
):
    enter(counter, created_by=supervisor)
    desk.get(COUNTERS)
    with CaptureQueriesContext(connection) as few:
        desk.get(COUNTERS)
    for label in ("3", "4", "5"):
        more = Counter.objects.create(office=hall, line=make_line(f"line-{label}"), label=label)
        enter(more, created_by=supervisor)
    with django_assert_num_queries(len(few)):
        desk.get(COUNTERS)


def test_the_page_says_where_counters_change_nothing(desk, counter):
    text = desk.get(COUNTERS).text
    assert "周二 8:00–9:00，境内居民：每时段固定30个号" in text
    assert "以下时段号数固定，不随窗口数变化：" in text


def test_a_counter_for_consultation_is_said_to_make_no_places(desk, counter):
    Counter.objects.update(kind="consultation")
    response = desk.get(COUNTERS)
    assert response.context["lines"] == []
    assert response.text.count("不计号数</span>") == 2


def test_an_office_without_counters_says_so(desk):
    assert "本大厅尚未设置窗口" in desk.get(COUNTERS).text


def test_what_was_taken_back_is_kept_with_its_reason(desk, counter, supervisor):
    enter(counter, withdrawn_at=NOW, withdrawn_by=supervisor, withdrawn_because="已到岗")
    response = desk.get(COUNTERS)
    assert [shift.withdrawn_because for shift in response.context["past"]] == ["已到岗"]
    assert response.context["counters"][0].shifts == []
    assert "已到岗" in response.text


def test_the_page_is_there_in_english(desk, counter):
    enter(counter)
    desk.cookies["django_language"] = "en"
    text = desk.get(COUNTERS).text
    assert "Counters, and what is planned for them" in text
    assert "fixed, 30 places in each window" in text


# --- Open or shut --------------------------------------------------------------------------------


def test_the_form_begins_with_the_counter_that_was_clicked(desk, counter):
    response = desk.get(CHANGE, {"counters": counter.pk, "state": "shut"})
    assert response.context["wanted"].errors == {}
    assert response.text.count("checked") == 2


def test_before_saving_every_window_is_shown_from_what_to_what(desk, counter):
    response = desk.get(CHANGE, typed(counter, preview="1"))
    rows = [
        (row.day, row.hours, row.line, row.effect.before, row.effect.after)
        for row in response.context["rows"]
    ]
    assert rows == [
        (TUESDAY, "13:00–13:30", "境内居民", 3, 1),
        (TUESDAY, "13:30–14:00", "境内居民", 3, 1),
    ]
    assert "2个已放号时段的号数将变化。" in response.text
    assert "每时段固定30个号" in response.text
    assert CounterShift.objects.count() == 0


def test_the_preview_tells_what_staff_have_set_and_who_is_booked(desk, counter, supervisor):
    quota = Quota.objects.get(slot=slot_at(13, 30), pool="online")
    set_quota(quota.pk, 9, version=1, reason="高峰", actor=SYSTEM, now=NOW)
    book(make_party(slot_at(13), 2), SYSTEM, NOW)
    text = desk.get(CHANGE, typed(counter, preview="1")).text
    assert "1个时段保留人工设定的号数。" in text
    assert "1个时段已约人数超过调整后的号数" in text
    assert "1个预约保留" in text


def test_with_a_reason_it_is_saved_and_published(desk, counter, supervisor):
    response = desk.post(CHANGE, typed(counter, reason="考试员病假"), follow=True)
    assert response.redirect_chain == [(COUNTERS, 302)]
    assert "窗口安排已保存，2个时段随之调整。" in response.text
    entered = CounterShift.objects.get()
    assert (entered.counter, entered.is_open, entered.created_by, entered.reason) == (
        counter,
        False,
        supervisor,
        "考试员病假",
    )
    assert (places(13), places(8)) == (1, 30)


def test_the_history_shows_who_shut_a_counter_and_why(desk, counter, supervisor):
    desk.post(CHANGE, typed(counter, reason="考试员病假"))
    [changes] = desk.get("/desk/xiamen-zhenhai/history/").context["entries"]
    assert {(one.account, one.reason) for one in changes} == {(supervisor, "考试员病假")}


def test_without_a_reason_nothing_is_saved_and_the_preview_stays(desk, counter):
    response = desk.post(CHANGE, typed(counter))
    assert list(response.context["form"].errors) == ["reason"]
    assert len(response.context["rows"]) == 2
    assert CounterShift.objects.count() == 0


def test_a_counter_that_opens_at_half_past_raises_the_later_window_only(desk, counter):
    Counter.objects.filter(pk=counter.pk).update(is_open=False)
    publish(counter.office, NOW)
    fields = typed(counter, state="open", from_time="13:30", reason="高峰")
    desk.post(CHANGE, fields)
    found = Slot.objects.filter(date=TUESDAY, starts_at__gte=slot_at(13).starts_at)
    totals = [sum(slot.quotas.values_list("capacity", flat=True)) for slot in found]
    assert totals == [1, 3]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"state": ""}, "state"),
        ({"counters": []}, "counters"),
        ({"counters": ["0"]}, "counters"),
        ({"first_day": "2026-08-02"}, "first_day"),
        ({"first_day": "soon"}, "first_day"),
        ({"last_day": "2026-08-03"}, "last_day"),
        ({"from_time": "14:00", "until_time": "13:00"}, "until_time"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(desk, counter, fields, wrong):
    response = desk.post(CHANGE, typed(counter, reason="检修", **fields))
    assert list(response.context["wanted"].errors) == [wrong]
    assert CounterShift.objects.count() == 0


def test_a_counter_of_another_office_can_not_be_chosen(desk, counter):
    other = Counter.objects.create(office=make_office("harbin-city"), line=make_line(), label="1")
    response = desk.post(CHANGE, typed(other, reason="检修"))
    assert list(response.context["wanted"].errors) == ["counters"]
    assert CounterShift.objects.count() == 0


# --- Further counters ----------------------------------------------------------------------------


def test_counters_are_added_for_some_days(desk, counter, hall):
    preview = desk.get(ADD, new(preview="1"))
    assert [row.effect.after for row in preview.context["rows"]][:2] == [6, 6]
    assert hall.counters.count() == 2

    desk.post(ADD, new(reason="暑期高峰"))

    added = hall.counters.filter(label__in=["3", "4"])
    assert [(one.is_open, one.kind, one.line.code) for one in added] == [
        (False, "acceptance", "mainland")
    ] * 2
    assert CounterShift.objects.filter(is_open=True, last_day="2026-08-31").count() == 2
    assert (places(13), places(8)) == (6, 30)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"labels": " , "}, "labels"),
        ({"labels": "2 3"}, "labels"),
        ({"labels": "x" * 21}, "labels"),
        ({"labels": " ".join(map(str, range(100, 131)))}, "labels"),
        ({"line": "0"}, "line"),
        ({"kind": "window"}, "kind"),
    ],
)
def test_counters_that_can_not_be_are_refused(desk, counter, hall, fields, wrong):
    response = desk.post(ADD, new(reason="高峰", **fields))
    assert list(response.context["wanted"].errors) == [wrong]
    assert hall.counters.count() == 2


# --- Back again ----------------------------------------------------------------------------------


def test_what_was_entered_is_taken_back(desk, counter, supervisor):
    desk.post(CHANGE, typed(counter, reason="病假"))
    shift = CounterShift.objects.get()
    preview = desk.get(withdraw_url(shift))
    assert [(row.effect.before, row.effect.after) for row in preview.context["rows"]] == [
        (1, 3)
    ] * 2

    desk.post(withdraw_url(shift), {"reason": "已到岗"})

    shift.refresh_from_db()
    assert (shift.withdrawn_by, shift.withdrawn_because) == (supervisor, "已到岗")
    assert places(13) == 3


def test_taking_back_needs_a_reason(desk, counter):
    shift = enter(counter)
    response = desk.post(withdraw_url(shift), {"reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    shift.refresh_from_db()
    assert shift.withdrawn_at is None


def test_what_is_over_or_taken_back_already_is_not_taken_back(desk, counter):
    over = enter(counter, first_day=dt.date(2026, 8, 1), last_day=dt.date(2026, 8, 2))
    withdrawn = enter(counter, withdrawn_at=NOW)
    for shift in (over, withdrawn):
        assert desk.get(withdraw_url(shift)).status_code == 404


def test_a_shift_of_another_office_does_not_exist_at_this_desk(desk, counter):
    other = Counter.objects.create(office=make_office("harbin-city"), line=make_line(), label="1")
    assert desk.post(withdraw_url(enter(other)), {"reason": "检修"}).status_code == 404
