"""The page of people whose window changed: seen, moved together, asked, kept, called."""

import datetime as dt
import re

import pytest
from django.test import Client

from applicants.enums import MessageKind
from applicants.models import Account, Message
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.models import Booking, ConflictNote, Slot
from offices.enums import Role
from offices.models import Office, OpeningHours
from tests.factories import (
    LONG_AGO,
    NOW,
    make_bureau,
    make_line,
    make_office,
    make_party,
    make_person,
    quota_of,
)
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
URL = "/desk/xiamen-zhenhai/conflicts/"
MOVE, CALLS = f"{URL}move/", f"{URL}calls/"
TUESDAY = dt.date(2026, 8, 4)


def open_on_tuesdays(office: Office) -> list[Slot]:
    """Four windows from 10:00, of three places each."""
    OpeningHours.objects.create(
        office=office,
        line=make_line(),
        weekday=1,
        opens=dt.time(10),
        closes=dt.time(12),
        capacity=3,
        shares={"online": 100, "assisted": 0, "walk_in": 0},
        valid_from=LONG_AGO,
    )
    publish(office, NOW)
    return list(Slot.objects.filter(office=office, date=TUESDAY).order_by("starts_at"))


@pytest.fixture
def slots(hall: Office) -> list[Slot]:
    return open_on_tuesdays(hall)


def booked(slot: Slot, size: int = 1, **fields) -> Booking:
    return book(make_party(slot, size, **fields), SYSTEM, NOW)


def close(desk: Client, slot: Slot, follow: bool = False):
    fields = {"act": "close", "reason": "设备检修", "people": "keep"}
    return desk.post(f"/desk/xiamen-zhenhai/windows/{slot.pk}/", fields, follow=follow)


def ticked(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'name="booking" value="(\d+)" checked', text)]


def hidden(text: str, name: str) -> list[str]:
    """Of the page's own forms: the switches of a refused page carry the same."""
    _header, _, page = text.partition("<main")
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def preview(desk: Client, *bookings: Booking, **fields):
    return desk.post(MOVE, {"booking": [one.pk for one in bookings], "within_days": 14, **fields})


def confirm(desk: Client, shown, reason: str = "设备检修", **fields):
    """Send off the form that the preview showed, as a browser would."""
    sent = {name: hidden(shown.text, name) for name in ("booking", "move")}
    sent |= {"within_days": 14, "confirm": 1, "reason": reason, **fields}
    return desk.post(MOVE, sent, follow=True)


def test_nobody_is_affected_while_all_takes_place_as_booked(desk, slots):
    booked(slots[0])
    text = desk.get(URL).text
    assert "没有受影响的预约" in text
    assert "受影响预约&nbsp;" not in text


def test_closing_a_window_ends_at_the_people_who_are_booked_there(desk, slots):
    booking = booked(slots[0])
    booked(slots[1])
    response = close(desk, slots[0], follow=True)
    assert response.redirect_chain == [(f"{URL}?window={slots[0].pk}", 302)]
    assert "已关闭。1个预约继续有效。" in response.text
    assert ticked(response.text) == [booking.pk]
    assert "有1个预约待处理。" in response.text


def test_closing_a_day_ends_there_as_well(desk, slots):
    booking, other = booked(slots[0]), booked(slots[3])
    fields = {"date": "2026-08-04", "line": "mainland", "reason": "台风", "people": "keep"}
    response = desk.post("/desk/xiamen-zhenhai/close/", fields, follow=True)
    assert response.redirect_chain == [(f"{URL}?date=2026-08-04", 302)]
    assert ticked(response.text) == [booking.pk, other.pk]


def test_closing_what_nobody_booked_ends_where_it_began(desk, slots):
    assert close(desk, slots[0]).url == f"/desk/xiamen-zhenhai/windows/{slots[0].pk}/"


def test_who_waits_for_a_decision_is_counted_on_every_page_of_the_desk(desk, slots):
    booked(slots[0])
    close(desk, slots[0])
    assert "受影响预约&nbsp;<strong>(1)</strong>" in desk.get("/desk/xiamen-zhenhai/").text


def test_names_are_masked(desk, slots):
    booked(slots[0], people=(make_person(name="王小明"),))
    close(desk, slots[0])
    text = desk.get(URL).text
    assert "王**" in text
    assert "王小明" not in text


def test_one_day_and_one_window_can_be_looked_at_alone(desk, slots):
    first, second = booked(slots[0]), booked(slots[1])
    close(desk, slots[0])
    close(desk, slots[1])
    assert ticked(desk.get(f"{URL}?window={slots[1].pk}").text) == [second.pk]
    assert ticked(desk.get(f"{URL}?date=2026-08-04").text) == [first.pk, second.pk]
    assert "没有受影响的预约" in desk.get(f"{URL}?date=2026-08-11").text


