"""One number of the grid, saved by itself: what is answered, what is refused and what next."""

import datetime as dt
from typing import Any

import pytest

from bookings.domain.freezing import freeze
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.quotas import set_quota
from bookings.models import Quota, QuotaChange
from offices.enums import Pool, Role
from tests.factories import NOW, make_party, make_slot, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def url(quota: Quota) -> str:
    return f"/desk/xiamen-zhenhai/cells/{quota.pk}/"


def typed(quota: Quota, number: object, **more: object) -> dict[str, Any]:
    seen = f"{quota.version}:{quota.capacity}"
    fields = {f"capacity_{quota.pk}": number, f"seen_{quota.pk}": seen, "reason": "暑期高峰"}
    return fields | more


def test_a_number_is_saved_and_its_row_and_the_totals_come_back(desk, supervisor):
    quota = quota_of(make_slot(online=30, walk_in=4))
    make_slot(online=10, starts_at=NOW + 26 * HOUR)
    response = desk.post(url(quota), typed(quota, 45))
    answer = response.json()
    assert (response.status_code, answer["refused"], answer["ask"]) == (200, False, "")
    assert answer["said"] == "10:00 网上：30 → 45，已保存。"
    assert answer["undo"] == {"capacity": "30", "reason": "撤销：暑期高峰"}
    assert f'name="capacity_{quota.pk}" value="45"' in answer["row"]
    assert f'name="seen_{quota.pk}" value="2:45"' in answer["row"]
    assert "59" in answer["totals"]
    change = QuotaChange.objects.get()
    assert (change.account, change.reason, change.to_capacity) == (supervisor, "暑期高峰", 45)


def test_undoing_it_at_once_is_one_request_with_its_own_line_in_the_history(desk):
    quota = quota_of(make_slot(online=30))
    undo = desk.post(url(quota), typed(quota, 45)).json()["undo"]
    quota.refresh_from_db()
    desk.post(url(quota), typed(quota, undo["capacity"], reason=undo["reason"]))
    assert quota_of(quota.slot).capacity == 30
    reasons = QuotaChange.objects.order_by("version").values_list("reason", flat=True)
    assert list(reasons) == ["暑期高峰", "撤销：暑期高峰"]


def test_only_the_number_of_the_address_is_saved(desk):
    quota = quota_of(make_slot(online=30))
    other = quota_of(make_slot(online=30, starts_at=NOW + 26 * HOUR))
    desk.post(url(quota), typed(quota, 45) | typed(other, 50))
    assert [quota_of(one.slot).capacity for one in (quota, other)] == [45, 30]


def test_below_what_is_taken_the_cell_says_so_and_leads_to_the_bookings(desk):
    slot = make_slot(online=30)
    book(make_party(slot, 4), SYSTEM, NOW)
    quota = quota_of(slot)
    response = desk.post(url(quota), typed(quota, 3))
    answer = response.json()
    assert (response.status_code, answer["refused"], answer["undo"]) == (409, True, None)
    assert "请填4或以上，或先改约" in answer["said"]
    assert f'aria-describedby="why_{quota.pk}"' in answer["row"]
    assert f'name="capacity_{quota.pk}" value="3"' in answer["row"]
    assert f'href="/desk/xiamen-zhenhai/windows/{slot.pk}/"' in answer["row"]
    assert quota_of(slot).capacity == 30


def test_a_colleagues_change_is_told_and_saving_again_replaces_it(desk, hall):
    quota = quota_of(make_slot(online=30))
    colleague = Actor(operator=make_staff(office=hall, username="colleague"))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=colleague, now=NOW)
    response = desk.post(url(quota), typed(quota, 20))
    answer = response.json()
    assert response.status_code == 409
    assert answer["said"].startswith("colleague已将其由30改为45")
    assert f'name="capacity_{quota.pk}" value="20"' in answer["row"]
    assert f'name="seen_{quota.pk}" value="2:45"' in answer["row"]
    assert quota_of(quota.slot).capacity == 45
    quota.refresh_from_db()
    assert desk.post(url(quota), typed(quota, 20)).status_code == 200
    assert quota_of(quota.slot).capacity == 20


def test_without_a_reason_it_asks_for_one(desk):
    quota = quota_of(make_slot(online=30))
    response = desk.post(url(quota), typed(quota, 45, reason=""))
    assert (response.status_code, response.json()["ask"]) == (422, "reason")
    assert f'name="seen_{quota.pk}" value="1:30"' in response.json()["row"]
    assert quota_of(quota.slot).capacity == 30


@pytest.mark.parametrize("number", ["", "many", "-1", "2001", "30"])
def test_what_is_no_new_number_is_refused(desk, number):
    quota = quota_of(make_slot(online=30))
    response = desk.post(url(quota), typed(quota, number))
    assert (response.status_code, response.json()["refused"]) == (422, True)
    assert QuotaChange.objects.count() == 0


def test_a_window_that_is_over_stays_as_it_is(desk):
    quota = quota_of(make_slot(online=30, starts_at=NOW - HOUR))
    response = desk.post(url(quota), typed(quota, 45))
    assert (response.status_code, response.json()["said"]) == (
        409,
        "该时段已结束，不能再调整名额。",
    )


def test_a_frozen_pool_says_so_in_its_cell(desk):
    quota = quota_of(make_slot(online=30))
    freeze({quota.pk: 1}, reason="系统检修", actor=SYSTEM, now=NOW)
    assert "已停放" in desk.get(url(quota)).json()["row"]
    assert "已停放" in desk.get("/desk/xiamen-zhenhai/?date=2026-08-04").text


@pytest.mark.parametrize("role", [Role.CLERK, Role.OVERSEER])
def test_who_may_not_change_quotas_saves_no_number(client, hall, role):
    quota = quota_of(make_slot(online=30), Pool.ONLINE)
    sign_in(client, make_staff(role, office=hall))
    assert client.post(url(quota), typed(quota, 45)).status_code == 403
    assert quota_of(quota.slot).capacity == 30


def test_saving_costs_the_same_for_one_window_as_for_three(desk, django_assert_max_num_queries):
    quota = quota_of(make_slot(online=30))
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.post(url(quota), typed(quota, 45))
    for hours in (26, 27):
        make_slot(starts_at=NOW + hours * HOUR)
    quota.refresh_from_db()
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.post(url(quota), typed(quota, 46))


MOST_QUERIES = 24
