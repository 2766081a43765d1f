"""My data in a browser: read on a small screen, by everybody, and deleted."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applicants.models import Account, SignInCode
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.models import Booking, Slot
from tests.citizens import last_code, make_account, make_family
from tests.factories import make_party
from tests.journeys.conftest import Journey

PHONE = "13800138000"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
def test_the_privacy_pages_fit_and_everybody_can_use_them(
    journey: Journey, windows: list[Slot], base_url: str, language: str, elder: bool
) -> None:
    walk = journey
    account = make_account()
    make_family(account)
    book(make_party(windows[0], 2), Actor(account=account), timezone.now())
    cookies = [{"name": "django_language", "value": language, "url": base_url}]
    if elder:
        cookies.append({"name": "elder", "value": "1", "url": base_url})
    walk.page.context.add_cookies(cookies)
    walk.page.set_viewport_size({"width": 320, "height": 640})
    walk.open("/sign-in/?next=/privacy/consent/")
    walk.sign_in(PHONE)
    for path in ("", "children/", "my-data/", "my-data/consent/", "my-data/delete/"):
        walk.open(f"/privacy/{path}")
        walk.look()


def test_somebody_reads_and_deletes_their_data(journey: Journey, windows: list[Slot]) -> None:
    walk = journey
    account = make_account()
    make_family(account)
    booking = book(make_party(windows[0]), Actor(account=account), timezone.now())
    walk.open("/sign-in/?next=/account/")
    walk.sign_in(PHONE)
    walk.page.locator("main a[href='/privacy/my-data/']").click()
    expect(walk.page.locator("main")).to_contain_text(booking.number)
    walk.press("注销账户")
    # A minute after signing in.
    SignInCode.objects.update(created_at=timezone.now() - dt.timedelta(minutes=2))
    walk.page.locator("[name=do][value=code]").click()
    walk.tick("取消")
    walk.fill(code="000000" if last_code() != "000000" else "000001")
    walk.press("注销账户")
    expect(walk.page.locator(".error-summary")).to_be_visible()
    walk.look()
    walk.fill(code=last_code())
    walk.press("注销账户")
    expect(walk.page.locator(".notice-success")).to_contain_text("账户已注销")
    assert not Account.objects.exists()
    assert Booking.objects.get().status == "cancelled"
