"""Numbers of the day's grid changed one by one in a browser, without the page being loaded anew."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.quotas import set_quota
from bookings.models import QuotaChange, Slot
from offices.models import Office
from tests.factories import NOW, make_party, quota_of
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import DESK, capacity, day_of, enter
from tests.staff import make_staff, sign_in

Start = Callable[..., Journey]


@pytest.fixture
def walk(new_journey: Start, office: Office, windows: list[Slot], base_url: str) -> Journey:
    """A supervisor at the grid of the day, whose page has been marked."""
    client = sign_in(Client(), make_staff(office=office, username="supervisor"))
    walk = enter(new_journey(viewport=DESK), client, base_url)
    walk.open(day_of(windows[0]))
    walk.page.evaluate("document.body.dataset.loaded = 'once'")
    return walk


def said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def is_the_same_page(page: Page) -> bool:
    return page.locator("body[data-loaded=once]").count() == 1


@pytest.mark.row("XM-23")
def test_ten_o_clock_goes_from_thirty_to_forty_five_by_keyboard_in_one_request(
    walk: Journey, windows: list[Slot]
) -> None:
    ten, page = windows[0], walk.page
    requests: list[str] = []
    page.wait_for_load_state("load")
    page.on("request", lambda request: requests.append(request.method))
    page.locator("main [name=reason]").fill("暑期高峰")
    capacity(page, ten).focus()
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("10:00 网上：30 → 45，已保存。")
    assert requests == ["POST"]
    assert is_the_same_page(page)
    change = QuotaChange.objects.get()
    assert (change.from_capacity, change.to_capacity, change.reason) == (30, 45, "暑期高峰")
    assert str(change.account) == "supervisor"
    expect(capacity(page, ten)).to_be_focused()
    expect(page.locator("tfoot td").first).to_have_text("135")
    walk.look()
    page.locator("[data-undo]").click()
    expect(capacity(page, ten)).to_have_value("30")
    expect(page.locator("[data-said]")).to_contain_text("45 → 30")
    assert quota_of(ten).capacity == 30
    assert is_the_same_page(page)


def test_arrow_keys_go_from_cell_to_cell_and_escape_brings_back(
    walk: Journey, windows: list[Slot]
) -> None:
    page = walk.page
    capacity(page, windows[0]).focus()
    page.keyboard.press("ArrowDown")
    expect(capacity(page, windows[1])).to_be_focused()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(capacity(page, windows[1])).to_have_value("30")
    page.keyboard.press("ArrowUp")
    expect(capacity(page, windows[0])).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert walk.focused().startswith("10:00 人工预约")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(capacity(page, windows[1])).to_be_focused()
    assert QuotaChange.objects.count() == 0


def test_a_missing_reason_is_asked_for_and_then_the_number_is_saved(
    walk: Journey, windows: list[Slot]
) -> None:
    page = walk.page
    capacity(page, windows[0]).fill("45")
    page.keyboard.press("Enter")
    expect(page.locator("main [name=reason]")).to_be_focused()
    page.keyboard.type("暑期高峰")
    page.keyboard.press("Enter")
    expect(capacity(page, windows[0])).to_be_focused()
    expect(page.locator("[data-said]")).to_contain_text("30 → 45")
    assert is_the_same_page(page)


def test_refusals_appear_at_the_cell_with_what_to_do_next(
    walk: Journey, windows: list[Slot]
) -> None:
    ten, half_past, page = windows[0], windows[1], walk.page
    book(make_party(ten, 4), SYSTEM, ten.opens_at)
    page.locator("main [name=reason]").fill("人手不足")
    # Not saved yet: it must survive what happens to its neighbours.
    capacity(page, half_past).fill("31")
    capacity(page, ten).fill("3")
    page.keyboard.press("Enter")
    refusal = page.locator(f"#why_{quota_of(ten).pk}")
    expect(refusal).to_contain_text("请填4或以上")
    expect(refusal.get_by_role("link")).to_have_attribute(
        "href", f"/desk/xiamen-zhenhai/windows/{ten.pk}/"
    )
    expect(capacity(page, ten)).to_be_focused()
    walk.look()
    set_quota(quota_of(ten).pk, 50, version=1, reason="另有安排", actor=SYSTEM, now=NOW)
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(refusal).to_contain_text("由30改为50")
    assert quota_of(ten).capacity == 50
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("50 → 20")
    assert quota_of(ten).capacity == 20
    expect(capacity(page, half_past)).to_have_value("31")
    assert is_the_same_page(page)


def test_a_server_that_cannot_be_reached_costs_no_typed_number(
    walk: Journey, windows: list[Slot]
) -> None:
    ten, page = windows[0], walk.page
    page.locator("main [name=reason]").fill("暑期高峰")
    page.route("**/cells/**", lambda route: route.abort())
    capacity(page, ten).fill("45")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("无法连接服务器")
    expect(capacity(page, ten)).to_have_value("45")
    page.unroute("**/cells/**")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("30 → 45")
    # The browser notes the failure on its console, which is meant to happen here.
    walk.complaints.clear()