def test_a_preview_moves_nobody_and_says_where_each_would_go(desk, slots):
    family, single = booked(slots[0], 2), booked(slots[0])
    booked(slots[1], 2)
    close(desk, slots[0])
    shown = preview(desk, family, single)
    assert hidden(shown.text, "move") == [
        f"{family.pk}:0:{slots[2].pk}",
        f"{single.pk}:0:{slots[1].pk}",
    ]
    assert "确认调整2个预约" in shown.text
    assert set(Booking.objects.values_list("version", flat=True)) == {0}


def test_confirming_moves_them_all_and_says_so(desk, slots, supervisor):
    family, single = booked(slots[0], 2), booked(slots[0])
    close(desk, slots[0])
    response = confirm(desk, preview(desk, family, single))
    assert "已调整2个预约。" in response.text
    stored = Booking.objects.in_bulk([family.pk, single.pk])
    assert {one.slot_id for one in stored.values()} == {slots[1].pk}
    assert set(ConflictNote.objects.values_list("kind", "account", "reason")) == {
        ("moved", supervisor.pk, "设备检修")
    }
    assert Message.objects.filter(kind=MessageKind.RESCHEDULED).count() == 2
    assert "全部已处理。" in response.text
    assert response.text.count("已改期") >= 2


def test_moving_asks_for_a_reason_and_shows_the_same_plan_again(desk, slots):
    booking = booked(slots[0])
    close(desk, slots[0])
    response = confirm(desk, preview(desk, booking), reason="")
    assert list(response.context["form"].errors) == ["reason"]
    assert hidden(response.text, "move") == [f"{booking.pk}:0:{slots[1].pk}"]
    assert Booking.objects.get().slot == slots[0]


def test_what_has_changed_meanwhile_gives_a_new_preview(desk, slots):
    booking = booked(slots[0])
    close(desk, slots[0])
    shown = preview(desk, booking)
    booked(slots[1], 3)
    response = confirm(desk, shown)
    assert "预览后号源或预约已有变化" in response.text
    assert hidden(response.text, "move") == [f"{booking.pk}:0:{slots[2].pk}"]
    assert Booking.objects.get(pk=booking.pk).slot == slots[0]
    confirm(desk, response)
    assert Booking.objects.get(pk=booking.pk).slot == slots[2]


def test_whom_nothing_fits_is_named_and_stays(desk, slots):
    booking, other = booked(slots[3], 3), booked(slots[0])
    close(desk, slots[3])
    close(desk, slots[0])
    shown = preview(desk, booking, other, within_days=0)
    assert "1个预约没有合适时段" not in shown.text
    booked(slots[1], 1)
    booked(slots[2], 1)
    shown = preview(desk, booking, other, within_days=0)
    assert "1个预约没有合适时段" in shown.text
    confirm(desk, shown, within_days=0)
    assert Booking.objects.get(pk=booking.pk).slot == slots[3]
    assert Booking.objects.get(pk=other.pk).slot == slots[1]


@pytest.mark.parametrize("move", ["", "x", "1:2", "0:0:0", "{pk}:0:0", "{pk}:0:{own}", "9:0:{to}"])
def test_a_plan_that_no_preview_showed_is_refused(desk, slots, move):
    booking = booked(slots[0])
    close(desk, slots[0])
    text = move.format(pk=booking.pk, own=slots[0].pk, to=slots[1].pk)
    fields = {"booking": booking.pk, "move": text, "within_days": 14, "confirm": 1, "reason": "x"}
    response = desk.post(MOVE, fields)
    assert "预览后号源或预约已有变化" in response.text
    assert Booking.objects.get().slot == slots[0]


def test_who_is_not_affected_is_not_moved(desk, slots):
    booking = booked(slots[0])
    text = f"{booking.pk}:0:{slots[1].pk}"
    fields = {"booking": booking.pk, "move": text, "within_days": 14, "confirm": 1, "reason": "x"}
    assert "请至少勾选一个预约。" not in desk.get(URL).text
    desk.post(MOVE, fields)
    assert Booking.objects.get().slot == slots[0]


def test_other_offices_are_offered_only_to_who_manages_them_too(client, desk, hall, slots):
    other = make_office("xiamen-jimei", bureau=make_bureau())
    there = open_on_tuesdays(other)
    booking = booked(slots[0])
    for slot in slots:
        close(desk, slot)
    shown = preview(desk, booking, elsewhere="on", within_days=1)
    assert 'name="elsewhere"' not in shown.text
    assert hidden(shown.text, "move") == []
    planner = sign_in(Client(), make_staff(Role.PLANNER, bureau=make_bureau()))
    assert 'name="elsewhere"' in planner.get(URL).text
    shown = preview(planner, booking, elsewhere="on", within_days=1)
    assert hidden(shown.text, "move") == [f"{booking.pk}:0:{there[0].pk}"]
    confirm(planner, shown, elsewhere="on", within_days=1)
    assert Booking.objects.get().slot.office == other


