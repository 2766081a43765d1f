"""The day's grid: what it shows, what it saves, what it refuses and how."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings.domain.closing import close_day
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.quotas import set_quota
from bookings.enums import Channel
from bookings.models import Quota, QuotaChange
from offices.enums import Pool, Role
from tests.factories import NOW, make_office, make_party, make_slot, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
DAY = "/desk/xiamen-zhenhai/?date=2026-08-04&line=mainland"


def sheet(client: Client) -> dict[str, str]:
    """The numbers of the grid as a browser would send them back."""
    response = client.get(DAY)
    fields = {"reason": "", "date": "2026-08-04", "line": "mainland"}
    for row in response.context["rows"]:
        for cell in row.cells:
            fields[f"capacity_{cell.quota.pk}"] = str(cell.capacity)
            fields[f"seen_{cell.quota.pk}"] = cell.seen
    return fields


def test_the_grid_shows_each_window_by_pool_and_in_all(desk):
    slot = make_slot(online=10, assisted=4, walk_in=2)
    book(make_party(slot, 3), SYSTEM, NOW)
    book(make_party(slot, 1, channel=Channel.PHONE), SYSTEM, NOW)
    response = desk.get(DAY)
    [row] = response.context["rows"]
    assert [(c.quota.pool, c.capacity, c.taken, c.left) for c in row.cells] == [
        ("online", 10, 3, 7),
        ("assisted", 4, 1, 3),
        ("walk_in", 2, 0, 2),
    ]
    assert (row.capacity, row.taken, row.left, row.level) == (16, 4, 12, "plenty")
    assert response.context["totals"][-1] == {"capacity": 16, "taken": 4, "left": 12}


def test_a_hold_that_has_expired_does_not_count_as_taken(desk):
    slot = make_slot(online=10)
    hold_places(make_party(slot, 3), SYSTEM, NOW - HOUR)
    assert desk.get(DAY).context["rows"][0].taken == 0


def test_without_a_date_it_is_today(desk):
    today = make_slot(starts_at=NOW + HOUR)
    make_slot()
    response = desk.get("/desk/xiamen-zhenhai/")
    assert [row.slot for row in response.context["rows"]] == [today]


@pytest.mark.parametrize(
    "query", ["?date=yesterday", "?date=9999-12-31", "?line=nowhere", "?date="]
)
def test_a_date_or_line_that_is_none_is_as_if_not_given(desk, query):
    make_slot()
    response = desk.get(f"/desk/xiamen-zhenhai/{query}")
    assert response.status_code == 200
    assert response.context["day"] == NOW.date()


@pytest.mark.row("XM-23")
def test_ten_o_clock_goes_from_thirty_to_forty_five_in_the_grid(desk, supervisor):
    quota = quota_of(make_slot(online=30))
    fields = sheet(desk) | {f"capacity_{quota.pk}": "45", "reason": "暑期高峰"}
    response = desk.post(DAY, fields, follow=True)
    assert response.redirect_chain == [(DAY, 302)]
    quota.refresh_from_db()
    assert (quota.capacity, quota.version) == (45, 2)
    change = QuotaChange.objects.get()
    assert (change.account, change.reason, change.at) == (supervisor, "暑期高峰", NOW)
    assert (change.from_capacity, change.to_capacity) == (30, 45)


def test_several_numbers_are_saved_together_with_one_reason(desk):
    first, second = make_slot(online=10), make_slot(online=10, starts_at=NOW + 26 * HOUR)
    fields = sheet(desk) | {"reason": "高峰"}
    for slot in (first, second):
        fields[f"capacity_{quota_of(slot).pk}"] = "12"
    desk.post(DAY, fields)
    assert [quota_of(slot).capacity for slot in (first, second)] == [12, 12]
    assert set(QuotaChange.objects.values_list("reason", "at")) == {("高峰", NOW)}


def test_a_reason_is_asked_for_and_what_was_typed_stays(desk):
    quota = quota_of(make_slot(online=30))
    response = desk.post(DAY, sheet(desk) | {f"capacity_{quota.pk}": "45"})
    assert response.context["form"].errors == {"reason": ["请填写原因，原因会随变更一并留存。"]}
    assert f'name="capacity_{quota.pk}" value="45"' in response.text
    assert quota_of(quota.slot).capacity == 30


@pytest.mark.parametrize("typed", ["", "-1", "many", "2001", "4.5"])
def test_what_is_no_number_of_places_is_refused_with_its_place(desk, typed):
    quota = quota_of(make_slot(online=30))
    fields = sheet(desk) | {f"capacity_{quota.pk}": typed, "reason": "高峰"}
    response = desk.post(DAY, fields)
    assert response.context["form"].errors == {
        f"capacity_{quota.pk}": ["10:00 网上：请输入0至2000的整数。"]
    }
    assert quota_of(quota.slot).capacity == 30


def test_nothing_changed_is_said(desk):
    make_slot()
    response = desk.post(DAY, sheet(desk) | {"reason": "高峰"})
    assert response.context["form"].non_field_errors() == ["没有改动任何数字，无需保存。"]


def test_a_refusal_below_what_is_taken_lists_who_is_in_the_way(desk):
    slot = make_slot(online=10)
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    quota = quota_of(slot)
    fields = sheet(desk) | {f"capacity_{quota.pk}": "2", "reason": "人手不足"}
    response = desk.post(DAY, fields)
    assert [one.number for one in response.context["in_the_way"]] == [booking.number]
    assert "演**" in response.text
    assert f"/desk/xiamen-zhenhai/bookings/{booking.number}/" in response.text
    assert f'name="capacity_{quota.pk}" value="2"' in response.text
    assert quota_of(slot).capacity == 10


def test_of_two_supervisors_the_second_sees_what_changed_and_nothing_is_overwritten(desk, hall):
    first, second = quota_of(make_slot(online=30)), quota_of(make_slot(starts_at=NOW + 26 * HOUR))
    fields = sheet(desk)
    other = make_staff(office=hall, username="colleague")
    set_quota(first.pk, 45, version=1, reason="高峰", actor=Actor(operator=other), now=NOW)
    set_quota(second.pk, 5, version=1, reason="少人", actor=Actor(operator=other), now=NOW)
    mine = fields | {f"capacity_{first.pk}": "20", "reason": "设备检修"}
    response = desk.post(DAY, mine)
    [error] = response.context["form"].errors[f"capacity_{first.pk}"]
    assert error.startswith("10:00 网上：colleague已将其由30改为45（8月3日 周一 09:00，“高峰”）")
    # What I typed is still there, beside what is now; what I left alone follows the colleague.
    assert f'name="capacity_{first.pk}" value="20"' in response.text
    assert "现为45" in response.text
    assert f'name="capacity_{second.pk}" value="5"' in response.text
    assert f'name="seen_{first.pk}" value="2:45"' in response.text
    assert [Quota.objects.get(pk=q.pk).capacity for q in (first, second)] == [45, 5]


def test_correcting_something_else_first_does_not_hide_the_colleagues_change(desk, hall):
    quota = quota_of(make_slot(online=30))
    mine = sheet(desk) | {f"capacity_{quota.pk}": "20"}
    actor = Actor(operator=make_staff(office=hall))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW)
    without_reason = desk.post(DAY, mine)
    [row] = without_reason.context["rows"]
    assert row.cells[0].seen == "1:30"
    response = desk.post(DAY, mine | {f"seen_{quota.pk}": "1:30", "reason": "设备检修"})
    assert list(response.context["form"].errors) == [f"capacity_{quota.pk}"]
    assert quota_of(quota.slot).capacity == 45


def test_saving_again_puts_the_own_number_in_place_knowingly(desk, hall):
    quota = quota_of(make_slot(online=30))
    other = make_staff(office=hall)
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=Actor(operator=other), now=NOW)
    fields = sheet(desk) | {f"capacity_{quota.pk}": "20", "reason": "设备检修"}
    assert desk.post(DAY, fields).status_code == 302
    assert quota_of(quota.slot).capacity == 20


def test_what_others_changed_since_the_last_look_is_marked_once(desk, hall):
    quota = quota_of(make_slot(online=30))
    assert "is-changed" not in desk.get(DAY).text
    actor = Actor(operator=make_staff(office=hall, username="colleague"))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW + 5 * MINUTE)
    with time_machine.travel(NOW + 10 * MINUTE, tick=False):
        marked = desk.get(DAY)
        assert marked.context["rows"][0].cells[0].news.to_capacity == 45
        assert "30→45" in marked.text
        assert "is-changed" not in desk.get(DAY).text


def test_ones_own_changes_are_no_news(desk):
    quota = quota_of(make_slot(online=30))
    desk.post(DAY, sheet(desk) | {f"capacity_{quota.pk}": "45", "reason": "高峰"})
    assert "is-changed" not in desk.get(DAY).text


def test_a_window_that_is_over_has_no_fields(desk):
    make_slot(starts_at=NOW - 2 * HOUR)
    response = desk.get("/desk/xiamen-zhenhai/?date=2026-08-03")
    assert response.context["form"].quotas == {}
    assert "seen_" not in response.text


@pytest.mark.parametrize("role", [Role.CLERK, Role.GUIDE, Role.OVERSEER])
def test_who_may_not_change_quotas_sees_figures_and_no_fields(client, hall, role):
    quota = quota_of(make_slot(online=30))
    sign_in(client, make_staff(role, office=hall))
    assert "capacity_" not in client.get(DAY).text
    fields = {f"capacity_{quota.pk}": "45", f"seen_{quota.pk}": "1:30", "reason": "高峰"}
    assert client.post(DAY, fields).status_code == 403
    assert quota_of(quota.slot).capacity == 30


def test_a_quota_of_another_office_is_not_reached_through_the_own_grid(desk):
    make_slot()
    foreign = quota_of(make_slot(office=make_office("harbin-city")))
    fields = sheet(desk) | {
        f"capacity_{foreign.pk}": "45",
        f"seen_{foreign.pk}": "1:10",
        "reason": "越权",
    }
    response = desk.post(DAY, fields)
    assert response.context["form"].non_field_errors() == ["没有改动任何数字，无需保存。"]
    assert Quota.objects.get(pk=foreign.pk).capacity == 10


def test_a_closed_day_says_so_and_why(desk, hall, supervisor):
    slot = make_slot()
    close_day(hall, slot.line, slot.date, reason="台风", actor=Actor(operator=supervisor), now=NOW)
    text = desk.get(DAY).text
    assert "已关闭：境内居民" in text
    assert "台风" in text


def test_an_empty_day_says_what_to_do(desk):
    assert "另加场次" in desk.get("/desk/xiamen-zhenhai/").text


def test_the_grid_costs_the_same_for_one_window_as_for_three(desk, django_assert_num_queries):
    make_slot(starts_at=NOW + 25 * HOUR)
    desk.get(DAY)
    with django_assert_num_queries(QUERIES):
        desk.get(DAY)
    for hours in (26, 27):
        make_slot(starts_at=NOW + dt.timedelta(hours=hours))
    with django_assert_num_queries(QUERIES):
        desk.get(DAY)


QUERIES = 26


def test_the_numbers_of_a_walk_in_pool_are_changed_likewise(desk):
    slot = make_slot(online=10, walk_in=2)
    walk_in = quota_of(slot, Pool.WALK_IN)
    desk.post(DAY, sheet(desk) | {f"capacity_{walk_in.pk}": "6", "reason": "现场多"})
    assert quota_of(slot, Pool.WALK_IN).capacity == 6
