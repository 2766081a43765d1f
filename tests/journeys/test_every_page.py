"""Every page that there is, in each state in which people see it: it fits the screen, no rule of
accessibility is broken, the console stays silent.

320 pixels are what a screen of 1280 is at 400 % zoom. A new route fails here until it is listed.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error

from applicants.enums import GroupState
from applicants.identity import parse_identity
from applicants.models import Group, GroupMember, Suspension
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import WaitingState
from bookings.models import Slot, WaitingEntry, WaitingOffer
from config.context_processors import ELDER_COOKIE
from offices.models import Office
from tests.bookings.bureau import test_access as bureau_pages
from tests.bookings.desk import test_access as desk_pages
from tests.citizens import (
    confirmed,
    hold,
    make_account,
    make_family,
    make_member,
    signed_in,
    start_booking,
)
from tests.factories import make_slot
from tests.journeys.conftest import Journey, local_time
from tests.journeys.reading import faults
from tests.requests import make_pdf, make_urgent, make_visit
from tests.staff import make_staff, sign_in
from tests.test_routes import CITIZEN, OPEN

# What is no page of its own: it answers with a file or plain text, leads elsewhere, or takes a
# POST only.
NO_PAGE = {
    *("healthz", "readyz", "api-docs", "sign-in-platform-back", "demo-messages"),
    *(name for name in OPEN if name.startswith("api-")),
    *("account_login", "account_inactive", "sign-in-code", "sign-in-platform"),
    *("book-confirm", "book-give-up", "waiting-accept", "waiting-decline"),
    *("waiting-leave", "booking-earlier", "urgent-withdraw", "home-visit-withdraw"),
    *("booking-pdf", "booking-form-pdf", "booking-calendar", "urgent-evidence", "booking-again"),
    *("sign-out-everywhere", "platform-link", "platform-unlink", "privacy-export"),
}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
Addresses = Mapping[str, str]


@pytest.fixture
def world(office: Office, windows: list[Slot]) -> tuple[Client, Addresses]:
    """A household with one of everything, and the address of each page about it."""
    account = make_account()
    client = signed_in(account)
    family = make_family(account)
    now = timezone.now()
    booking = confirmed(client, windows[0], family)
    single = make_member(account, "演示丁")
    held = hold(client, windows[1], [single])
    full = make_slot(0, office=office, starts_at=local_time(office, 3, 10))
    offer = _offered(office, now)
    group = Group.objects.create(
        name="厦门某旅行社",
        kind="travel_agency",
        credit_code="91350200MA2XYJ6N04",
        state=GroupState.ADMITTED,
        office_code=office.code,
        asked_at=now,
    )
    GroupMember.objects.create(group=group, account=account, added_at=now)
    Suspension.objects.create(
        identity_hash=single.identity_hash,
        starts_at=now - dt.timedelta(days=1),
        ends_at=now + dt.timedelta(days=29),
        no_shows=3,
        missed=[booking.number],
    )
    urgent = make_urgent(office, account=account, files=[make_pdf()], now=now)
    visit = make_visit(office, account=account, now=now)
    arguments: dict[str, tuple[object, ...]] = {
        **dict.fromkeys(["office", "office-display"], (office.code,)),
        "service": ("passport-first",),
        **dict.fromkeys(["household-change", "household-remove"], (single.pk,)),
        "book-full": (full.pk,),
        **dict.fromkeys(["book-check", "book-contact"], (held.number,)),
        "waiting-offer": (offer.booking.number,),
        "booking-move-full": (booking.number, full.pk),
        **dict.fromkeys(["group-names", "group-time"], (group.pk,)),
        "urgent": (urgent.number,),
        "home-visit": (visit.number,),
    }
    start_booking(client, [single], hold=held.number)
    names = [name for name in (*OPEN, *CITIZEN) if name not in NO_PAGE]
    about_one = [name for name in names if name.startswith("booking") and name not in arguments]
    arguments |= dict.fromkeys(about_one, (booking.number,))
    return client, {name: reverse(name, args=arguments.get(name)) for name in names}


def _offered(office: Office, now: dt.datetime) -> WaitingOffer:
    """To the same account, on another line."""
    account = make_account()
    passport = parse_identity("passport", "X1234567")
    person = make_member(account, "DEMO Jane", relation="other", identity=passport)
    window = make_slot(3, office=office, line="foreigners", starts_at=local_time(office, 4, 10))
    WaitingEntry.objects.create(
        account=account,
        office=office,
        city=office.city,
        line=window.line,
        first_day=window.date,
        last_day=window.date,
        people=[person.pk],
        wanted={str(person.pk): ["visa-extension"]},
        places=1,
        state=WaitingState.WAITING,
        made_at=now,
    )
    offer_to_waiting_list(now)
    return WaitingOffer.objects.get()


Browse = Callable[..., Journey]


def look_at_all(journey: Journey, addresses: Iterable[str]) -> list[str]:
    """Open each, and say what is wrong with any."""
    found = []
    for address in addresses:
        try:
            answer = journey.page.goto(address)
            assert answer is not None
            assert answer.status < 500, f"{address} answers {answer.status}"
            journey.look()
            unclear = faults(journey.page)
            assert not unclear, "\n".join(unclear)
        except (AssertionError, Error) as complaint:
            found.append(f"{address}: {str(complaint)[:1500]}")
            journey.complaints.clear()
    return found


def carry(journey: Journey, client: Client, language: str, base_url: str, *, elder: bool) -> None:
    """The session of the test's client, the language and the view, as cookies of the browser."""
    cookies: list[Any] = [
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url},
        {"name": "django_language", "value": language, "url": base_url},
    ]
    if elder:
        cookies.append({"name": ELDER_COOKIE, "value": "1", "url": base_url})
    journey.page.context.add_cookies(cookies)


