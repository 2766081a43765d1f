"""By which ways the holder of a booking is told, and in which order."""

import json

import pytest
from pytest_django import DjangoAssertNumQueries

from applicants.domain import contact_points
from applicants.enums import Medium, MessageKind
from applicants.models import Account, Message
from bookings.domain.households import contact_of
from bookings.domain.lifecycle import cancel, confirm
from bookings.domain.messages import announce_all
from bookings.domain.parties import SYSTEM, Actor, Contact, Party
from bookings.domain.promise import book, hold_places
from bookings.models import Booking
from tests.citizens import PHONE, make_account
from tests.factories import NOW, make_person, make_slot

pytestmark = pytest.mark.django_db

EMAIL = "lin@example.com"


def party(contact: Contact) -> Party:
    return Party(make_slot().pk, "web", (make_person(),), contact)


def ways_of(booking: Booking) -> list[list[list[str]]]:
    """Of each message: the first way, and those that follow."""
    messages = Message.objects.filter(reference=booking.number).order_by("pk")
    return [
        [[each.medium, each.recipient], *json.loads(each.alternatives or "[]")] for each in messages
    ]


def account_with(*ways: tuple[Medium, str]) -> Account:
    account = make_account()
    for medium, address in ways:
        contact_points.add(account, medium, address, NOW)
    return account


def prefer(account: Account, medium: Medium) -> None:
    """Put it first."""
    point = account.contact_points.get(medium=medium)
    for _place in range(point.position):
        contact_points.move_up(account, point.pk, NOW)


def test_a_booking_of_a_partner_goes_by_phone_and_then_by_mail() -> None:
    booking = book(party(Contact(PHONE, EMAIL)), SYSTEM, NOW)
    assert ways_of(booking) == [[["sms", PHONE], ["email", EMAIL]]] * 3


def test_what_has_one_way_has_no_other() -> None:
    booking = book(party(Contact(email=EMAIL)), SYSTEM, NOW)
    assert ways_of(booking) == [[["email", EMAIL]]] * 3
    assert set(Message.objects.values_list("alternatives", flat=True)) == {""}


def test_the_order_is_that_of_the_account() -> None:
    account = account_with((Medium.EMAIL, EMAIL), (Medium.WECHAT, "openid-1"))
    prefer(account, Medium.WECHAT)
    held = hold_places(party(contact_of(account)), Actor(account=account), NOW)

    confirm(held.pk, Actor(account=account), NOW)

    assert ways_of(held) == [[["wechat", "openid-1"], ["sms", PHONE], ["email", EMAIL]]] * 3


def test_what_was_typed_for_the_booking_stands_for_that_of_the_account() -> None:
    account = account_with((Medium.EMAIL, EMAIL))
    prefer(account, Medium.EMAIL)
    typed = Contact(phone="+8613900139000", email="office@example.com")
    booking = book(party(typed), Actor(account=account), NOW)
    expected = [["email", "office@example.com"], ["sms", "+8613900139000"]]
    assert ways_of(booking) == [expected] * 3


def test_who_left_the_mail_out_is_not_told_by_mail() -> None:
    account = account_with((Medium.EMAIL, EMAIL))
    booking = book(party(Contact(phone=PHONE)), Actor(account=account), NOW)
    assert ways_of(booking) == [[["sms", PHONE]]] * 3


def test_news_go_by_the_order_of_their_day() -> None:
    account = account_with((Medium.EMAIL, EMAIL))
    booking = book(party(contact_of(account)), Actor(account=account), NOW)
    prefer(account, Medium.EMAIL)

    cancel(booking.pk, Actor(account=account), NOW)

    assert ways_of(booking)[-1] == [["email", EMAIL], ["sms", PHONE]]


@pytest.mark.parametrize("with_account", [True, False])
def test_choosing_costs_a_booking_no_statement(
    with_account: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    account = account_with((Medium.EMAIL, EMAIL)) if with_account else None
    actor = Actor(account=account) if account else SYSTEM
    held = hold_places(party(Contact(PHONE, EMAIL)), actor, NOW)
    with django_assert_num_queries(7):
        confirm(held.pk, actor, NOW)


def test_many_holders_are_told_by_one_statement_more(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = account_with((Medium.EMAIL, EMAIL))
    made = book(party(contact_of(account)), Actor(account=account), NOW)
    bookings = Booking.objects.filter(pk=made.pk).select_related("slot__office__bureau__parent")
    with django_assert_num_queries(3):
        announce_all(bookings, MessageKind.CANCELLED, NOW)
