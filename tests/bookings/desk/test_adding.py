"""The page of added numbers."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.freezing import freeze
from bookings.domain.parties import SYSTEM
from bookings.models import QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_office, make_slot, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
ADD = "/desk/xiamen-zhenhai/add-numbers/?date=2026-08-04&line=mainland"


def walk_in(slot) -> int:
    return quota_of(slot, Pool.WALK_IN).capacity


@pytest.mark.row("FS-19")
def test_a_supervisor_adds_twenty_walk_in_numbers_on_each_of_21_dates_and_sees_them_listed(desk):
    for offset in range(1, 22):
        start = NOW + dt.timedelta(days=offset, hours=1)
        slot = make_slot(starts_at=start)
        address = f"/desk/xiamen-zhenhai/add-numbers/?date={slot.date}&line=mainland"
        desk.post(address, {"places": "20", "window": "", "reason": "现场人多"})
        assert walk_in(slot) == 20
    response = desk.get(ADD)
    assert [day.places for day in response.context["days"]] == [20] * 21
    assert "共21天" in response.text


def test_they_are_added_with_who_and_why(desk, supervisor):
    slot = make_slot(walk_in=2)
    response = desk.post(ADD, {"places": "5", "window": "", "reason": "现场人多"}, follow=True)
    assert response.redirect_chain == [(ADD, 302)]
    assert "已加5个号" in response.text
    change = QuotaChange.objects.get()
    assert (change.account, change.reason, change.kind) == (supervisor, "现场人多", "added")
    assert walk_in(slot) == 7


def test_or_to_one_window(desk):
    first, second = make_slot(), make_slot(starts_at=NOW + 26 * HOUR)
    desk.post(ADD, {"places": "5", "window": second.pk, "reason": "现场人多"})
    assert (walk_in(first), walk_in(second)) == (0, 5)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"places": ""}, "places"),
        ({"places": "0"}, "places"),
        ({"reason": ""}, "reason"),
        ({"window": "0"}, "window"),
    ],
)
def test_what_is_missing_is_asked_for(desk, wrong, field):
    slot = make_slot()
    fields = {"places": "5", "window": "", "reason": "现场人多"} | wrong
    assert list(desk.post(ADD, fields).context["form"].errors) == [field]
    assert walk_in(slot) == 0


def test_a_window_of_another_office_is_none_of_the_day(desk):
    make_slot()
    foreign = make_slot(office=make_office("harbin-city"))
    response = desk.post(ADD, {"places": "5", "window": foreign.pk, "reason": "越权"})
    assert list(response.context["form"].errors) == ["window"]
    assert walk_in(foreign) == 0


def test_a_day_without_an_open_window_says_so(desk):
    slot = make_slot()
    close_slots([slot.pk], reason="停电", actor=SYSTEM, now=NOW)
    assert "当日没有开放的时段" in desk.get(ADD).text
    response = desk.post(ADD, {"places": "5", "window": "", "reason": "现场人多"})
    assert len(response.context["form"].non_field_errors()) == 1


def test_the_list_has_the_days_that_are_asked_for_and_of_this_office(desk):
    make_slot()
    desk.post(ADD, {"places": "5", "window": "", "reason": "现场人多"})
    assert len(desk.get(ADD).context["days"]) == 1
    assert desk.get(f"{ADD}&first=2026-08-05").context["days"] == []
    assert "这段时间没有加号" in desk.get(f"{ADD}&last=2026-08-01").text


def test_frozen_windows_get_none_and_the_page_says_so(desk):
    frozen, open_ = make_slot(), make_slot(starts_at=NOW + dt.timedelta(days=1, hours=3))
    freeze({one.pk: 1 for one in frozen.quotas.all()}, reason="检修", actor=SYSTEM, now=NOW)
    fields = {"places": "5", "window": "", "reason": "现场人多"}
    text = desk.post(ADD, fields, follow=True).text
    assert "1个时段的现场号源已冻结，未加号" in text
    assert (walk_in(frozen), walk_in(open_)) == (0, 5)
    refused = desk.post(ADD, fields | {"window": frozen.pk})
    assert "这些时段的现场号源均已冻结，加号后无人可用" in refused.text
    assert (walk_in(frozen), walk_in(open_)) == (0, 5)