def test_nobody_ticked_and_days_that_are_none_are_said(desk, slots):
    booking = booked(slots[0])
    close(desk, slots[0])
    assert "请至少勾选一个预约。" in desk.post(MOVE, {"within_days": 14}).text
    assert "请至少勾选一个预约。" in desk.post(URL, {"act": "keep", "reason": "x"}).text
    response = preview(desk, booking, within_days="")
    assert list(response.context["form"].errors) == ["within_days"]


def test_a_preview_is_asked_for_by_post_and_a_link_leads_back(desk, slots):
    assert desk.get(f"{MOVE}?date=2026-08-04").url == f"{URL}?date=2026-08-04"


def test_they_are_asked_by_message(desk, slots, supervisor):
    booking = booked(slots[0])
    close(desk, slots[0])
    fields = {"act": "tell", "booking": booking.pk, "notice": "设备检修，请改期。"}
    response = desk.post(f"{URL}?window={slots[0].pk}", fields, follow=True)
    assert response.redirect_chain == [(f"{URL}?window={slots[0].pk}", 302)]
    assert "已向1位预约人发送通知。" in response.text
    assert "已请其改期" in response.text
    assert ticked(response.text) == []
    notice = Message.objects.get(kind=MessageKind.OFFICE_NOTICE)
    assert notice.context["notice"].startswith("设备检修，请改期。如需改期，请于")
    assert ConflictNote.objects.get().account == supervisor


def test_they_are_kept_with_a_reason(desk, slots):
    booking, other = booked(slots[0]), booked(slots[0])
    close(desk, slots[0])
    fields = {"act": "keep", "booking": [booking.pk, other.pk]}
    refused = desk.post(URL, {**fields, "reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    assert ticked(refused.text) == [booking.pk, other.pk]
    response = desk.post(URL, {**fields, "reason": "加开窗口"}, follow=True)
    assert "已保留2个预约。" in response.text
    assert "全部已处理。" in response.text
    assert response.text.count("加开窗口") == 2


def test_an_act_that_does_not_exist_is_not_found(desk, slots):
    assert desk.post(URL, {"act": "cancel"}).status_code == 404


def test_who_must_be_called_is_on_a_list_to_print(desk, hall, slots):
    silent = booked(slots[0], phone="", people=(make_person(name="王小明"),))
    reachable = booked(slots[0])
    close(desk, slots[0])
    assert "有1个预约须电话告知" in desk.get(URL).text
    [(called, names, phone)] = desk.get(CALLS).context["calls"]
    assert (called, names, phone) == (silent, ["王小明"], "")
    # Moved, and nobody has told them yet.
    response = confirm(desk, preview(desk, silent, reachable))
    assert "有1个预约无法发送通知，须电话告知。" in response.text
    assert [one[0] for one in desk.get(CALLS).context["calls"]] == [silent]
    planner = sign_in(Client(), make_staff(Role.PLANNER, office=hall))
    assert planner.get(CALLS).context["calls"] == [(silent, ["王**"], "")]
    # Once they have been called, a word about it takes them off the list.
    desk.post(URL, {"act": "keep", "booking": silent.pk, "reason": "已电话告知"})
    assert desk.get(CALLS).context["calls"] == []


def test_an_empty_list_says_so(desk, slots):
    assert "没有须电话告知的预约" in desk.get(CALLS).text
    assert desk.post(CALLS).status_code == 405


def test_a_window_with_too_many_people_follows_the_hours_once_they_have_moved(desk, slots):
    staying, moving = booked(slots[0], 2), booked(slots[0])
    OpeningHours.objects.update(capacity=2)
    publish(slots[0].office, NOW)
    text = desk.get(URL).text
    assert "超出1个号" in text
    assert ticked(text) == []
    confirm(desk, preview(desk, moving))
    assert (quota_of(slots[0]).capacity, quota_of(slots[0]).taken) == (2, staying.places)
    assert "超出1个号" not in desk.get(URL).text


def test_it_reads_in_english(desk, slots):
    booked(slots[0])
    close(desk, slots[0])
    text = desk.get(URL, headers={"accept-language": "en"}).text
    assert "Affected bookings" in text


def test_a_clerk_and_an_overseer_decide_nothing(client, hall):
    for role in (Role.CLERK, Role.OVERSEER):
        visitor: Account = make_staff(role, office=hall)
        sign_in(client, visitor)
        assert client.get(URL).status_code == 403
        assert "受影响预约" not in client.get("/desk/xiamen-zhenhai/").text
