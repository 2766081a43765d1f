"""It can't wait: asked on a phone, decided at the desk, and a number at the hall."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import UrgentRequest
from offices.models import Office
from tests.citizens import make_account, make_member, signed_in
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import DESK, enter
from tests.requests import make_image, make_pdf, make_visit
from tests.staff import make_staff, sign_in

Start = Callable[..., Journey]


def upload(walk: Journey, *files: Any) -> None:
    walk.page.locator("main [name=evidence]").set_input_files(
        [
            {"name": file.name, "mimeType": file.content_type, "buffer": file.read()}
            for file in files
        ]
    )


@pytest.fixture
def citizen(new_journey: Start, office: Office, base_url: str) -> Journey:
    account = make_account()
    make_member(account)
    return enter(new_journey(), signed_in(account), base_url)


@pytest.fixture
def officer(new_journey: Start, office: Office, base_url: str) -> Journey:
    client = sign_in(Client(), make_staff(office=office, username="officer"))
    return enter(new_journey(viewport=DESK), client, base_url)


@pytest.mark.row("JJ-11", "JJ-12")
def test_from_the_request_over_more_evidence_to_the_number_at_the_hall(
    citizen: Journey, officer: Journey
) -> None:
    citizen.open("/help/")
    citizen.press("申请急事急办")
    citizen.expect_heading("到哪个大厅办理")
    citizen.look()
    citizen.press("厦门出入境办证大厅")
    citizen.expect_heading("急办申请")
    citizen.go_on()
    citizen.look()
    citizen.tick("演示甲", "参加紧急会议、谈判", "护照")
    citizen.fill(deadline=(timezone.localdate() + dt.timedelta(days=5)).isoformat())
    upload(citizen, make_image("会议照片.jpg"))
    citizen.look()
    citizen.go_on()
    citizen.expect_heading("审核中")
    expect(citizen.page.locator("main")).to_contain_text("会议照片.jpg")
    citizen.look()
    number = UrgentRequest.objects.get().number

    officer.open("/desk/xiamen-zhenhai/urgent/")
    officer.look()
    officer.press(f"{number[:4]} {number[4:8]} {number[8:]}")
    expect(officer.page.locator("figure img")).to_have_js_property("naturalWidth", 40)
    officer.look()
    officer.fill(answer="请补充盖章的邀请函")
    officer.press("要求补充")
    officer.expect_heading("需补充材料")

    citizen.page.reload()
    expect(citizen.page.locator(".notice-warning")).to_contain_text("请补充盖章的邀请函")
    citizen.look()
    upload(citizen, make_pdf("邀请函.pdf"))
    citizen.go_on()
    expect(citizen.page.locator("main")).to_contain_text("材料已提交")

    officer.page.reload()
    expect(officer.page.locator("main")).to_contain_text("邀请函.pdf")
    officer.fill(answer="商务")
    officer.press("通过并加急")
    officer.expect_heading("加急")
    officer.look()

    citizen.page.reload()
    citizen.expect_heading("已通过")
    citizen.look()

    officer.open("/desk/xiamen-zhenhai/urgent-number/")
    officer.look()
    officer.fill(text=number)
    officer.press("发急办号")
    expect(officer.page.locator(".booking-number")).to_have_text("U001")
    officer.look()


def test_in_english_and_for_the_elderly(new_journey: Start, office: Office, base_url: str) -> None:
    account = make_account()
    make_member(account)
    walk = enter(new_journey(locale="en-GB"), signed_in(account), base_url)
    walk.open("/urgent/?office=xiamen-zhenhai")
    walk.expect_heading("Urgent request")
    walk.press("Larger text")
    walk.look()
    walk.open("/home-visits/?office=xiamen-zhenhai")
    walk.expect_heading("Home visit")
    walk.look()


def test_pages_of_home_visits_can_be_used_by_everybody(
    citizen: Journey, officer: Journey, office: Office
) -> None:
    citizen.open("/home-visits/?office=xiamen-zhenhai")
    citizen.go_on()
    citizen.look()
    visit = make_visit(office, account=make_account(), now=timezone.now())
    citizen.open(f"/home-visits/{visit.number}/")
    citizen.expect_heading("审核中")
    citizen.look()
    citizen.open("/requests/")
    citizen.look()
    officer.open("/desk/xiamen-zhenhai/home-visits/")
    officer.look()
    officer.open(f"/desk/xiamen-zhenhai/home-visits/{visit.number}/")
    officer.fill(answer="符合上门条件")
    officer.press("通过")
    officer.expect_heading("已通过")
    officer.press("安排上门")
    expect(officer.page.locator(".error-summary")).to_contain_text("请填写时间")
    officer.look()
    officer.open(f"/desk/xiamen-zhenhai/home-visits/{visit.number}/sheet/")
    officer.look()
    officer.open("/desk/xiamen-zhenhai/urgent/enter/")
    officer.look()
