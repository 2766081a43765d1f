"""Signing in while somebody attacks, and with an identity platform, in a real browser."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from applicants.domain import challenge
from applicants.models import ExternalIdentity
from applicants.pages import oidc
from tests.citizens import last_code
from tests.journeys.conftest import MAIN_ACTION, Journey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _attacked(settings: Any) -> None:
    settings.ALTCHA = "always"


@pytest.mark.usefixtures("live_server", "_attacked")
def test_the_browser_computes_while_the_number_is_typed(journey: Journey) -> None:
    walk = journey
    walk.open("/sign-in/")
    expect(walk.page.get_by_text("安全验证已完成。")).to_be_visible(timeout=20_000)
    walk.look()
    walk.fill(contact="13800138000")
    walk.go_on()
    walk.expect_heading("填写验证码")
    walk.look()
    walk.fill(code=last_code())
    walk.go_on()
    walk.expect_heading("我的预约")


@pytest.mark.usefixtures("live_server", "_attacked")
def test_whoever_types_quicker_than_the_browser_computes_presses_once(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge, "MOST_TRIES", 12_000)
    walk = journey
    walk.open("/sign-in/")
    walk.fill(contact="13800138000")
    walk.go_on()
    expect(walk.page.locator("[role=status]").last).to_contain_text("正在进行安全验证")
    assert walk.page.url.endswith("/sign-in/")
    expect(walk.page.locator("h1")).to_contain_text("填写验证码", timeout=30_000)


@pytest.mark.usefixtures("live_server", "_attacked")
def test_without_scripts_the_form_is_sent_after_a_wait(
    new_journey: Callable[..., Journey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge, "WAIT", challenge.WAIT / 30)
    walk = new_journey(java_script_enabled=False)
    walk.open("/sign-in/")
    expect(walk.page.get_by_text("在本页等待1分钟后再提交")).to_be_visible()
    walk.fill(contact="13800138000")
    walk.go_on()
    expect(walk.page.locator(".error-summary")).to_contain_text("请在本页再等待")
    time.sleep(2)
    walk.go_on()
    walk.expect_heading("填写验证码")


@pytest.mark.usefixtures("live_server", "_attacked")
def test_a_worker_that_does_not_start_leaves_the_slow_way(journey: Journey) -> None:
    walk = journey
    walk.page.route("**/pbkdf2.js", lambda route: route.abort())
    walk.open("/sign-in/")
    expect(walk.page.get_by_text("在本页等待1分钟后再提交")).to_be_visible()
    walk.complaints.clear()


@pytest.mark.usefixtures("live_server", "_attacked")
def test_a_browser_that_allows_no_worker_sends_the_form_all_the_same(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge, "WAIT", challenge.WAIT / 60)
    walk = journey
    walk.page.add_init_script("window.Worker = class { constructor() { throw new Error(); } }")
    walk.open("/sign-in/")
    time.sleep(1)
    walk.fill(contact="13800138000")
    walk.go_on()
    walk.expect_heading("填写验证码")


@pytest.fixture
def platform(settings: Any) -> Iterator[str]:
    """Somebody else's provider, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", str(port), "--require-nonce"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _wait_for(issuer)
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, "yihao"
        settings.OIDC_CLIENT_SECRET = "secret"
        oidc.forget()
        yield issuer
        oidc.forget()
        process.terminate()


def _wait_for(issuer: str) -> None:
    for _attempt in range(100):
        try:
            requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The provider did not come up.")


@pytest.mark.usefixtures("live_server")
def test_a_platform_signs_somebody_in_and_is_linked_to_an_account(
    page: Page, platform: str
) -> None:
    page.goto("/sign-in/?next=/account/")
    page.get_by_role("link", name="使用一网通办登录").click()
    assert page.url.startswith(platform)
    page.locator("input[name=sub]").fill("somebody")
    page.get_by_role("button", name="Authorize").click()
    expect(page.locator("h1")).to_contain_text("我的账号")
    assert ExternalIdentity.objects.count() == 1

    page.get_by_role("button", name="退出登录").click()
    page.goto("/sign-in/?next=/account/")
    page.locator("main [name=contact]").fill("13800138000")
    page.locator(MAIN_ACTION).click()
    page.locator("main [name=code]").fill(last_code())
    page.locator(MAIN_ACTION).click()
    page.get_by_role("link", name="绑定一网通办").click()
    page.locator("input[name=sub]").fill("somebody else")
    page.get_by_role("button", name="Authorize").click()
    expect(page.locator("h1")).to_contain_text("绑定一网通办")
    Journey(page).look()
    page.locator(MAIN_ACTION).click()
    expect(page.get_by_text("平台账号已绑定。")).to_be_visible()


@pytest.mark.usefixtures("live_server")
def test_whoever_says_no_there_comes_back(page: Page, platform: str) -> None:
    page.goto("/sign-in/platform/")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("未登录。")).to_be_visible()
    expect(page.locator("main [name=contact]")).to_be_visible()


@pytest.mark.usefixtures("live_server", "platform")
def test_while_the_platform_is_away_the_page_shows_the_other_way(
    journey: Journey, settings: Any
) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    walk = journey
    walk.open("/sign-in/")
    walk.press("使用一网通办登录")
    walk.expect_heading("登录未成功")
    # Chromium notes the 503, which is meant.
    walk.complaints.clear()
    walk.look()
    walk.press("使用验证码登录")
    walk.expect_heading("使用手机号码登录")


@pytest.mark.usefixtures("live_server", "platform")
def test_the_pages_of_the_account_are_for_everybody(journey: Journey) -> None:
    walk = journey
    walk.open("/sign-in/?next=/account/")
    walk.look()
    walk.sign_in("13800138000")
    walk.expect_heading("我的账号")
    walk.look()
    walk.press("长辈版")
    walk.look()
    walk.press("English")
    walk.expect_heading("My account")
    walk.look()
