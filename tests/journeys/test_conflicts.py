"""A supervisor closes a window on a narrow screen, and moves, asks and keeps its people."""

from collections.abc import Callable

from django.test import Client

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Booking, Slot
from offices.models import Office
from tests.factories import make_party
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import enter
from tests.staff import make_staff, sign_in

Start = Callable[..., Journey]


def booked(slot: Slot, size: int = 1, phone: str = "+8613800138000") -> Booking:
    return book(make_party(slot, size, phone=phone), SYSTEM, slot.opens_at)


def test_the_people_of_a_closed_window_are_moved_asked_and_kept(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    ten, half_past, *_later = windows
    moving, silent, asked = booked(ten, 3), booked(ten, phone=""), booked(ten)
    supervisor = sign_in(Client(), make_staff(office=office))
    walk = enter(new_journey(viewport={"width": 360, "height": 740}), supervisor, base_url)
    page = walk.page

    walk.open(f"/desk/{office.code}/windows/{ten.pk}/")
    page.locator("#close-window ~ form [name=reason]").fill("设备检修")
    page.locator("#close-window ~ form .btn-danger").click()
    walk.expect_heading("受影响预约")
    walk.look()

    page.locator(f"main [name=booking][value='{asked.pk}']").uncheck()
    walk.press("预览改期方案")
    walk.expect_heading("统一改期")
    walk.look()
    walk.fill(reason="设备检修")
    walk.go_on()
    walk.expect_heading("受影响预约")
    assert set(half_past.bookings.all()) == {moving, silent}

    walk.press("打印名单")
    walk.expect_heading("须电话告知")
    walk.look()

    page.go_back()
    walk.fill(notice="设备检修，请改期。")
    walk.press("发送通知")
    page.locator(f"main [name=booking][value='{asked.pk}']").check()
    page.locator("#keep-them ~ * [name=reason], section [name=reason]").last.fill("来电确认照来")
    page.locator("button[value=keep]").click()
    walk.look()
    assert list(asked.conflict_notes.values_list("kind", flat=True)) == ["told", "kept"]
