"""Every page of citizens, and somebody who has something to see on each."""

import datetime as dt
from collections.abc import Mapping

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.enums import GroupState
from applicants.identity import parse_identity
from applicants.models import Group, GroupMember, Suspension
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import WaitingState
from bookings.models import Slot, WaitingEntry, WaitingOffer
from offices.models import Office
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
from tests.journeys.conftest import local_time
from tests.requests import make_pdf, make_urgent, make_visit
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
    *("contact-up", "contact-remove", "contact-wechat", "contact-wechat-back"),
    *("sign-out-everywhere", "platform-link", "platform-unlink", "privacy-export"),
}
World = tuple[Client, Mapping[str, str]]


def local_windows(office: Office) -> list[Slot]:
    """Two of the mainland line, the day after tomorrow."""
    return [make_slot(30, office=office, starts_at=local_time(office, 2, n)) for n in (10, 11)]


def make_world(office: Office, windows: list[Slot]) -> World:
    """A household with one of everything, and the address of each page about it.

    `windows`: two at least, with places, of the mainland line.
    """
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
