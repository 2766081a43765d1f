"""One window: places moved between pools, closed, opened again."""

import datetime as dt

import pytest

from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.quotas import set_quota
from bookings.domain.sessions import add_session
from bookings.enums import Status
from bookings.models import Booking, Quota, QuotaChange, Slot
from offices.enums import Pool, Role
from offices.models import Session
from tests.factories import NOW, make_office, make_party, make_slot, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def url(slot: Slot) -> str:
    return f"/desk/xiamen-zhenhai/windows/{slot.pk}/"


def seen(slot: Slot) -> dict[str, int]:
    return {f"version_{quota.pk}": quota.version for quota in Quota.objects.filter(slot=slot)}


def move(slot: Slot, places: object = 3, **fields: object) -> dict[str, object]:
    pools = {"source": "assisted", "target": "online"}
    return {
        "act": "move",
        "places": places,
        "reason": "网上需求大",
        **pools,
        **seen(slot),
        **fields,
    }


def test_the_window_shows_its_pools_and_who_is_booked(desk):
    slot = make_slot(online=10, assisted=5)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    response = desk.get(url(slot))
    assert [cell.left for cell in response.context["row"].cells] == [8, 5, 0]
    assert [one.number for one in response.context["bookings"]] == [booking.number]


def test_places_move_between_pools(desk, supervisor):
    slot = make_slot(online=10, assisted=5)
    assert desk.post(url(slot), move(slot)).status_code == 302
    assert (quota_of(slot).capacity, quota_of(slot, Pool.ASSISTED).capacity) == (13, 2)
    changes = QuotaChange.objects.values_list("kind", "reason", "account")
    assert set(changes) == {("moved", "网上需求大", supervisor.pk)}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"places": ""}, "places"),
        ({"places": "0"}, "places"),
        ({"reason": ""}, "reason"),
        ({"target": "assisted"}, "target"),
        ({"source": "balcony"}, "source"),
    ],
)
def test_a_move_that_says_too_little_is_refused(desk, fields, wrong):
    slot = make_slot(online=10, assisted=5)
    response = desk.post(url(slot), move(slot) | fields)
    assert list(response.context["form"].errors) == [wrong]
    assert quota_of(slot).capacity == 10


def test_more_places_than_are_free_do_not_move(desk):
    slot = make_slot(online=10, assisted=5)
    response = desk.post(url(slot), move(slot, 6))
    assert list(response.context["form"].errors) == ["places"]
    assert quota_of(slot, Pool.ASSISTED).capacity == 5


def test_a_move_on_what_has_changed_meanwhile_says_who_did(desk, hall):
    slot = make_slot(online=10, assisted=5)
    mine = move(slot)
    actor = Actor(operator=make_staff(office=hall, username="colleague"))
    set_quota(quota_of(slot).pk, 20, version=1, reason="高峰", actor=actor, now=NOW)
    response = desk.post(url(slot), mine)
    [error] = response.context["form"].non_field_errors()
    assert error.startswith("colleague已将其由10改为20")
    assert quota_of(slot, Pool.ASSISTED).capacity == 5


def close(people: str = "keep", **fields: str) -> dict[str, str]:
    notice = "设备检修，该时段停止新增预约，您的预约仍然有效。"
    return {"act": "close", "reason": "设备检修", "people": people, "notice": notice, **fields}


def test_a_closed_window_keeps_who_is_booked(desk):
    slot = make_slot()
    booking = book(make_party(slot), SYSTEM, NOW)
    response = desk.post(url(slot), close(), follow=True)
    slot.refresh_from_db()
    assert (slot.closed_at, slot.close_reason) == (NOW, "设备检修")
    assert Booking.objects.get(pk=booking.pk).status == Status.CONFIRMED
    assert "已关闭。1个预约继续有效。" in response.text
    assert not Message.objects.filter(kind=MessageKind.OFFICE_NOTICE).exists()


def test_closing_what_nobody_booked_counts_nobody(desk):
    assert "已关闭，此前无人预约。" in desk.post(url(make_slot()), close(), follow=True).text


def test_who_is_booked_at_a_closed_window_is_told_if_the_supervisor_says_so(desk):
    slot = make_slot()
    booking = book(make_party(slot), SYSTEM, NOW)
    response = desk.post(url(slot), close("tell"), follow=True)
    notice = Message.objects.get(kind=MessageKind.OFFICE_NOTICE)
    assert notice.reference == booking.number
    assert "已向其中1个预约发送通知。" in response.text
    assert list(booking.conflict_notes.values_list("kind", flat=True)) == ["told"]


def test_closing_asks_for_a_reason_and_a_message_needs_words(desk):
    slot = make_slot()
    assert list(desk.post(url(slot), close(reason="")).context["form"].errors) == ["reason"]
    refused = desk.post(url(slot), close("tell", notice=""))
    assert list(refused.context["form"].errors) == ["notice"]
    slot.refresh_from_db()
    assert slot.closed_at is None


def test_a_closed_window_is_opened_again(desk):
    slot = make_slot()
    desk.post(url(slot), close())
    desk.post(url(slot), {"act": "reopen", "reopen-reason": "已修好"})
    slot.refresh_from_db()
    assert slot.closed_at is None
    kinds = QuotaChange.objects.filter(quota=quota_of(slot)).order_by("pk")
    assert list(kinds.values_list("kind", "reason")) == [
        ("closed", "设备检修"),
        ("reopened", "已修好"),
    ]


def test_a_window_that_is_over_offers_nothing(desk):
    slot = make_slot(starts_at=NOW - 2 * HOUR)
    assert desk.get(url(slot)).text.count('name="act"') == 0


@pytest.mark.parametrize("act", ["move", "close", "reopen"])
def test_who_only_looks_changes_nothing(client, hall, act):
    slot = make_slot(online=10, assisted=5)
    sign_in(client, make_staff(Role.OVERSEER, office=hall))
    assert client.get(url(slot)).status_code == 200
    assert client.post(url(slot), {"act": act, "reason": "越权"}).status_code == 403
    assert QuotaChange.objects.count() == 0


def test_an_act_that_does_not_exist_is_not_found(desk):
    slot = make_slot()
    assert desk.post(url(slot), {"act": "demolish"}).status_code == 404


def test_the_window_of_another_office_does_not_exist_at_this_desk(desk):
    slot = make_slot(office=make_office("harbin-city"))
    assert desk.get(url(slot)).status_code == 404
    assert desk.post(url(slot), close()).status_code == 404


def test_a_window_that_waits_for_its_session_says_what_it_waits_for(desk, hall):
    slot = make_slot(office=hall)
    book(make_party(slot), SYSTEM, NOW)
    session = Session(
        office=hall,
        line=slot.line,
        kind="student",
        date=slot.date,
        opens=slot.local_start.time(),
        closes=slot.local_end.time(),
        capacity=40,
        students_only=True,
    )
    add_session(session, NOW, reason="暑期", actor=SYSTEM)
    text = desk.get(url(slot)).text
    assert "待此时段的预约处理完毕后，将转为“学生专场”的时段" in text
