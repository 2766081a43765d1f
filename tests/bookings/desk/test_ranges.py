"""The page of a change over a range: preview first, then one go, then back in one go."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.quotas import set_quota
from bookings.models import QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
RANGE = "/desk/xiamen-zhenhai/range/"
ASKED = {
    "line": "mainland",
    "pools": ["online"],
    "first": "2026-08-03",
    "last": "2026-08-09",
    "opens": "",
    "closes": "",
    "verb": "percent",
    "amount": "30",
}


def path(**changes: object) -> str:
    return f"{RANGE}?{urlencode(ASKED | changes, doseq=True)}"


def make(client, asked: str, reason: str = "暑期高峰"):
    """Look at the preview, then save what it shows."""
    preview = client.get(asked)
    return client.post(asked, {"seen": preview.context["seen"], "reason": reason})


def three_windows():
    return [make_slot(30, walk_in=4, starts_at=NOW + hours * HOUR) for hours in (25, 26, 49)]


def capacities(slots, pool=Pool.ONLINE) -> list[int]:
    return [quota_of(slot, pool).capacity for slot in slots]


def test_it_begins_with_the_day_and_line_that_one_comes_from(desk):
    make_slot()
    response = desk.get(f"{RANGE}?date=2026-08-04&line=mainland")
    assert 'name="first" value="2026-08-04"' in response.text
    assert response.context["steps"] == []


def test_the_preview_lists_every_window_what_is_refused_and_the_totals(desk):
    slots = three_windows()
    book(make_party(slots[0], 5), SYSTEM, NOW)
    response = desk.get(path(verb="set", amount="4"))
    assert (response.context["changing"], response.context["refused"]) == (2, 1)
    assert "不变：已约5个" in response.text
    [total] = response.context["totals"]
    assert (total.before, total.after, total.taken) == (90, 38, 5)
    assert QuotaChange.objects.count() == 0


def test_it_is_made_in_one_go_and_set_back_in_one_go(desk, supervisor):
    slots = three_windows()
    response = make(desk, path(pools=["online", "walk_in"]))
    assert response.url == "/desk/xiamen-zhenhai/history/"
    assert (capacities(slots), capacities(slots, Pool.WALK_IN)) == ([39] * 3, [5] * 3)
    [entry] = desk.get(response.url).context["entries"]
    assert len(entry) == 6
    undo = f"/desk/xiamen-zhenhai/history/{entry[0].pk}/undo/"
    seen = desk.get(undo).context["seen"]
    assert desk.post(undo, {"seen": seen, "reason": "恢复原样"}).status_code == 302
    assert (capacities(slots), capacities(slots, Pool.WALK_IN)) == ([30] * 3, [4] * 3)


def test_a_change_in_between_is_told_and_nothing_is_saved(desk):
    slots = three_windows()
    seen = desk.get(path()).context["seen"]
    set_quota(quota_of(slots[2]).pk, 50, version=1, reason="另有安排", actor=SYSTEM, now=NOW)
    response = desk.post(path(), {"seen": seen, "reason": "暑期高峰"})
    [error] = response.context["form"].non_field_errors()
    assert error.startswith("您查看之后有1处号源已变动")
    assert capacities(slots) == [30, 30, 50]
    assert response.context["steps"][2].capacity == 65


def test_a_reason_is_needed(desk):
    slots = three_windows()
    response = make(desk, path(), reason="")
    assert list(response.context["form"].errors) == ["reason"]
    assert capacities(slots) == [30] * 3


def test_online_places_are_stopped_and_given_out_again(desk):
    slots = three_windows()
    make(desk, path(verb="freeze", amount=""), "系统检修")
    assert [quota_of(slot).frozen for slot in slots] == [True] * 3
    make(desk, path(verb="thaw", amount=""), "检修完毕")
    assert [quota_of(slot).frozen for slot in slots] == [False] * 3
    assert capacities(slots) == [30] * 3


def test_stopping_is_set_back_from_the_history(desk):
    slots = three_windows()
    make(desk, path(verb="freeze", amount=""), "系统检修")
    undo = f"/desk/xiamen-zhenhai/history/{QuotaChange.objects.first().pk}/undo/"
    page = desk.get(undo)
    assert "下列时段将恢复预约" in page.text
    assert desk.post(undo, {"seen": page.context["seen"], "reason": "完毕"}).status_code == 302
    assert [quota_of(slot).frozen for slot in slots] == [False] * 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pools": []}, "pools"),
        ({"last": "2026-08-01"}, "last"),
        ({"last": "2027-08-01"}, "last"),
        ({"opens": "11:00", "closes": "10:00"}, "closes"),
        ({"amount": ""}, "amount"),
        ({"amount": "-101"}, "amount"),
        ({"verb": "set", "amount": "-1"}, "amount"),
        ({"verb": "set", "amount": "2001"}, "amount"),
        ({"line": "nowhere"}, "line"),
        ({"first": "someday"}, "first"),
        ({"weekdays": ["7"]}, "weekdays"),
    ],
)
def test_what_is_no_range_is_refused_at_its_field(desk, wrong, field):
    three_windows()
    response = desk.get(path(**wrong))
    assert list(response.context["form"].errors) == [field]
    assert response.context["steps"] == []
    assert desk.post(path(**wrong), {"seen": "1:1", "reason": "?"}).status_code == 200
    assert QuotaChange.objects.count() == 0


def test_a_range_without_windows_says_so(desk):
    make_slot(starts_at=NOW + 24 * 30 * HOUR)
    assert "所选范围内没有时段" in desk.get(path()).text


@pytest.mark.parametrize("seen", ["", "1", "a:b", "9999999999999999999:1", ":,:"])
def test_versions_that_were_tampered_with_change_nothing(desk, seen):
    slots = three_windows()
    response = desk.post(path(), {"seen": seen, "reason": "?"})
    assert response.status_code == 200
    assert capacities(slots) == [30] * 3
