"""The staff's desk in a browser: by keyboard, wide and narrow, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from bookings.domain.numbers import printed_number
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.enums import Channel
from bookings.models import Booking, QuotaChange, Slot
from offices.enums import Role
from offices.models import Office
from tests.citizens import make_account, make_member, signed_in, start_booking
from tests.factories import make_party, make_slot, quota_of, resident_number
from tests.journeys.conftest import Journey, local_time
from tests.staff import PASSWORD, make_staff, present_code, sign_in

DESK = {"width": 1280, "height": 900}
Start = Callable[..., Journey]


def enter(walk: Journey, client: Client, base_url: str) -> Journey:
    """Give the browser the session of a signed-in client."""
    session = client.cookies["sessionid"].value
    cookie: Any = {"name": "sessionid", "value": session, "url": base_url}
    walk.page.context.add_cookies([cookie])
    return walk


def day_of(slot: Slot) -> str:
    return f"/desk/{slot.office.code}/?date={slot.date}&line={slot.line.code}"


def capacity(page: Page, slot: Slot) -> Any:
    return page.locator(f"main [name=capacity_{quota_of(slot).pk}]")


def save(walk: Journey) -> None:
    walk.page.locator("main form[method=post] .btn-primary").click()


def sign_in_by_keyboard(walk: Journey, username: str) -> None:
    walk.open("/desk/")
    walk.expect_heading("工作人员登录")
    walk.look()
    walk.tab_to("用户名")
    walk.page.keyboard.type(username)
    walk.tab_to("密码")
    walk.page.keyboard.type(PASSWORD)
    walk.page.keyboard.press("Enter")
    walk.expect_heading("请输入动态码")
    walk.look()
    walk.page.locator("main [name=code]").focus()
    walk.page.keyboard.type(present_code())
    walk.page.keyboard.press("Enter")


@pytest.mark.row("XM-23")
def test_a_supervisor_raises_ten_o_clock_by_keyboard_and_the_next_citizen_sees_it(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    ten = windows[0]
    for _party in range(6):
        book(make_party(ten, 5), SYSTEM, ten.opens_at)
    account = make_account()
    client = signed_in(account)
    start_booking(client, [make_member(account)])
    citizen = enter(new_journey(), client, base_url)
    citizen.open(f"/book/time/?day={ten.date}")
    expect(citizen.choice("10:00–10:30")).to_contain_text("已满")

    make_staff(office=office, username="supervisor")
    walk = new_journey(viewport=DESK)
    sign_in_by_keyboard(walk, "supervisor")
    walk.page.wait_for_url("**/desk/xiamen-zhenhai/")
    walk.open(day_of(ten))
    walk.look()
    walk.tab_to("10:00 网上")
    assert capacity(walk.page, ten).input_value() == "30"
    walk.page.keyboard.type("45")
    walk.tab_to("原因")
    walk.page.keyboard.type("暑期高峰")
    walk.page.keyboard.press("Enter")
    expect(walk.page.locator(".notice-success")).to_contain_text("已保存1处改动")
    assert capacity(walk.page, ten).input_value() == "45"
    walk.look()
    change = QuotaChange.objects.get()
    assert (change.from_capacity, change.to_capacity) == (30, 45)
    assert (change.reason, str(change.account)) == ("暑期高峰", "supervisor")

    citizen.page.reload()
    expect(citizen.choice("10:00–10:30")).to_contain_text("余15")


def test_of_two_supervisors_the_second_sees_what_the_first_did(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    ten = windows[0]
    walks = [
        enter(
            new_journey(viewport=DESK),
            sign_in(Client(), make_staff(office=office, username=name)),
            base_url,
        )
        for name in ("first", "second")
    ]
    for walk in walks:
        walk.open(day_of(ten))
    for walk, places in zip(walks, ("45", "20"), strict=True):
        capacity(walk.page, ten).fill(places)
        walk.fill(reason="调整")
        save(walk)
    second = walks[1]
    summary = second.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("first已将其由30改为45")
    assert capacity(second.page, ten).input_value() == "20"
    assert quota_of(ten).capacity == 45
    second.look()
    save(second)
    expect(second.page.locator(".notice-success")).to_be_visible()
    assert quota_of(ten).capacity == 20


@pytest.mark.row("XM-12")
def test_an_operator_books_for_a_caller_without_javascript(
    new_journey: Start, office: Office, base_url: str
) -> None:
    slot = make_slot(5, assisted=5, office=office, starts_at=local_time(office, 2, 10))
    clerk = sign_in(Client(), make_staff(Role.CLERK, office=office, username="operator"))
    walk = enter(new_journey(viewport=DESK, java_script_enabled=False), clerk, base_url)
    walk.open("/desk/xiamen-zhenhai/book/")
    walk.fill(date=slot.date.isoformat())
    walk.press("查看时段")
    walk.tick("10:00–10:30")
    for position, name in enumerate(("演示甲", "演示乙")):
        if position:
            walk.press("添加人员")
        prefix = f"people-{position}-"
        walk.fill(**{f"{prefix}name": name, f"{prefix}id_number": resident_number(position + 1)})
        walk.page.locator(f"main [name={prefix}services]").first.check()
    walk.fill(phone="13800138000")
    walk.page.locator("main [name=notice_read]").check()
    walk.press("确认预约")
    booking = Booking.objects.get()
    assert (booking.channel, booking.places, booking.slot) == (Channel.PHONE, 2, slot)
    number = printed_number(booking.number)
    expect(walk.page.locator(".booking-number")).to_have_text(number)


@pytest.mark.parametrize(("width", "language"), [(360, "zh-hans"), (1280, "en")])
def test_every_page_of_the_desk_fits_and_everybody_can_use_it(
    new_journey: Start,
    office: Office,
    windows: list[Slot],
    base_url: str,
    width: int,
    language: str,
) -> None:
    ten = windows[0]
    booking = book(make_party(ten, 2), SYSTEM, ten.opens_at)
    client = sign_in(Client(), make_staff(office=office))
    walk = enter(new_journey(viewport={"width": width, "height": 800}), client, base_url)
    cookie: Any = {"name": "django_language", "value": language, "url": base_url}
    walk.page.context.add_cookies([cookie])
    walk.open(day_of(ten))
    capacity(walk.page, ten).fill("1")
    walk.fill(reason="?")
    save(walk)
    expect(walk.page.locator(".error-summary")).to_be_visible()
    walk.look()
    capacity(walk.page, ten).fill("45")
    save(walk)
    day = f"date={ten.date}&line=mainland"
    for page in (
        "",
        f"?{day}",
        f"week/?date={ten.date}",
        f"windows/{ten.pk}/",
        f"close/?{day}",
        f"split/?{day}&online=60&assisted=0&walk_in=40",
        f"range/?line=mainland&pools=online&first={ten.date}&last={ten.date}&verb=percent&amount=30",
        f"add-numbers/?{day}",
        "history/",
        f"history/{QuotaChange.objects.get().pk}/undo/",
        "sessions/",
        f"book/?{day}",
        "bookings/",
        f"bookings/{booking.number}/",
        "reports/",
        "check-in/",
    ):
        walk.open(f"/desk/xiamen-zhenhai/{page}")
        walk.look()
    walk.open("/accounts/2fa/")
    walk.look()
