"""Sessions: one more, one less."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Quota, Slot
from offices.enums import SessionKind
from offices.models import Session
from tests.factories import NOW, make_line, make_office, make_party, make_slot

pytestmark = pytest.mark.django_db
SESSIONS = "/desk/xiamen-zhenhai/sessions/"
SATURDAY = dt.date(2026, 8, 8)
REASON = {"reason": "人手不足"}


def plan(**fields: object) -> dict[str, object]:
    return {
        "kind": "saturday",
        "line": make_line().pk,
        "date": "2026-08-08",
        "opens": "09:00",
        "closes": "11:00",
        "capacity": "12",
        "reason": "暑期高峰",
        **fields,
    }


def remove_url(session: Session) -> str:
    return f"{SESSIONS}{session.pk}/remove/"


@pytest.mark.row("XM-05")
def test_a_saturday_session_is_published_with_its_own_quota(desk, hall, supervisor):
    shares = {"online": "50", "assisted": "25", "walk_in": "25"}
    response = desk.post(SESSIONS, plan(**shares), follow=True)
    assert "场次已发布，共4个时段。" in response.text
    session = Session.objects.get()
    assert (session.kind, session.created_by) == (SessionKind.SATURDAY, supervisor)
    slots = Slot.objects.filter(office=hall, date=SATURDAY, session=session)
    assert [f"{slot.local_start:%H:%M}" for slot in slots] == ["09:00", "09:30", "10:00", "10:30"]
    quotas = Quota.objects.filter(slot=slots[0])
    assert dict(quotas.values_list("pool", "capacity")) == {
        "online": 6,
        "assisted": 3,
        "walk_in": 3,
    }
    assert book(make_party(slots[0], 3), SYSTEM, NOW).slot == slots[0]


def test_without_shares_the_policy_shares_out(desk):
    desk.post(SESSIONS, plan(capacity="10"))
    quotas = Quota.objects.filter(slot=Slot.objects.order_by("starts_at").first())
    assert dict(quotas.values_list("pool", "capacity")) == {
        "online": 8,
        "assisted": 1,
        "walk_in": 1,
    }


def test_a_session_beyond_the_horizon_waits_for_its_day(desk):
    response = desk.post(SESSIONS, plan(date="2026-09-12"), follow=True)
    assert "场次已保存，放号后显示其时段。" in response.text
    assert Slot.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"date": "2026-08-02"}, "date"),
        ({"date": ""}, "date"),
        ({"closes": "08:00"}, "closes"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "9999"}, "capacity"),
        ({"min_age": "18", "max_age": "14"}, "max_age"),
        ({"online": "50", "assisted": "20", "walk_in": "20"}, "online"),
        ({"kind": "feast"}, "kind"),
        ({"line": "0"}, "line"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_at_its_field(desk, fields, wrong):
    response = desk.post(SESSIONS, plan(**fields))
    assert list(response.context["form"].errors) == [wrong]
    assert Session.objects.count() == 0


def test_two_sessions_do_not_begin_at_once_on_one_line(desk):
    desk.post(SESSIONS, plan())
    response = desk.post(SESSIONS, plan(closes="12:00"))
    assert list(response.context["form"].errors) == ["opens"]
    assert Session.objects.count() == 1


def test_a_session_that_nobody_booked_is_removed_with_its_windows(desk):
    desk.post(SESSIONS, plan())
    session = Session.objects.get()
    assert desk.get(remove_url(session)).status_code == 200
    desk.post(remove_url(session))
    assert Session.objects.count() == 1
    desk.post(remove_url(session), REASON)
    assert (Session.objects.count(), Slot.objects.count()) == (0, 0)


def test_a_session_with_bookings_stays_and_shows_them(desk):
    desk.post(SESSIONS, plan())
    booking = book(make_party(Slot.objects.first()), SYSTEM, NOW)
    session = Session.objects.get()
    response = desk.post(remove_url(session), REASON)
    assert [one.number for one in response.context["bookings"]] == [booking.number]
    assert "该场次已有1个预约，不能删除" in response.text
    assert (Session.objects.count(), Slot.objects.count()) == (1, 4)


def test_a_session_of_another_office_does_not_exist_at_this_desk(desk):
    session = Session.objects.create(
        office=make_office("harbin-city"),
        line=make_line(),
        kind=SessionKind.SATURDAY,
        date=SATURDAY,
        opens=dt.time(9),
        closes=dt.time(10),
        capacity=5,
    )
    assert desk.post(remove_url(session)).status_code == 404
    assert desk.get(SESSIONS).context["sessions"].count() == 0


def test_who_added_what_and_why_is_kept(desk):
    page = " ".join(desk.post(SESSIONS, plan(), follow=True).text.split())
    added = "supervisor · 新增 · 周六专场 8月8日 周六 9:00–11:00 · 暑期高峰"
    assert f"2026-08-03 09:00</time> {added}" in page


def test_windows_that_staff_closed_before_stay_closed_and_it_says_so(desk, hall):
    slot = make_slot(starts_at=dt.datetime(2026, 8, 8, 1, tzinfo=dt.UTC))
    close_slots([slot.pk], reason="停电", actor=SYSTEM, now=NOW)
    text = desk.post(SESSIONS, plan(), follow=True).text
    assert "其中1个时段此前已由工作人员关闭，重新开放前仍为关闭" in text
    slot.refresh_from_db()
    assert (slot.session, slot.closed_at) == (Session.objects.get(), NOW)
