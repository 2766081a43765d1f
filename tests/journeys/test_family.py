"""A family of three books, moves and cancels, on a phone, each in their own way."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.domain.numbers import printed_number
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.enums import Status
from bookings.models import Booking, Slot
from tests.citizens import last_code, make_account, make_family
from tests.factories import make_party, quota_of, resident_number
from tests.journeys.conftest import Journey

PHONE = "13800138000"
SERVICES = ["普通护照", "往来港澳通行证", "往来台湾通行证"]
CHILD_BORN = dt.date(2017, 6, 1)


def add_person(walk: Journey, serial: int, name: str, relation: str, born: dt.date) -> None:
    walk.fill(name=name, relation=relation, id_number=resident_number(serial, born))
    if relation == "child":
        walk.page.locator("main [name=guardian_agrees]").check()
    walk.go_on()


def choose_services(walk: Journey) -> None:
    walk.open("/")
    walk.press("预约办证")
    walk.expect_heading("您要办理什么")
    walk.tick(*SERVICES)
    walk.fill(purpose="tourism")
    walk.go_on()


def add_family(walk: Journey) -> None:
    add_person(walk, 1, "演示甲", "self", dt.date(1988, 3, 5))
    walk.press("添加人员")
    add_person(walk, 2, "演示乙", "spouse", dt.date(1990, 1, 1))
    walk.press("添加人员")
    add_person(walk, 3, "演示丙", "child", CHILD_BORN)


@pytest.mark.row("FS-06", "XM-29", "HB-29", "XM-07")
def test_a_family_books_three_documents_each_on_a_phone(
    journey: Journey, windows: list[Slot]
) -> None:
    walk = journey
    assert walk.page.viewport_size == {"width": 360, "height": 780}
    walk.open("/book/")
    walk.page.get_by_text("所需材料、收费和时限").first.click()
    expect(walk.page.get_by_text("居民身份证").first).to_be_visible()
    walk.look()
    choose_services(walk)

    walk.look()
    walk.sign_in(PHONE)
    walk.look()
    add_family(walk)
    walk.expect_heading("谁来办理")
    walk.look()

    # A child alone is told to bring a guardian, and nothing is lost.
    walk.tick("演示甲", "演示乙")
    walk.go_on()
    summary = walk.page.locator(".error-summary")
    expect(summary).to_contain_text("演示丙未满16周岁，须由监护人陪同")
    expect(summary).to_be_focused()
    walk.look()
    walk.tick("演示甲", "演示乙")
    walk.go_on()

    walk.expect_heading("每个人办理什么")
    expect(walk.page.locator("input:checked")).to_have_count(9)
    walk.look()
    walk.go_on()
    walk.expect_heading("到哪个大厅办理")
    walk.look()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()

    walk.expect_heading("什么时间来办理")
    expect(walk.page.locator("main")).to_contain_text("共需3个名额")
    expect(walk.choice("10:00–10:30")).to_contain_text("宽松 · 余30")
    walk.look()
    walk.tick("10:00–10:30")
    walk.go_on()

    walk.expect_heading("请核对预约信息")
    expect(walk.page.locator(".countdown")).to_contain_text("名额为您保留到")
    assert quota_of(windows[0]).taken == 3
    walk.look()
    walk.page.locator("a[href$='/contact/']").first.click()
    walk.look()
    walk.page.get_by_label("速递寄给我").check()
    walk.fill(delivery_address="演示甲 厦门市思明区演示路1号")
    walk.go_on()
    expect(walk.page.locator("main")).to_contain_text("合并为一个包裹寄送")
    walk.go_on()

    walk.expect_heading("预约成功")
    booking = Booking.objects.get()
    assert (booking.status, booking.places, booking.slot) == (Status.CONFIRMED, 3, windows[0])
    assert (booking.channel, quota_of(windows[0]).taken) == ("web", 3)
    assert [a.applications.count() for a in booking.attendees.all()] == [3, 3, 3]
    expect(walk.page.locator(".booking-number")).to_have_text(printed_number(booking.number))
    expect(walk.page.locator("svg.qr")).to_be_visible()
    walk.look()

    walk.press("打印申请表")
    expect(walk.page.locator(".sheet")).to_have_count(3)
    expect(walk.page.locator(".sheet").first.locator("ol > li")).to_have_count(3)
    walk.look()


def test_a_family_books_without_javascript(
    new_journey: Callable[..., Journey], windows: list[Slot]
) -> None:
    walk = new_journey(java_script_enabled=False)
    choose_services(walk)
    walk.sign_in(PHONE)
    add_family(walk)
    walk.go_on()
    walk.go_on()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()
    walk.page.locator("a.day").first.click()
    walk.tick("11:00–11:30")
    walk.go_on()
    # The end of the hold is a time, which needs no script.
    until = timezone.localtime(Booking.objects.get().expires_at)
    expect(walk.page.locator(".countdown")).to_contain_text(f"名额为您保留到{until:%H:%M}")
    walk.go_on()
    walk.expect_heading("预约成功")
    assert quota_of(windows[2]).taken == 3


def test_a_booking_takes_the_keyboard_alone(journey: Journey, windows: list[Slot]) -> None:
    walk, keys = journey, journey.page.keyboard
    walk.open("/book/")
    keys.press("Tab")
    assert walk.focused() == "跳到正文"
    walk.tab_to("普通护照")
    keys.press("Space")
    walk.tab_to("您为什么出行")
    # Business, family, employment, study, tourism.
    for _option in range(5):
        keys.press("ArrowDown")
    walk.tab_to("继续")
    keys.press("Enter")

    walk.expect_heading("使用手机号码登录")
    walk.tab_to("手机号码")
    keys.type(PHONE)
    keys.press("Enter")
    walk.expect_heading("填写验证码")
    walk.tab_to("6位验证码")
    keys.type(last_code())
    keys.press("Enter")

    walk.expect_heading("添加办证人之前")
    walk.tab_to("本人同意")
    keys.press("Space")
    keys.press("Enter")

    walk.expect_heading("谁来办理")
    walk.tab_to("姓名")
    keys.type("演示甲")
    walk.tab_to("证件号码")
    keys.type(resident_number(1))
    keys.press("Enter")
    # The page before it has this and more in its heading.
    expect(walk.page.locator("h1")).to_have_text("谁来办理？")
    walk.tab_to("继续")
    keys.press("Enter")

    walk.expect_heading("到哪个大厅办理")
    walk.tab_to("厦门出入境办证大厅")
    keys.press("Space")
    keys.press("Enter")
    walk.expect_heading("什么时间来办理")
    walk.tab_to("10:00–10:30")
    keys.press("Space")
    keys.press("ArrowDown")
    assert walk.focused() == "10:30–11:00"
    keys.press("Enter")
    walk.expect_heading("请核对预约信息")
    walk.tab_to("确认预约")
    keys.press("Enter")
    walk.expect_heading("预约成功")
    assert quota_of(windows[1]).taken == 1


def test_a_full_window_offers_others_and_keeps_the_answers(
    journey: Journey, windows: list[Slot]
) -> None:
    walk = journey
    make_family(make_account("+8613800138000"))
    choose_services(walk)
    walk.sign_in(PHONE)
    walk.tick("演示甲", "演示乙", "演示丙")
    walk.go_on()
    walk.go_on()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()
    # Somebody is quicker while the page is being read.
    windows[0].quotas.filter(pool="online").update(capacity=2)
    book(make_party(windows[1], 5, channel="web"), Actor(), timezone.now())
    walk.tick("10:00–10:30")
    walk.go_on()

    walk.expect_heading("该时段已约满")
    expect(walk.page.locator(".error-summary")).to_contain_text("剩余名额不足3个")
    titles = walk.page.locator(".choice-title").all_inner_texts()
    assert [title[-11:] for title in titles] == ["11:00–11:30", "11:30–12:00", "10:30–11:00"]
    walk.look()
    walk.tick("11:30–12:00")
    walk.go_on()
    walk.expect_heading("请核对预约信息")
    walk.go_on()
    assert (quota_of(windows[0]).taken, quota_of(windows[3]).taken) == (0, 3)


def test_a_booking_is_moved_and_then_cancelled(journey: Journey, windows: list[Slot]) -> None:
    walk = journey
    account = make_account("+8613800138000")
    booked = book(make_party(windows[0], 3), Actor(account=account), timezone.now())
    walk.open("/bookings/")
    walk.sign_in(PHONE)
    walk.look()
    walk.page.locator(".card-link").click()
    walk.look()
    walk.page.get_by_role("link", name="改期", exact=True).click()
    walk.look()
    walk.tick("11:00–11:30")
    walk.go_on()
    expect(walk.page.locator(".site-messages")).to_contain_text("改期成功，预约号不变")
    assert (quota_of(windows[0]).taken, quota_of(windows[2]).taken) == (0, 3)
    walk.press("取消预约")
    walk.look()
    walk.go_on()
    expect(walk.page.locator("h1")).to_contain_text("已取消")
    booked.refresh_from_db()
    assert (booked.status, quota_of(windows[2]).taken) == (Status.CANCELLED, 0)
    walk.look()


def test_the_back_button_is_safe(journey: Journey, windows: list[Slot]) -> None:
    walk = journey
    make_family(make_account("+8613800138000"))
    choose_services(walk)
    walk.sign_in(PHONE)
    walk.tick("演示甲")
    walk.go_on()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()
    walk.tick("10:00–10:30")
    walk.go_on()
    walk.expect_heading("请核对预约信息")
    walk.page.go_back()
    walk.tick("10:30–11:00")
    walk.go_on()
    walk.expect_heading("请核对预约信息")
    assert (quota_of(windows[0]).taken, quota_of(windows[1]).taken) == (0, 1)
    walk.go_on()
    walk.expect_heading("预约成功")
    walk.page.go_back()
    # The check page of a booking that is confirmed leads to the booking.
    expect(walk.page).to_have_url(f"{walk.page.url.split('/book')[0]}/bookings/{number()}/")
    assert Booking.objects.count() == 1


def number() -> str:
    return Booking.objects.get().number
