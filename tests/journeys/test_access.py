"""Whom pages easily forget: elder people, keyboards, no scripts, WeChat, forced colours, paper."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applicants.domain.manage_code import manage_code
from bookings.enums import Channel, Status
from bookings.models import Booking, Slot, UrgentRequest, WaitingEntry
from config.context_processors import ELDER_COOKIE
from config.switches import YEAR
from offices.demo.loading import load_catalogue
from offices.models import Office
from tests.citizens import confirmed, last_code, make_account, make_family, make_member, signed_in
from tests.factories import make_slot, quota_of, resident_number
from tests.journeys.conftest import Journey, local_time
from tests.journeys.test_staff import enter
from tests.journeys.test_urgent import upload
from tests.requests import make_pdf

Start = Callable[..., Journey]
PHONE = "13800138000"
NARROW = {"width": 320, "height": 640}
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.50"


def activate(walk: Journey, words: str) -> None:
    """By keyboard: to the link or button of these words, and Enter."""
    walk.tab_to(words)
    walk.page.keyboard.press("Enter")


# --- Elder mode, by keyboard -------------------------------------------------------------------


def test_an_elder_person_books_and_cancels_by_keyboard(
    new_journey: Start, windows: list[Slot]
) -> None:
    walk = new_journey(viewport=NARROW)
    keys = walk.page.keyboard
    walk.open("/")
    activate(walk, "长辈版：字大、页面简单")
    expect(walk.page.locator("html.elder")).to_be_visible()
    cookie = next(one for one in walk.page.context.cookies() if one.get("name") == ELDER_COOKIE)
    assert cookie["expires"] - timezone.now().timestamp() > YEAR - 60
    expect(walk.page.get_by_role("link", name="拨打12367")).to_be_visible()
    # What is needed less often is folded, and a key away.
    expect(walk.page.get_by_text("找大厅", exact=False)).to_be_hidden()
    activate(walk, "更多")
    expect(walk.page.locator(".tile")).to_have_count(5)
    walk.look()
    walk.page.reload()
    activate(walk, "预约办证")

    walk.expect_heading("您要办理什么")
    walk.tab_to("普通护照")
    keys.press("Space")
    walk.tab_to("您为什么出行")
    for _option in range(5):
        keys.press("ArrowDown")
    activate(walk, "继续")
    walk.expect_heading("使用手机号码登录")
    walk.tab_to("手机号码")
    keys.type(PHONE)
    keys.press("Enter")
    walk.expect_heading("填写验证码")
    walk.tab_to("6位验证码")
    keys.type(last_code())
    with walk.page.expect_navigation():
        keys.press("Enter")
    agree_by_keyboard(walk)
    walk.expect_heading("谁来办理")
    walk.tab_to("姓名")
    keys.type("演示甲")
    walk.tab_to("证件号码")
    keys.type(resident_number(1))
    keys.press("Enter")
    expect(walk.page.locator("h1")).to_have_text("谁来办理？")
    activate(walk, "继续")
    walk.expect_heading("到哪个大厅办理")
    walk.tab_to("厦门出入境办证大厅")
    keys.press("Space")
    keys.press("Enter")
    walk.expect_heading("什么时间来办理")
    walk.tab_to("10:00–10:30")
    keys.press("Space")
    keys.press("Enter")
    walk.expect_heading("请核对预约信息")
    activate(walk, "确认预约")
    walk.expect_heading("预约成功")
    assert quota_of(windows[0]).taken == 1

    activate(walk, "我的预约")
    walk.expect_heading("我的预约")
    walk.tab_to(f"{windows[0].date.month}月")
    keys.press("Enter")
    expect(walk.page.locator(".step-caption")).to_contain_text("预约号")
    expect(walk.page.get_by_text("修改联系方式", exact=False)).to_be_hidden()
    walk.look()
    activate(walk, "取消预约")
    walk.expect_heading("取消")
    activate(walk, "取消预约")
    expect(walk.page.locator("h1")).to_contain_text("已取消")
    assert Booking.objects.get().status == Status.CANCELLED


def agree_by_keyboard(walk: Journey) -> None:
    """To the notice that comes before people are added."""
    walk.page.wait_for_load_state("load")
    if walk.page.locator("[name=sensitive]").count():
        walk.page.locator("[name=sensitive]").focus()
        walk.page.keyboard.press("Space")
        walk.page.keyboard.press("Enter")


def test_a_code_opens_a_booking_by_keyboard_and_text_is_large(
    new_journey: Start, windows: list[Slot], base_url: str
) -> None:
    account = make_account()
    booking = confirmed(signed_in(account), windows[0], [make_member(account)])
    walk = new_journey(viewport=NARROW)
    walk.open("/manage/")
    activate(walk, "长辈版")
    expect(walk.page.locator("html.elder")).to_be_visible()
    walk.tab_to("预约号")
    walk.page.keyboard.type(booking.number)
    walk.tab_to("管理码")
    walk.page.keyboard.type(manage_code(booking.number))
    walk.page.keyboard.press("Enter")
    expect(walk.page.locator("main")).to_contain_text("您已凭管理码打开此预约")
    sizes = "e => [parseFloat(getComputedStyle(e).fontSize), e.getBoundingClientRect().height]"
    size, height = walk.page.get_by_role("link", name="取消预约").evaluate(sizes)
    assert size >= 20
    assert height >= 60
    body = walk.page.locator("main p").first.evaluate(sizes)
    assert body[0] >= 20


# --- Without scripts ---------------------------------------------------------------------------


def test_everything_goes_without_scripts(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    """Wizard, booking, waiting list, looking after it, and an urgent request with a file."""
    load_catalogue()
    account = make_account()
    make_family(account)
    full = make_slot(0, office=office, starts_at=local_time(office, 3, 10))
    walk = new_journey(java_script_enabled=False, viewport=NARROW)
    enter(walk, signed_in(account), base_url)
    walk.open("/start/?document=passport&matter=first_issue")
    walk.page.get_by_label("60周岁", exact=False).first.check()
    walk.go_on()

    walk.open("/book/?service=passport-first")
    walk.fill(purpose="tourism")
    walk.go_on()
    walk.tick("演示甲")
    walk.go_on()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()
    walk.open(f"/book/time/?day={full.date}")
    walk.press("没有合适的时间？加入候补")
    walk.go_on()
    assert WaitingEntry.objects.count() == 1

    walk.open(f"/book/time/?day={windows[0].date}")
    walk.tick("10:00–10:30")
    walk.go_on()
    walk.go_on()
    walk.expect_heading("预约成功")
    booking = Booking.objects.get()
    walk.open(f"/bookings/{booking.number}/move/")
    walk.tick("11:00–11:30")
    walk.go_on()
    booking.refresh_from_db()
    assert booking.slot == windows[2]
    ask_urgently(walk)


def ask_urgently(walk: Journey) -> None:
    walk.open("/urgent/?office=xiamen-zhenhai")
    walk.tick("演示甲", "参加紧急会议、谈判", "护照")
    walk.fill(deadline=(timezone.localdate() + dt.timedelta(days=5)).isoformat())
    upload(walk, make_pdf("邀请函.pdf"))
    walk.go_on()
    walk.expect_heading("审核中")
    assert UrgentRequest.objects.get().evidence.count() == 1


# --- WeChat ------------------------------------------------------------------------------------


def test_wechat_is_offered_no_files_and_told_how_to_get_them(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    account = make_account()
    client = signed_in(account, **{"User-Agent": WECHAT})
    booking = confirmed(client, windows[0], [make_member(account)])
    assert booking.channel == Channel.WECHAT
    walk = enter(new_journey(user_agent=WECHAT), client, base_url)
    for page in ("", "confirmed/", "form/", "authorisation/"):
        walk.open(f"/bookings/{booking.number}/{page}")
        walk.look()
        expect(walk.page.locator("[target], a[href$='.pdf'], a[href$='.ics']")).to_have_count(0)
    walk.open(f"/bookings/{booking.number}/")
    expect(walk.page.locator("main")).to_contain_text("选择“在浏览器打开”")
    walk.press("打印申请表")
    expect(walk.page.locator(".sheet")).to_have_count(1)
    walk.open("/privacy/my-data/")
    expect(walk.page.locator("main")).to_contain_text("选择“在浏览器打开”")
    expect(walk.page.locator("a[href*='export']")).to_have_count(0)


# --- What the eye needs ------------------------------------------------------------------------

# Whether no part of what has the focus can be seen, because something lies above it.
COVERED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const shown = focused.closest(".choice, .form-check") || focused;
  const box = shown.getBoundingClientRect();
  const parts = [.05, .2, .35, .5, .65, .8, .95];
  const points = parts.flatMap((x) => parts.map((y) =>
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
  const own = points.some((e) => e && shown.contains(e));
  return own ? "" : focused.outerHTML.slice(0, 120) + JSON.stringify(box) + scrollY;
}"""


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_nothing_covers_what_has_the_focus(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str, elder: bool
) -> None:
    account = make_account()
    people = make_family(account)
    client = signed_in(account)
    booking = confirmed(client, windows[0], people)
    walk = enter(new_journey(viewport=NARROW, reduced_motion="reduce"), client, base_url)
    if elder:
        walk.open("/")
        walk.press("长辈版")
    for path in ("/book/", "/household/add/", f"/bookings/{booking.number}/move/"):
        walk.open(path)
        for _press in range(60):
            walk.page.keyboard.press("Tab")
            covered = walk.page.evaluate(COVERED)
            assert not covered, f"{path}: {covered}"