@pytest.mark.parametrize(
    ("language", "elder", "screen"),
    [
        pytest.param("zh-hans", False, NARROW, id="zh"),
        pytest.param("en", True, NARROW, id="en-elder"),
        pytest.param("zh-hant", False, WIDE, id="zh-hant", marks=pytest.mark.slow),
        pytest.param("zh-hans", True, WIDE, id="zh-elder", marks=pytest.mark.slow),
        pytest.param("en", False, WIDE, id="en", marks=pytest.mark.slow),
    ],
)
def test_every_page_of_citizens(
    world: tuple[Client, Addresses],
    new_journey: Browse,
    base_url: str,
    language: str,
    elder: bool,
    screen: dict[str, int],
) -> None:
    client, addresses = world
    journey = new_journey(viewport=screen, reduced_motion="reduce")
    carry(journey, client, language, base_url, elder=elder)
    found = look_at_all(journey, addresses.values())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_every_form_that_comes_back_empty(
    world: tuple[Client, Addresses], new_journey: Browse, base_url: str, elder: bool
) -> None:
    """The main action of each page, with nothing filled in: the page of errors is one as well."""
    client, addresses = world
    journey = new_journey(viewport=NARROW)
    carry(journey, client, "zh-hans" if not elder else "en", base_url, elder=elder)
    asking = ["sign-in", "manage", "household-add", "urgent-new", "home-visit-new", "groups"]
    asking += ["group-names", "suspensions", "book-people", "booking-late", "booking-contact"]
    found = []
    for name in asking:
        journey.page.goto(addresses[name])
        button = journey.page.locator("main form button[type=submit]").first
        if button.count():
            button.click()
        try:
            journey.look()
        except AssertionError as complaint:
            found.append(f"{name}: {str(complaint)[:1500]}")
            journey.complaints.clear()
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "screen"),
    [("zh-hans", WIDE), ("en", WIDE), ("zh-hans", {"width": 360, "height": 640})],
    ids=["zh", "en", "zh-phone"],
)
def test_every_page_of_staff(
    office: Office, new_journey: Browse, base_url: str, language: str, screen: dict[str, int]
) -> None:
    things = desk_pages.things_of(office)
    of_bureau = bureau_pages.things_of(office.bureau)
    client = sign_in(Client(), make_staff(bureau=office.bureau))
    Office.objects.exclude(pk=office.pk).update(name="集美办证大厅", name_en="Jimei Hall")
    addresses = [
        *(desk_pages.address(name, office, things) for name in desk_pages.PAGES),
        *(
            bureau_pages.address(name, office.bureau, of_bureau)
            for name in bureau_pages.opened_to("supervisor")
        ),
    ]
    journey = new_journey(viewport=screen)
    carry(journey, client, language, base_url, elder=False)
    found = look_at_all(journey, [one for one in addresses if is_page(client.get(one))])
    assert not found, "\n".join(found)


def is_page(answer: Any) -> bool:
    """Neither a file, nor a part of a page, nor what takes a form only."""
    return "html" in answer.get("Content-Type", "") and b"<html" in answer.content
