"""Booked on the phone by staff, looked after by number and code, without an account."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from applicants.domain.manage_code import manage_code
from applicants.domain.texts import render
from applicants.models import Message
from bookings.enums import Channel, Status
from bookings.models import Booking, Quota, Slot
from offices.models import Office
from tests.citizens import confirmed, make_account, make_member, signed_in
from tests.factories import quota_of, resident_number
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import DESK, enter
from tests.staff import make_staff, sign_in

PHONE = {"width": 360, "height": 740}
Start = Callable[..., Journey]


def test_a_caller_sees_moves_and_cancels_with_number_and_code(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    booking = book_for_a_caller(new_journey(viewport=DESK), office, windows, base_url)
    text = render(Message.objects.get(reference=booking.number, kind="confirmed"))
    code = manage_code(booking.number)
    assert code in text

    walk = new_journey(viewport=PHONE, java_script_enabled=False)
    walk.open("/")
    walk.press("凭管理码管理预约")
    walk.expect_heading("凭管理码管理预约")
    show(walk, booking.number, "00000000")
    expect(walk.page.locator(".error-summary")).to_contain_text("没有与该预约号和管理码相符的预约")
    show(walk, booking.number, code)
    expect(walk.page.locator("main")).to_contain_text("您已凭管理码打开此预约")
    move_away(walk, booking, windows)
    cancel(walk, booking, windows)
    walk.press("立即关闭")
    walk.open(f"/bookings/{booking.number}/")
    assert "/sign-in/" in walk.page.url


def test_every_page_of_it_fits_a_phone_and_is_for_everybody(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    booking = book_for_a_caller(new_journey(viewport=DESK), office, windows, base_url)
    walk = new_journey(viewport=PHONE)
    walk.open("/manage/")
    walk.look()
    walk.go_on()
    expect(walk.page.locator(".error-summary")).to_be_visible()
    walk.look()
    show(walk, booking.number, manage_code(booking.number))
    expect(walk.page.locator("main")).to_contain_text("您已凭管理码打开此预约")
    for page in ("", "move/", "cancel/", "form/"):
        walk.open(f"/bookings/{booking.number}/{page}")
        walk.look()
    for page in ("/help/messages/", f"/offices/{office.code}/display/"):
        walk.open(page)
        walk.look()
    assert walk.complaints == []


def book_for_a_caller(walk: Journey, office: Office, windows: list[Slot], base_url: str) -> Booking:
    """The operator types what the caller says, and reads out number and code."""
    Quota.objects.filter(pool="assisted").update(capacity=5)
    client: Any = sign_in(Client(), make_staff(office=office, username="operator"))
    enter(walk, client, base_url)
    walk.open(f"/desk/{office.code}/book/?date={windows[0].date}")
    page = walk.page
    page.locator(f"label[for=slot-{windows[0].pk}]").click()
    page.locator("main [name=people-0-name]").fill("演示甲")
    page.locator("main [name=people-0-id_number]").fill(resident_number(1))
    page.locator("main [name=people-0-services][value=passport-first]").check()
    walk.fill(phone="13800138000")
    page.locator("[name=notice_read]").check()
    walk.go_on()
    expect(page.locator(".confirmation")).to_contain_text("请报读预约号")
    booking = Booking.objects.get()
    assert booking.channel == Channel.PHONE
    code = manage_code(booking.number)
    expect(page.locator(".confirmation")).to_contain_text(f"{code[:4]} {code[4:]}")
    walk.look()
    return booking


def show(walk: Journey, number: str, code: str) -> None:
    walk.page.locator("main [name=number]").fill(number)
    walk.page.locator("main [name=code]").fill(code)
    walk.go_on()


def move_away(walk: Journey, booking: Booking, windows: list[Slot]) -> None:
    walk.page.get_by_role("link", name="改期", exact=True).click()
    walk.tick("11:00–11:30")
    walk.go_on()
    expect(walk.page.locator("main")).to_contain_text("11:00–11:30")
    expect(walk.page.locator("main .notice-success")).to_be_visible()
    booking.refresh_from_db()
    assert booking.slot == windows[2]


def cancel(walk: Journey, booking: Booking, windows: list[Slot]) -> None:
    walk.press("取消预约")
    walk.go_on()
    expect(walk.page.locator("main .notice-success")).to_contain_text("预约已取消")
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED
    assert [quota_of(slot, "assisted").taken for slot in windows] == [0, 0, 0, 0]


def test_staff_open_the_visit_by_one_scan_and_correct_a_name(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    walk = new_journey(viewport=DESK)
    booking = book_for_a_caller(walk, office, windows, base_url)
    walk.open(f"/desk/{office.code}/scan/")
    walk.look()
    # As a hand scanner does.
    walk.page.keyboard.type(booking.number)
    walk.page.keyboard.press("Enter")
    expect(walk.page.locator("article")).to_contain_text("尚未取号")
    walk.look()
    walk.open(f"/desk/{office.code}/bookings/{booking.number}/correct/0/")
    walk.look()
    walk.page.locator("main [name=name]").fill("演示佳")
    walk.go_on()
    expect(walk.page.locator("main .history").first).to_contain_text("帮办 operator")
    walk.look()


def test_contact_and_coming_late_fit_a_phone_and_are_for_everybody(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    account = make_account()
    client: Any = signed_in(account)
    booking = confirmed(client, windows[0], [make_member(account)])
    walk = enter(new_journey(viewport=PHONE), client, base_url)
    walk.open(f"/bookings/{booking.number}/")
    walk.look()
    walk.open(f"/bookings/{booking.number}/contact/")
    walk.look()
    walk.page.locator("[name=delivery][value=courier_both]").check()
    walk.go_on()
    expect(walk.page.locator(".error-summary")).to_contain_text("请填写收件地址")
    walk.look()
    soon = timezone.now() + dt.timedelta(hours=1)
    Slot.objects.filter(pk=booking.slot_id).update(
        starts_at=soon, ends_at=soon + dt.timedelta(minutes=30), date=office.local_date(soon)
    )
    walk.open(f"/bookings/{booking.number}/late/")
    walk.look()