# Of controls and marks: without an edge nothing of them is left where colours are forced.
EDGELESS = """() => [...document.querySelectorAll(
  "main .btn:not(.btn-link), main .choice, main .places, main .day, main .form-control, "
  + "main .form-select, main .form-check-input, main .notice, main .tile, main .progress-line li"
)].filter((e) => e.checkVisibility() && parseFloat(getComputedStyle(e).borderTopWidth) === 0)
  .map((e) => e.outerHTML.slice(0, 100))"""


def test_nothing_disappears_where_colours_are_forced(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    account = make_account()
    people = make_family(account)
    client = signed_in(account)
    booking = confirmed(client, windows[0], people[:1])
    walk = enter(new_journey(forced_colors="active"), client, base_url)
    for path in (
        *("/", "/book/", "/household/add/", "/offices/", "/bookings/", "/start/", "/manage/"),
        *(f"/bookings/{booking.number}/{page}" for page in ("", "move/", "cancel/")),
    ):
        walk.open(path)
        edgeless: Any = walk.page.evaluate(EDGELESS)
        assert edgeless == [], path


def test_paper_carries_what_is_needed_at_the_hall_and_no_buttons(
    new_journey: Start, office: Office, windows: list[Slot], base_url: str
) -> None:
    account = make_account()
    client = signed_in(account)
    booking = confirmed(client, windows[0], [make_member(account)])
    walk = enter(new_journey(), client, base_url)
    walk.page.emulate_media(media="print")
    for page in ("", "confirmed/", "form/", "authorisation/"):
        walk.open(f"/bookings/{booking.number}/{page}")
        if page != "authorisation/":
            expect(walk.page.locator("main")).to_contain_text("10:00–10:30")
        expect(walk.page.locator(".site-header")).to_be_hidden()
        expect(walk.page.locator(".btn:visible, .back-link:visible, form:visible")).to_have_count(0)
    walk.open("/privacy/my-data/")
    expect(walk.page.locator(".btn:visible")).to_have_count(0)
