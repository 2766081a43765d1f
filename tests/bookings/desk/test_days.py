"""A whole day closed, opened again, and shared out anew."""

import datetime as dt

import pytest

from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain.board import days as citizen_days
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Quota, QuotaChange, Slot
from offices.models import Closure, OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.date(2026, 8, 4)
CLOSE = "/desk/xiamen-zhenhai/close/?date=2026-08-04"
SPLIT = "/desk/xiamen-zhenhai/split/?date=2026-08-04&line=mainland"


def closing(line: str = "mainland", **fields: str) -> dict[str, str]:
    return {"date": "2026-08-04", "line": line, "reason": "台风", "people": "keep", **fields}


def test_closing_a_day_first_shows_whom_it_concerns(desk):
    slot = make_slot()
    make_slot(starts_at=NOW + 26 * HOUR)
    booking = book(make_party(slot), SYSTEM, NOW)
    response = desk.get(f"{CLOSE}&line=mainland")
    assert response.context["slots"] == 2
    assert [one.number for one in response.context["bookings"]] == [booking.number]
    assert Slot.objects.filter(closed_at=None).count() == 2


def test_a_closed_day_takes_nobody_and_tells_who_is_booked(desk, hall, supervisor):
    slot = make_slot()
    booking = book(make_party(slot), SYSTEM, NOW)
    fields = closing(people="tell", notice="因台风关闭，请改期。")
    desk.post(CLOSE, fields)
    [day] = citizen_days(hall, slot.line, DAY, DAY, "web", 1, NOW)
    assert (day.state, day.places_left) == ("closed", 0)
    closure = Closure.objects.get()
    assert (closure.line, closure.reason, closure.created_by) == (slot.line, "台风", supervisor)
    notice = Message.objects.get(kind=MessageKind.OFFICE_NOTICE)
    assert notice.reference == booking.number
    assert notice.context["notice"].startswith("因台风关闭，请改期。如需改期，请于")


def test_all_lines_are_closed_at_once_or_one_alone(desk):
    mainland, foreigners = make_slot(), make_slot(line="foreigners")
    desk.post(CLOSE, closing("foreigners"))
    assert [Slot.objects.get(pk=s.pk).closed_at for s in (mainland, foreigners)] == [None, NOW]
    desk.post(CLOSE, closing("all"))
    assert Slot.objects.filter(closed_at=None).count() == 0
    assert list(Closure.objects.values_list("line__code", flat=True)) == ["foreigners", None]


def test_closing_a_day_needs_a_reason(desk):
    make_slot()
    response = desk.post(CLOSE, closing(reason=""))
    assert list(response.context["form"].errors) == ["reason"]
    assert Closure.objects.count() == 0


def test_a_closed_day_is_opened_again(desk, hall):
    slot = make_slot()
    OpeningHours.objects.create(
        office=hall,
        line=slot.line,
        weekday=1,
        opens=dt.time(10),
        closes=dt.time(10, 30),
        capacity=10,
        valid_from=LONG_AGO,
    )
    desk.post(CLOSE, closing())
    closure = Closure.objects.get()
    reopen = f"/desk/xiamen-zhenhai/closures/{closure.pk}/reopen/"
    assert desk.get(reopen).status_code == 200
    assert list(desk.post(reopen, {"reason": ""}).context["form"].errors) == ["reason"]
    response = desk.post(reopen, {"reason": "台风过境"}, follow=True)
    assert "已重新开放1个时段。" in response.text
    slot.refresh_from_db()
    assert (slot.closed_at, Closure.objects.count()) == (None, 0)


def test_a_closure_of_another_office_does_not_exist_at_this_desk(desk):
    closure = Closure.objects.create(
        office=make_office("harbin-city"), first_day=DAY, last_day=DAY, reason="停电"
    )
    reopen = f"/desk/xiamen-zhenhai/closures/{closure.pk}/reopen/"
    assert desk.post(reopen, {"reason": "越权"}).status_code == 404
    assert Closure.objects.count() == 1


def shares(online: object, assisted: object, walk_in: object, **fields: object) -> dict:
    versions = {f"version_{q.pk}": q.version for q in Quota.objects.all()}
    typed = {"online": online, "assisted": assisted, "walk_in": walk_in}
    return {"date": "2026-08-04", "line": "mainland", **typed, **versions, **fields}


def test_sharing_out_begins_with_the_shares_of_the_policy(desk):
    make_slot()
    form = desk.get(SPLIT).context["shares"]
    assert [form[name].value() for name in ("online", "assisted", "walk_in")] == [80, 10, 10]


@pytest.mark.row("FS-24")
def test_seventy_thirty_is_changed_to_sixty_forty_after_a_preview(desk, supervisor):
    slot = make_slot(online=21, walk_in=9)
    preview = desk.get(f"{SPLIT}&online=60&assisted=0&walk_in=40")
    assert [cells for _plan, cells in preview.context["plans"]] == [
        [(21, 0, 18), (0, 0, 0), (9, 0, 12)]
    ]
    assert quota_of(slot).capacity == 21
    desk.post(SPLIT, shares(60, 0, 40, reason="现场排队"))
    assert dict(Quota.objects.values_list("pool", "capacity")) == {
        "online": 18,
        "assisted": 0,
        "walk_in": 12,
    }
    changes = QuotaChange.objects.order_by("from_capacity")
    assert list(changes.values_list("from_capacity", "to_capacity", "reason", "account")) == [
        (9, 12, "现场排队", supervisor.pk),
        (21, 18, "现场排队", supervisor.pk),
    ]


def test_shares_that_do_not_add_up_are_refused(desk):
    slot = make_slot(online=21, walk_in=9)
    response = desk.post(SPLIT, shares(60, 0, 30, reason="现场排队"))
    assert response.context["form"].non_field_errors() == ["各类号源的比例之和须为100%。"]
    assert quota_of(slot).capacity == 21


def test_a_window_that_changed_meanwhile_stops_the_sharing_out(desk):
    slot = make_slot(online=21, walk_in=9)
    typed = shares(60, 0, 40, reason="现场排队")
    Quota.objects.filter(pk=quota_of(slot).pk).update(version=2)
    response = desk.post(SPLIT, typed)
    assert "本次未保存" in response.text
    assert quota_of(slot).capacity == 21


def test_an_office_without_windows_has_nothing_to_share_out(desk):
    make_line()
    assert desk.get(SPLIT).status_code == 302


def test_the_release_time_of_the_reserve_is_shown_and_changed_with_a_reason(desk, hall):
    make_slot(online=8, assisted=1, walk_in=1)
    policy = "/desk/xiamen-zhenhai/policy/?setting=reserve_release_time"
    assert "前一日18:00" in desk.get(SPLIT).text
    assert policy in desk.get(SPLIT).text
    typed = {
        "setting": "reserve_release_time",
        "seen": "{}",
        "act": "set",
        "value": "16:00",
        "reason": "夏季提前",
    }
    assert desk.post(policy, typed).status_code == 302
    assert "前一日16:00" in desk.get(SPLIT).text
