"""A family of four books in one go, and somebody who is refused finds what works instead."""

import datetime as dt

import pytest
from django.conf import settings
from playwright.sync_api import expect

from applicants.enums import ConsentKind, Priority
from applicants.models import Account, Applicant, Consent
from bookings.enums import Purpose, Status
from bookings.models import Booking, Slot
from offices.models import Office, Session
from tests.citizens import make_account, make_member, signed_in, start_booking
from tests.factories import make_line, make_slot, quota_of, resident_number
from tests.journeys.conftest import Journey, local_time

CHILD_BORN = dt.date(2017, 6, 1)
GRANDMOTHER_BORN = dt.date(1955, 3, 15)


def add(walk: Journey, serial: int, born: dt.date, **answers: str) -> None:
    walk.fill(id_number=resident_number(serial, born), **answers)
    walk.go_on()


def begin(walk: Journey) -> None:
    walk.open("/book/")
    walk.tick("普通护照")
    walk.go_on()
    expect(walk.page.locator(".error-summary")).to_contain_text("请选择出行事由")
    walk.look()
    walk.fill(purpose="tourism")
    walk.go_on()
    walk.sign_in("13800138000")


def test_a_family_of_four_with_a_child_and_a_grandmother(
    journey: Journey, windows: list[Slot]
) -> None:
    walk = journey
    assert walk.page.viewport_size == {"width": 360, "height": 780}
    begin(walk)
    add(walk, 1, dt.date(1988, 3, 5), name="演示甲", relation="self")
    walk.press("添加人员")
    add(walk, 2, dt.date(1990, 1, 1), name="演示乙", relation="spouse")
    walk.press("添加人员")
    add(walk, 3, CHILD_BORN, name="演示丙", relation="child")
    # Under 14 the guardian agrees, in a box that nobody ticked.
    expect(walk.page.locator(".error-summary")).to_contain_text("未满14周岁")
    box = walk.page.locator("main [name=guardian_agrees]")
    expect(box).not_to_be_checked()
    walk.look()
    box.check()
    walk.go_on()
    walk.press("添加人员")
    add(walk, 4, GRANDMOTHER_BORN, name="演示丁", relation="parent", priority="elderly")

    walk.expect_heading("谁来办理")
    walk.look()
    walk.go_on()
    walk.tick("厦门出入境办证大厅")
    walk.go_on()
    walk.tick("10:00–10:30")
    walk.go_on()
    walk.expect_heading("请核对预约信息")
    expect(walk.page.locator(".summary").first).to_contain_text("旅游")
    walk.look()
    walk.go_on()
    walk.expect_heading("预约成功")
    walk.look()

    booking = Booking.objects.get()
    assert (booking.places, booking.purpose) == (4, Purpose.TOURISM)
    assert quota_of(windows[0]).taken == 4
    people = {one.name: one.priority for one in booking.attendees.all()}
    assert people == {
        "演示甲": Priority.NONE,
        "演示乙": Priority.NONE,
        "演示丙": Priority.NONE,
        "演示丁": Priority.ELDERLY,
    }
    consent = Consent.objects.get(applicant__isnull=False)
    assert (consent.kind, consent.applicant) == (
        ConsentKind.CHILD,
        Applicant.objects.get(relation="child"),
    )

    walk.press("打印委托书")
    expect(walk.page.locator(".sheet")).to_have_count(1)
    walk.look()
    walk.open(f"/bookings/{booking.number}/leave/")
    walk.look()
    walk.tick("演示丁")
    walk.go_on()
    expect(walk.page.locator(".site-messages")).to_contain_text("其余人员的名额保留")
    booking.refresh_from_db()
    assert (booking.status, booking.places) == (Status.CONFIRMED, 3)
    assert quota_of(windows[0]).taken == 3
    walk.look()


# --- Refused, and on another way ----------------------------------------------------------------


@pytest.fixture
def account(windows: list[Slot]) -> Account:
    return make_account()


def enter(walk: Journey, account: Account, people: list[Applicant]) -> None:
    """Signed in, with these people in the draft of a booking."""
    client = signed_in(account)
    start_booking(client, people)
    walk.open("/")
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    walk.page.context.add_cookies([{"name": name, "value": value, "url": walk.page.url}])


def test_a_child_alone_is_refused_and_comes_with_an_adult(
    journey: Journey, account: Account
) -> None:
    walk = journey
    enter(walk, account, [make_member(account, "演示丙", relation="child", born=CHILD_BORN)])
    walk.open("/book/people/")
    walk.go_on()
    expect(walk.page.locator(".error-summary")).to_contain_text("演示丙未满16周岁")
    expect(walk.page.locator("main")).to_contain_text("依据：")
    ways = walk.page.locator("section[aria-labelledby=ways-on]")
    expect(ways.get_by_role("link").first).to_have_text("勾选一名成年人，或注明有成年人陪同")
    walk.look()
    walk.page.locator("main [name=accompanied]").check()
    walk.go_on()
    walk.expect_heading("到哪个大厅办理")


def test_an_adult_is_refused_a_student_session_and_takes_another_time(
    journey: Journey, account: Account, office: Office
) -> None:
    walk = journey
    starts_at = local_time(office, 2, 9)
    session = Session(
        office=office,
        line=make_line(),
        kind="student",
        name="周日学生办证专场",
        date=starts_at.date(),
        opens=dt.time(9),
        closes=dt.time(9, 30),
        capacity=20,
        students_only=True,
    )
    # Without publishing, which would take the windows of no hours away.
    Session.objects.bulk_create([session])
    make_slot(20, office=office, starts_at=starts_at, session=session)
    enter(walk, account, [make_member(account, "演示甲")])
    walk.open(f"/book/time/?day={starts_at:%Y-%m-%d}")
    closed = walk.choice("09:00–09:30")
    expect(closed).to_contain_text("演示甲没有同行的学生")
    expect(closed.locator("input")).to_be_disabled()
    walk.look()
    walk.tick("10:00–10:30")
    walk.go_on()
    walk.expect_heading("请核对预约信息")
