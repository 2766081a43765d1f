"""What people see when it goes wrong: in words, with a way on, for everybody to read."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from applicants.models import Account, Applicant, Suspension
from bookings.domain.parties import Actor
from bookings.domain.promise import book
from bookings.models import Booking, Quota, Slot
from tests.citizens import make_account, make_family, signed_in, start_booking
from tests.factories import make_party, make_person
from tests.journeys.conftest import Journey


@pytest.fixture
def account(windows: list[Slot]) -> Account:
    return make_account()


@pytest.fixture
def family(account: Account) -> list[Applicant]:
    return make_family(account)


@pytest.fixture
def choosing(journey: Journey, account: Account, family: list[Applicant]) -> Journey:
    """Signed in, with everything answered but the time."""
    client = signed_in(account)
    start_booking(client, family)
    name = settings.SESSION_COOKIE_NAME
    journey.open("/")
    value = client.cookies[name].value
    journey.page.context.add_cookies([{"name": name, "value": value, "url": journey.page.url}])
    return journey


def choose(walk: Journey, window: str = "10:00–10:30") -> None:
    walk.open("/book/time/")
    walk.tick(window)
    walk.go_on()


def test_when_every_day_is_full(choosing: Journey) -> None:
    Quota.objects.update(capacity=1)
    choosing.open("/book/time/")
    expect(choosing.page.locator(".notice-warning")).to_contain_text("近期名额已约满")
    expect(choosing.page.locator("main")).to_contain_text("没有预约，也能办")
    choosing.look()


def test_when_the_time_to_confirm_has_run_out(choosing: Journey) -> None:
    choose(choosing)
    Booking.objects.update(expires_at=timezone.now())
    choosing.go_on()
    choosing.expect_heading("保留时间已过")
    choosing.look()
    choosing.go_on()
    choosing.tick("10:00–10:30")
    choosing.go_on()
    choosing.expect_heading("请核对预约信息")


def test_when_somebody_is_booked_already(
    choosing: Journey, account: Account, family: list[Applicant], windows: list[Slot]
) -> None:
    person = make_person(identity=family[1].identity)
    book(make_party(windows[3], people=(person,)), Actor(account=account), timezone.now())
    choose(choosing)
    choosing.expect_heading("已有预约")
    expect(choosing.page.locator(".error-summary")).to_be_focused()
    expect(choosing.page.locator(".card-link")).to_contain_text("11:30–12:00")
    choosing.look()


def test_when_online_booking_is_suspended(choosing: Journey, family: list[Applicant]) -> None:
    now = timezone.now()
    Suspension.objects.create(
        identity_hash=family[0].identity_hash,
        starts_at=now,
        ends_at=now + dt.timedelta(days=30),
        no_shows=3,
    )
    choose(choosing)
    choosing.expect_heading("网上预约")
    expect(choosing.page.locator("main")).to_contain_text("直接到大厅取现场号办理")
    choosing.look()


def test_when_it_is_too_late_to_cancel(
    choosing: Journey, account: Account, windows: list[Slot]
) -> None:
    booked = book(make_party(windows[0]), Actor(account=account), timezone.now())
    long_ago = timezone.now() - dt.timedelta(days=30)
    Booking.objects.filter(pk=booked.pk).update(confirmed_at=long_ago)
    office = booked.slot.office
    office.policy = {"change_cutoff_minutes": 7 * 24 * 60}
    office.save()
    choosing.open(f"/bookings/{booked.number}/")
    expect(choosing.page.locator("main")).to_contain_text("取消或改期的截止时间为")
    choosing.look()
    choosing.open(f"/bookings/{booked.number}/cancel/")
    choosing.expect_heading("不能再更改")
    choosing.look()
