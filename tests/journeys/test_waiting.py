"""Who finds everything full, waits, and gets the place that somebody else gives back."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from applicants.domain.texts import render
from applicants.models import Account, Message
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.models import Booking, Slot
from bookings.tasks import offer_places
from offices.models import Office
from tests.citizens import make_account, make_family, make_member, signed_in, start_booking
from tests.factories import make_office, make_party, make_person, make_slot, quota_of
from tests.journeys.conftest import Journey, local_time

HALF = dt.timedelta(minutes=30)


@pytest.fixture
def windows(office: Office) -> list[Slot]:
    """In three days, with one place each."""
    first = local_time(office, 3, 10)
    return [make_slot(1, office=office, starts_at=first + n * HALF) for n in range(2)]


def enter(walk: Journey, account: Account, **answers: object) -> None:
    """Signed in, with everything answered but the time."""
    client = signed_in(account)
    if answers:
        start_booking(client, **answers)  # type: ignore[arg-type]
    name = settings.SESSION_COOKIE_NAME
    walk.open("/")
    value = client.cookies[name].value
    walk.page.context.add_cookies([{"name": name, "value": value, "url": walk.page.url}])


def booked_by(account: Account, slot: Slot) -> Booking:
    person = make_person(identity=make_member(account).identity)
    return book(make_party(slot, people=(person,)), Actor(account=account), timezone.now())


def wait_for_the_full_window(walk: Journey, slot: Slot) -> None:
    walk.open(f"/book/time/?day={slot.date}")
    walk.look()
    walk.press("没有合适的时间？加入候补")
    walk.expect_heading("加入候补")
    walk.look()
    walk.go_on()
    walk.expect_heading("我的预约")
    expect(walk.page.locator("main")).to_contain_text("候补")
    walk.look()


def accept_the_offer(walk: Journey) -> None:
    walk.open("/bookings/")
    walk.look()
    walk.press("已为您保留名额")
    walk.expect_heading("已为您保留名额")
    walk.look()
    walk.go_on()
    walk.expect_heading("预约成功")
    walk.look()


def test_somebody_cancels_and_who_waits_accepts_the_place(
    journey: Journey, new_journey: Callable[..., Journey], windows: list[Slot]
) -> None:
    """Waiting list → somebody cancels → offer → accepted."""
    other = make_account("+8613900139000")
    bookings = [
        booked_by(make_account(f"+861370013700{n}"), slot) for n, slot in enumerate(windows)
    ]
    enter(journey, other, people=[make_member(other)])
    wait_for_the_full_window(journey, windows[0])

    holder = new_journey()
    enter(holder, bookings[0].account)
    holder.open(f"/bookings/{bookings[0].number}/cancel/")
    holder.go_on()
    offer_places()

    message = Message.objects.get(kind="waiting_offer")
    assert "您候补的时段有名额了" in render(message)
    accept_the_offer(journey)
    assert quota_of(windows[0]).taken == 1
    assert Booking.objects.get(account=other).slot == windows[0]


def test_a_move_returns_the_old_place_to_who_waits_for_it(
    journey: Journey, new_journey: Callable[..., Journey], windows: list[Slot]
) -> None:
    """Reschedule, the old place returned and offered."""
    other = make_account("+8613900139000")
    booking = booked_by(make_account(), windows[0])
    windows[1].quotas.filter(pool="online").update(capacity=2)
    booked_by(make_account("+8613700137001"), windows[1])
    enter(journey, other, people=[make_member(other)])
    journey.open(f"/waiting/?day={windows[0].date}")
    journey.go_on()

    mover = new_journey()
    enter(mover, booking.account)
    mover.open(f"/bookings/{booking.number}/move/")
    mover.tick("10:30–11:00")
    mover.go_on()
    expect(mover.page.locator("main")).to_contain_text("10:30–11:00")
    offer_places()

    accept_the_offer(journey)
    booking.refresh_from_db()
    assert booking.slot == windows[1]
    assert [quota_of(slot).taken for slot in windows] == [1, 2]


def test_the_earliest_for_three_anywhere_in_the_city(
    journey: Journey, office: Office, windows: list[Slot]
) -> None:
    jimei = make_office("xiamen-jimei", name="集美办证大厅", district="集美区")
    first = make_slot(3, office=jimei, starts_at=windows[0].starts_at - HALF)
    make_slot(9, office=office, starts_at=windows[0].starts_at + 4 * HALF)
    account = make_account()
    enter(journey, account, people=make_family(account), office="")
    journey.open("/book/office/")
    journey.press("去哪里都行：查看全市最早时间")
    journey.expect_heading("全市可约时间")
    expect(journey.page.locator(".notice").first).to_contain_text("3人最早可约")
    journey.look()
    journey.page.get_by_role("button", name="预约最早时间").click()
    journey.expect_heading("请核对预约信息")
    expect(journey.page.locator("main")).to_contain_text("集美办证大厅")
    journey.go_on()
    journey.expect_heading("预约成功")
    assert quota_of(first).taken == 3
