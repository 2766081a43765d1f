"""Citizens for tests: an account, its household, a signed-in browser."""

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from applicants.domain.consents import agree
from applicants.domain.household import NewPerson, add_person
from applicants.enums import Medium
from applicants.identity import Identity
from applicants.models import Account, Applicant, Message
from bookings.models import Booking, Slot
from tests.factories import make_identity

PHONE = "+8613800138000"


def make_account(address: str = PHONE, medium: str = Medium.SMS) -> Account:
    account, _created = Account.objects.for_contact(medium, address)
    return account


def signed_in(account: Account | None = None, *, agreed: bool = True, **headers: str) -> Client:
    """`agreed`: to the notice that comes before people are added."""
    account = account or make_account()
    client = Client(headers=headers)
    client.force_login(account)
    if agreed:
        agree(account, timezone.now())
    return client


def make_member(
    account: Account,
    name: str = "演示甲",
    *,
    born: dt.date = dt.date(1990, 1, 1),
    identity: Identity | None = None,
    relation: str = "self",
    nationality: str = "",
) -> Applicant:
    identity = identity or make_identity(born)
    return add_person(
        account,
        NewPerson(
            name=name,
            identity=identity,
            birth_date=identity.birth_date or born,
            relation=relation,
            priority="none",
            nationality=nationality,
        ),
        # The guardian agrees, as for every child.
        guardian_agreed_at=timezone.now() if relation == "child" else None,
    )


def make_family(account: Account) -> list[Applicant]:
    """Two parents and a child of nine."""
    return [
        make_member(account, "演示甲"),
        make_member(account, "演示乙", relation="spouse"),
        make_member(account, "演示丙", relation="child", born=dt.date(2017, 6, 1)),
    ]


def last_code() -> str:
    """The newest sign-in code, as its owner reads it."""
    return Message.objects.filter(kind="sign_in_code").latest("pk").secret


def draft(client: Client, **answers: Any) -> None:
    """Put answers of earlier pages of a booking into the browser's session."""
    session = client.session
    session["draft"] = answers
    session.save()


def start_booking(client: Client, people: list[Applicant], **answers: Any) -> None:
    """Answer all questions but the time: a first passport at the office of the factories."""
    defaults = {
        "services": ["passport-first"],
        "people": [person.pk for person in people],
        "office": "xiamen-zhenhai",
    }
    draft(client, **{**defaults, **answers})


def hold(client: Client, slot: Slot, people: list[Applicant], **answers: Any) -> Booking:
    """Hold the window through the pages."""
    start_booking(client, people, **answers)
    response = client.post(f"/book/time/?day={slot.date}", {"slot": slot.pk})
    assert response.status_code == 302, response.content.decode()
    return Booking.objects.latest("pk")


def confirmed(client: Client, slot: Slot, people: list[Applicant], **answers: Any) -> Booking:
    """Hold the window and confirm it, through the pages."""
    booking = hold(client, slot, people, **answers)
    client.post(f"/book/{booking.number}/confirm/")
    booking.refresh_from_db()
    return booking
