"""Before anything is booked: is a visit needed, and where is the nearest machine?"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from offices.demo.loading import load_catalogue
from offices.enums import DeviceKind, DeviceState, Role, SiteKind
from offices.models import Device, Office, SelfServiceSite
from tests.conftest import PHONE
from tests.journeys.conftest import Journey
from tests.journeys.test_staff import DESK, enter
from tests.staff import make_staff, sign_in

NARROW = {"width": 320, "height": 640}
# What the reader answers, question by question, from the first page on.
ANSWERS = ["往来港澳通行证", "再次签注", "旅游", "卡式", "16至59", "否", "外省", "是", "是", "否"]


@pytest.fixture
def sites(office: Office) -> Office:
    load_catalogue()
    for code, latitude in (("far", "24.70"), ("near", "24.45")):
        site = SelfServiceSite.objects.create(
            code=code,
            bureau=office.bureau,
            kind=SiteKind.STATION,
            name=f"{'近' if code == 'near' else '远'}处派出所",
            name_en=f"Police station {code}",
            city="厦门",
            city_en="Xiamen",
            district="思明区",
            hours="每天8:30–20:00",
            latitude=Decimal(latitude),
            longitude=Decimal("118.08"),
            excludes=["state_staff"],
            open_all_day=code == "far",
            demo=True,
        )
        Device.objects.create(site=site, kind=DeviceKind.SMART_ENDORSEMENT, label="01")
    Device.objects.filter(site__code="far").update(state=DeviceState.FAULTY)
    return office


def answer(walk: Journey, words: str) -> None:
    walk.page.get_by_label(words, exact=False).first.check()
    walk.go_on()


def test_a_card_holder_finds_the_nearest_machine(
    new_journey: Callable[..., Journey], sites: Office
) -> None:
    walk = new_journey(
        viewport=PHONE,
        geolocation={"latitude": 24.4412345, "longitude": 118.0812345},
        permissions=["geolocation"],
    )
    walk.open("/")
    walk.look()
    walk.press("一定要去大厅吗")
    walk.look()
    walk.go_on()
    walk.look()
    for words in ANSWERS:
        answer(walk, words)
    walk.expect_heading("自助办理，无需预约")
    walk.look()
    walk.go_on()
    walk.look()
    walk.press("按离我的距离排序")
    cards = walk.page.locator(".card-title")
    expect(cards.first).to_contain_text("近处派出所")
    expect(walk.page.locator("main")).to_contain_text("约1.1公里")
    assert "24.4" not in walk.page.url
    walk.look()


def test_without_scripts_one_chooses_a_district(
    new_journey: Callable[..., Journey], sites: Office
) -> None:
    walk = new_journey(viewport=NARROW, java_script_enabled=False)
    walk.open("/start/?document=passport&matter=first_issue")
    answer(walk, "60周岁")
    walk.open("/self-service/")
    expect(walk.page.get_by_text("按离我的距离排序")).to_be_hidden()
    walk.fill(city="厦门")
    walk.press("查询")
    walk.fill(district="思明区")
    walk.page.get_by_label("24小时").check()
    walk.press("查询")
    expect(walk.page.locator(".card-title")).to_have_count(1)


def test_every_page_fits_a_small_screen_and_elder_mode_in_both_languages(
    new_journey: Callable[..., Journey], sites: Office
) -> None:
    online = (
        "document=passport&matter=renewal&age=adult&staff=no&residence=local&online_city=yes"
        "&fingerprints=yes&come=yes&urgent=no"
    )
    walk = new_journey(viewport=NARROW)
    walk.open("/")
    domain = {"url": walk.page.url}
    for language, elder in (("zh-hans", "1"), ("en", "")):
        walk.page.context.add_cookies(
            [{"name": "django_language", "value": language, **domain}]
            + [{"name": "elder", "value": elder, **domain}] * bool(elder)
        )
        for path in (
            "/start/?asked=document",
            f"/start/?{online}",
            f"/start/?{online.replace('urgent=no', 'urgent=yes')}",
            "/start/?document=id_card",
            "/self-service/",
            "/self-service/?city=厦门&limit=state_staff",
            "/services/id-card-renewal/",
        ):
            walk.open(path)
            walk.look()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_staff_fit(
    new_journey: Callable[..., Journey],
    sites: Office,
    base_url: str,
    viewport: dict[str, Any],
) -> None:
    account = make_staff(Role.PLANNER, bureau=sites.bureau, username="planner")
    walk = enter(new_journey(viewport=viewport), sign_in(Client(), account), base_url)
    Device.objects.create(office=sites, kind=DeviceKind.PHOTO, label="01")
    site = SelfServiceSite.objects.get(code="far")
    bureau = f"/bureau/{sites.bureau.code}"
    for path in (
        f"{bureau}/sites/",
        f"{bureau}/sites/?q=none",
        f"{bureau}/sites/{site.pk}/",
        f"/desk/{sites.code}/devices/",
    ):
        walk.open(path)
        walk.look()
    walk.press("标记为故障")
    walk.look()
    expect(walk.page.locator(".error-summary")).to_be_visible()
