"""One hold at a time: moved, replaced, never doubled and never lost for nothing."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, current_thread
from typing import Any

import pytest
from django.db import connection

from applicants.identity import parse_identity
from bookings.domain import allocation
from bookings.domain.errors import AlreadyBooked, HoldExpired, SlotFull
from bookings.domain.holding import change_contact, hold_instead, live_holds
from bookings.domain.lifecycle import cancel, confirm
from bookings.domain.parties import Actor, Contact
from bookings.domain.promise import book
from bookings.enums import Status
from bookings.models import Booking
from tests.citizens import make_account
from tests.factories import NOW, make_party, make_person, make_slot, quota_of
from tests.together import at_once

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=3)


def test_the_first_hold_is_a_hold() -> None:
    slot, account = make_slot(), make_account()
    hold = hold_instead(account, make_party(slot, 3), NOW)
    assert (hold.status, hold.places, hold.account) == (Status.HELD, 3, account)
    assert list(live_holds(account, NOW)) == [hold]


def test_the_same_party_again_finds_its_hold_with_its_time() -> None:
    slot, account = make_slot(), make_account()
    party = make_party(slot, 3)
    first = hold_instead(account, party, NOW)
    second = hold_instead(account, party, LATER)
    assert (second, second.expires_at) == (first, first.expires_at)
    assert quota_of(slot).taken == 3


def test_the_same_party_elsewhere_moves_and_keeps_its_time() -> None:
    slot, account = make_slot(), make_account()
    other = make_slot(starts_at=slot.ends_at)
    party = make_party(slot, 3)
    first = hold_instead(account, party, NOW)
    moved = hold_instead(account, replace(party, slot_id=other.pk), LATER)
    assert (moved.pk, moved.slot, moved.expires_at) == (first.pk, other, first.expires_at)
    assert (quota_of(slot).taken, quota_of(other).taken) == (0, 3)


def test_a_move_to_a_full_window_leaves_the_hold_where_it_is() -> None:
    slot, account = make_slot(), make_account()
    full = make_slot(2, starts_at=slot.ends_at)
    party = make_party(slot, 3)
    hold = hold_instead(account, party, NOW)
    with pytest.raises(SlotFull):
        hold_instead(account, replace(party, slot_id=full.pk), LATER)
    hold.refresh_from_db()
    assert (hold.slot, hold.status, quota_of(slot).taken) == (slot, Status.HELD, 3)


def test_another_party_replaces_the_hold_in_its_window() -> None:
    slot, account = make_slot(3), make_account()
    party = make_party(slot, 3)
    first = hold_instead(account, party, NOW)
    smaller = replace(party, people=party.people[:2])
    second = hold_instead(account, smaller, LATER)
    first.refresh_from_db()
    assert (first.status, second.status, second.places) == (Status.EXPIRED, Status.HELD, 2)
    assert quota_of(slot).taken == 2


def test_a_larger_party_without_room_keeps_what_it_had() -> None:
    slot, account = make_slot(3), make_account()
    party = make_party(slot, 3)
    first = hold_instead(account, party, NOW)
    larger = replace(party, people=(*party.people, make_person()))
    with pytest.raises(SlotFull):
        hold_instead(account, larger, LATER)
    first.refresh_from_db()
    assert (first.status, quota_of(slot).taken) == (Status.HELD, 3)


def test_entirely_other_people_replace_the_hold_that_is_named() -> None:
    slot, account = make_slot(3), make_account()
    first = hold_instead(account, make_party(slot, 3), NOW)
    hold_instead(account, make_party(slot, 2), LATER, first.number)
    assert quota_of(slot).taken == 2


def test_other_services_of_the_same_people_are_another_party() -> None:
    slot, account = make_slot(), make_account()
    person = make_person("passport-first")
    hold_instead(account, make_party(slot, people=(person,)), NOW)
    wants_more = replace(person, services=("passport-first", "tw-permit-first"))
    fresh = hold_instead(account, make_party(slot, people=(wants_more,)), LATER)
    assert fresh.attendees.get().applications.count() == 2
    assert quota_of(slot).taken == 1


def test_contact_and_delivery_stay_as_they_were_said() -> None:
    slot, account = make_slot(), make_account()
    party = make_party(slot, 2)
    hold = hold_instead(account, party, NOW)
    change_contact(hold, Contact(email="li@example.com"), "courier", "演示路1号", NOW)
    fresh = hold_instead(account, replace(party, people=party.people[:1]), LATER)
    assert (fresh.contact_phone, fresh.contact_email) == ("", "li@example.com")
    assert (fresh.delivery, fresh.delivery_address) == ("courier", "演示路1号")


def test_a_hold_that_ran_out_is_not_found_again() -> None:
    slot, account = make_slot(), make_account()
    party = make_party(slot, 2)
    first = hold_instead(account, party, NOW)
    fresh = hold_instead(account, party, NOW + dt.timedelta(minutes=10))
    assert fresh != first
    assert quota_of(slot).taken == 2


def test_a_confirmed_booking_is_never_replaced() -> None:
    slot, account = make_slot(), make_account()
    party = make_party(slot, 2)
    hold = hold_instead(account, party, NOW)
    confirm(hold.pk, Actor(account=account), NOW)
    with pytest.raises(AlreadyBooked):
        hold_instead(account, party, LATER, hold.number)
    assert Booking.objects.get().status == Status.CONFIRMED


def test_the_holds_of_another_account_are_left_alone() -> None:
    slot = make_slot()
    party = make_party(slot, 2)
    theirs = hold_instead(make_account("+8613900139000"), party, NOW)
    with pytest.raises(AlreadyBooked):
        hold_instead(make_account(), party, LATER, theirs.number)
    theirs.refresh_from_db()
    assert theirs.status == Status.HELD


def test_a_hold_of_another_line_is_left_alone() -> None:
    account, foreigners = make_account(), make_slot(line="foreigners")
    person = make_person(
        "visa-extension",
        identity=parse_identity("passport", "X1234567"),
        birth_date=dt.date(1985, 7, 9),
    )
    theirs = hold_instead(account, make_party(foreigners, people=(person,)), NOW)
    hold_instead(account, make_party(make_slot(), 1), LATER)
    theirs.refresh_from_db()
    assert theirs.status == Status.HELD


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_hold() -> None:
    slot, account = make_slot(), make_account()
    party, together = make_party(slot, 3), Barrier(2)

    def click(_number: int) -> int:
        together.wait()
        try:
            return hold_instead(account, party, NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for _round in range(5):
            assert len(set(pool.map(click, range(2)))) == 1
            assert quota_of(slot).taken == 3
            cancel(Booking.objects.get(status=Status.HELD).pk, Actor(), NOW)


def test_contact_changes_only_while_the_places_are_held() -> None:
    slot, account = make_slot(), make_account()
    hold = hold_instead(account, make_party(slot), NOW)
    with pytest.raises(HoldExpired):
        change_contact(hold, Contact("+85251234567"), "pickup", "", NOW + dt.timedelta(minutes=10))
    booked = book(make_party(slot), Actor(account=account), NOW)
    with pytest.raises(HoldExpired):
        change_contact(booked, Contact("+85251234567"), "pickup", "", NOW)
    assert set(Booking.objects.values_list("contact_phone", flat=True)) == {"+8613800138000"}


@pytest.mark.django_db(transaction=True)
def test_replacing_a_hold_waits_in_no_ring_with_who_books_the_same_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The counter isn't kept from others while the new party's people are written."""
    slot, account = make_slot(4), make_account()
    first, second = make_person(), make_person()
    hold_instead(account, make_party(slot, people=(first,)), NOW)
    written, settle = Event(), allocation.settle

    def settle_late(*changes: Any, **more: Any) -> None:
        if current_thread().name == "relative":
            written.set()
            # Time enough for the other one to meet the person who is being booked.
            time.sleep(0.4)
        settle(*changes, **more)

    def relative() -> str:
        current_thread().name = "relative"
        return book(make_party(slot, people=(second,)), Actor(), NOW).status

    def replace_hold() -> str:
        written.wait(5)
        try:
            return hold_instead(account, make_party(slot, people=(first, second)), NOW).status
        except AlreadyBooked as refusal:
            return refusal.code

    monkeypatch.setattr(allocation, "settle", settle_late)
    assert at_once(relative, replace_hold) == [Status.CONFIRMED, "already_booked"]
    assert quota_of(slot).taken == 2
    assert live_holds(account, NOW).get().places == 1
