"""A planner begins with an empty bureau: hall, hours, a student session, a surge plan, citizens."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Slot
from offices.enums import Pool, Role
from offices.models import Office
from tests.citizens import make_account, make_member, signed_in, start_booking
from tests.factories import make_bureau, make_service
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import DESK, enter
from tests.staff import make_staff, sign_in

Start = Callable[..., Journey]
WORKDAYS = range(5)
SATURDAY = 5


@pytest.fixture
def planner(live_server: Any, new_journey: Start, base_url: str) -> Journey:
    make_service("passport-first")
    bureau = make_bureau("xiamen")
    client = sign_in(Client(), make_staff(Role.PLANNER, bureau=bureau))
    return enter(new_journey(viewport=DESK), client, base_url)


def save(walk: Journey, *, value: str = "") -> None:
    button = f"main form[method=post] .btn-primary{f'[value={value}]' if value else ''}"
    walk.page.locator(button).last.click()


def tick(walk: Journey, name: str, *values: object) -> None:
    for value in values:
        walk.page.locator(f"main [name={name}][value='{value}']").check()


def set_up_a_hall(walk: Journey) -> None:
    walk.open("/bureau/xiamen/")
    walk.look()
    walk.page.locator("main .toolbar a").first.click()
    walk.fill(code="xiamen-haicang", name="海沧办证大厅", city="厦门", timezone="Asia/Shanghai")
    walk.fill(reason="新厅开办")
    walk.look()
    save(walk)
    expect(walk.page.locator("main")).to_contain_text("海沧办证大厅")
    walk.look()


def let_it_handle_passports(walk: Journey, today: dt.date) -> None:
    walk.open("/bureau/xiamen/services/")
    walk.fill(service=make_service("passport-first").pk.__str__(), day=today.isoformat())
    tick(walk, "offices", "xiamen-haicang")
    walk.fill(reason="新厅开办")
    save(walk)
    walk.look()


def plan_hours(walk: Journey, today: dt.date) -> None:
    walk.open("/desk/xiamen-haicang/hours/")
    walk.look()
    walk.page.locator("main [name=lines]").first.check()
    tick(walk, "weekdays", *WORKDAYS)
    walk.fill(
        opens="09:00",
        closes="10:00",
        capacity="10",
        online="80",
        assisted="10",
        walk_in="10",
        valid_from=today.isoformat(),
        reason="新厅开办",
    )
    save(walk)
    walk.look()
    save(walk, value="publish")
    walk.look()


def plan_seven_saturdays(walk: Journey, today: dt.date) -> None:
    walk.open("/desk/xiamen-haicang/sessions/")
    walk.fill(
        kind="student",
        line=Office.objects.get().permissions.get().service.line_id.__str__(),
        date=today.isoformat(),
        opens="09:00",
        closes="10:00",
        capacity="20",
        online="100",
        assisted="0",
        walk_in="0",
        times="7",
        reason="暑期高峰",
    )
    walk.page.locator("main [name=students_only]").check()
    tick(walk, "weekdays", SATURDAY)
    walk.press("预览")
    walk.look()
    save(walk, value="publish")
    walk.look()


def apply_a_surge_plan(walk: Journey, day: dt.date) -> None:
    walk.open("/bureau/xiamen/plans/")
    walk.fill(name="春节高峰", percent="30", counters="0", earlier_minutes="0", later_minutes="0")
    save(walk)
    walk.look()
    walk.page.locator("main table a").first.click()
    walk.fill(first_day=day.isoformat(), last_day=day.isoformat())
    tick(walk, "offices", "xiamen-haicang")
    walk.page.locator("main form[method=get] button").click()
    walk.look()
    walk.fill(reason="春节高峰")
    save(walk)
    walk.look()


def windows(day: dt.date) -> list[tuple[str, int]]:
    """Start and online places of the hall's windows of a day."""
    return [
        (f"{slot.local_start:%H:%M}", slot.quotas.get(pool=Pool.ONLINE).capacity)
        for slot in Slot.objects.filter(date=day).select_related("office").order_by("starts_at")
    ]


def first_day(today: dt.date, *weekdays: int, after: int = 1) -> dt.date:
    days = (today + dt.timedelta(days=n) for n in range(after, after + 7))
    return next(day for day in days if day.weekday() in weekdays)


@pytest.mark.row("FS-20")
def test_a_planner_sets_up_a_hall_and_citizens_see_exactly_the_slots_that_follow(
    planner: Journey, new_journey: Start, base_url: str
) -> None:
    today = timezone.localdate()
    set_up_a_hall(planner)
    let_it_handle_passports(planner, today)
    plan_hours(planner, today)
    plan_seven_saturdays(planner, today)
    # A week that no citizen looks at first.
    busy = first_day(today, *WORKDAYS, after=7)
    apply_a_surge_plan(planner, busy)

    sessions = Office.objects.get().sessions.order_by("date")
    saturdays = [session.date for session in sessions]
    first = first_day(today, SATURDAY, after=0)
    assert saturdays == [first + dt.timedelta(weeks=n) for n in range(7)]
    usual = first_day(today, *(set(WORKDAYS) - {busy.weekday()}))
    assert windows(usual) == [("09:00", 8), ("09:30", 8)]
    # 10 and 30 % are 13 places, of which 80 % are online.
    assert windows(busy) == [("09:00", 11), ("09:30", 11)]
    saturday = next(day for day in saturdays if day > today)
    assert windows(saturday) == [("09:00", 20), ("09:30", 20)]

    account = make_account()
    client = signed_in(account)
    start_booking(client, [make_member(account)], office="xiamen-haicang")
    citizen = enter(new_journey(), client, base_url)
    citizen.open(f"/book/time/?day={usual}")
    expect(citizen.choice("09:00–09:30")).to_contain_text("8")
    citizen.open(f"/book/time/?day={busy}")
    expect(citizen.choice("09:30–10:00")).to_contain_text("11")
    citizen.look()
    citizen.open(f"/book/time/?day={saturday}")
    expect(citizen.choice("09:00–09:30")).to_contain_text("学生")
    citizen.look()
