"""The waiting list attacked: no place offered twice, none lost, no offer that evaporates."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection

from applicants.models import Account, Applicant
from bookings.domain import allocation
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import cancel, expire_holds
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.waiting.answering import accept, decline, lapse_offers
from bookings.domain.waiting.entries import Wish, join, leave
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import OfferState, Status, WaitingState
from bookings.models import Booking, Quota, Slot, WaitingEntry, WaitingOffer
from tests.citizens import make_account, make_member
from tests.concurrency.race import ROOT, _environment, violations
from tests.factories import NOW, make_line, make_office, make_party, make_person, make_slot
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = dt.date(2026, 8, 4)
HOUR = dt.timedelta(hours=1)
LATER = NOW + dt.timedelta(minutes=30)


def waiter(number: int, size: int = 1) -> WaitingEntry:
    account = make_account(f"+861390013{number:04}")
    people = [make_member(account, f"演示{n}", relation="other") for n in range(size)]
    return join(account, wish_of(people), NOW - HOUR + dt.timedelta(seconds=number))


def wish_of(people: list[Applicant]) -> Wish:
    return Wish(
        line=make_line(),
        city="厦门",
        office=make_office(),
        first_day=TOMORROW,
        last_day=TOMORROW,
        people=tuple(person.pk for person in people),
        wanted={str(person.pk): ["passport-first"] for person in people},
    )


def broken_offers() -> list[str]:
    """Offers without their hold, entries without their offer, people with two places."""
    found = []
    for offer in WaitingOffer.objects.select_related("booking", "entry"):
        if offer.state == OfferState.OPEN and offer.entry.state != WaitingState.OFFERED:
            found.append(f"offer {offer.pk} is open, its entry {offer.entry.state}")
        if offer.state == OfferState.ACCEPTED and offer.booking.status == Status.HELD:
            found.append(f"offer {offer.pk} is accepted, its booking held")
        if offer.state in (OfferState.LAPSED, OfferState.DECLINED) and offer.booking.is_placed:
            found.append(f"offer {offer.pk} is {offer.state}, its booking has places")
    with_offer = WaitingOffer.objects.filter(state=OfferState.OPEN).values("entry")
    offered = WaitingEntry.objects.filter(state=WaitingState.OFFERED).exclude(pk__in=with_offer)
    return found + [f"entry {entry.pk} is offered nothing" for entry in offered]


def offer_now() -> int:
    return offer_to_waiting_list(NOW)


def test_two_workers_offer_one_place_once() -> None:
    slot = make_slot(1)
    first, second = waiter(1), waiter(2)
    assert sum(at_once(offer_now, offer_now, offer_now)) == 1
    states = WaitingEntry.objects.in_bulk([first.pk, second.pk])
    assert [states[one.pk].state for one in (first, second)] == ["offered", "waiting"]
    assert Quota.objects.get(slot=slot, pool="online").taken == 1
    assert violations() == broken_offers() == []


def test_without_the_guard_an_offered_place_is_also_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can see it: with the conditional UPDATE of the counter away, it must."""

    def take(quota_id: int, places: int) -> bool:
        quota = Quota.objects.get(pk=quota_id)
        if quota.left < places:
            return False
        time.sleep(0.1)
        Quota.objects.filter(pk=quota_id).update(taken=quota.taken + places)
        return True

    monkeypatch.setattr(allocation, "_take", take)
    slot = make_slot(1)
    waiter(1)
    at_once(offer_now, lambda: book(make_party(slot), SYSTEM, NOW))
    assert violations() != []


def test_who_books_by_themselves_meanwhile_has_one_place() -> None:
    """Offer and the same person's own booking: one of them wins, and the other says so."""
    for number in range(6):
        start = NOW + dt.timedelta(days=1, minutes=30 * number)
        here, there = (
            make_slot(1, starts_at=start),
            make_slot(1, line="mainland", starts_at=start + dt.timedelta(days=7)),
        )
        entry = waiter(number)
        person = make_person(identity=entry.account.household.get().identity)
        party = make_party(there, people=(person,))
        at_once(offer_now, lambda party=party, entry=entry: _try_to_book(party, entry.account))
        assert violations() == broken_offers() == []
        pending = Booking.objects.filter(account=entry.account, status__in=["held", "confirmed"])
        assert pending.count() == 1
        # The place goes to nobody else in the next round.
        Quota.objects.filter(slot=here).update(closed=True)


def _try_to_book(party, account: Account) -> str:
    try:
        return book(party, Actor(account=account), NOW).status
    except BookingError as refusal:
        return refusal.code


@pytest.mark.parametrize("other", [decline, lapse_offers], ids=["declined", "lapsed"])
def test_accepting_against_its_end_leaves_one_truth(other: Callable) -> None:
    make_slot(1)
    waiter(1)
    offer_now()
    offer = WaitingOffer.objects.get()
    end = offer.expires_at

    def answer() -> str:
        try:
            return accept(WaitingOffer.objects.get(pk=offer.pk), end).status
        except BookingError as refusal:
            return refusal.code

    def against() -> None:
        if other is decline:
            decline(WaitingOffer.objects.get(pk=offer.pk), end)
        else:
            lapse_offers(end)

    answered, _ = at_once(answer, against)
    offer.refresh_from_db()
    assert (answered == Status.CONFIRMED) == (offer.state == OfferState.ACCEPTED)
    assert (offer.booking.status == Status.CONFIRMED) == (offer.state == OfferState.ACCEPTED)
    assert violations() == broken_offers() == []


def test_places_come_and_go_while_sixty_households_wait() -> None:
    """Two workers offer and settle, citizens book, cancel, accept, decline and leave."""
    slots = [make_slot(4, starts_at=NOW + dt.timedelta(days=1, minutes=30 * n)) for n in range(3)]
    taken = [book(make_party(slot), SYSTEM, NOW).pk for slot in slots for _ in range(4)]
    for number in range(60):
        waiter(number, 1 + number % 3)
    stop = Event()
    with ThreadPoolExecutor(5) as threads:
        working = [
            threads.submit(_work, stop),
            threads.submit(_work, stop),
            threads.submit(_answer, 3, stop),
            threads.submit(_answer, 4, stop),
            threads.submit(_come_and_go, slots, taken, stop),
        ]
        stop.wait(4)
        stop.set()
        outcomes = [one.result() for one in working]
    _settle_all()
    assert violations() == broken_offers() == []
    total = sum(outcomes, Counter[str]())
    assert total["offered"] > 3
    assert total["accept"] > 0


def test_whoever_asks_again_while_leaving_stands_in_the_queue_once_or_not_at_all() -> None:
    account = make_account()
    wish = wish_of([make_member(account, "演示", relation="self")])
    stop = Event()

    def come() -> None:
        join(account, wish, NOW)

    def go() -> None:
        for entry in WaitingEntry.objects.filter(state=WaitingState.WAITING):
            leave(entry, NOW)

    with ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(_until, stop, one, Counter()) for one in (come, come, go)]
        time.sleep(2)
        stop.set()
        for future in futures:
            future.result()
    queue = WaitingEntry.objects.filter(account=account)
    assert queue.filter(state=WaitingState.WAITING).count() <= 1
    assert queue.count() > 5


def _work(stop: Event) -> Counter[str]:
    done = Counter[str]()
    return _until(stop, lambda: _one_round(done), done)


def _one_round(done: Counter[str]) -> None:
    expire_holds(NOW)
    lapse_offers(NOW)
    done["offered"] += offer_to_waiting_list(NOW)


def _answer(seed: int, stop: Event) -> Counter[str]:
    dice, done = random.Random(seed), Counter[str]()

    def one() -> None:
        offers = list(WaitingOffer.objects.filter(state=OfferState.OPEN)[:5])
        if not offers:
            return
        offer = dice.choice(offers)
        verb = dice.choice(["accept", "decline", "leave", "again"])
        if verb == "accept":
            accept(offer, NOW)
        elif verb == "decline":
            decline(offer, NOW)
        elif verb == "leave":
            leave(offer.entry, NOW)
        else:
            # Tomorrow has come for those who were asked today.
            WaitingEntry.objects.filter(state=WaitingState.WAITING).update(last_offer_at=None)
        done[verb] += 1

    return _until(stop, one, done)


def _come_and_go(slots: list[Slot], taken: list[int], stop: Event) -> Counter[str]:
    dice, done = random.Random(9), Counter[str]()

    def one() -> None:
        if taken:
            cancel(taken.pop(dice.randrange(len(taken))), SYSTEM, NOW)
        taken.append(book(make_party(dice.choice(slots)), SYSTEM, LATER).pk)
        done["booked"] += 1

    return _until(stop, one, done)


def _until(stop: Event, one: Callable[[], None], done: Counter[str]) -> Counter[str]:
    try:
        while not stop.is_set():
            try:
                one()
            except BookingError as refusal:
                done[refusal.code] += 1
    finally:
        connection.close()
    return done


def _settle_all() -> None:
    lapse_offers(NOW + dt.timedelta(days=1))
    expire_holds(NOW + dt.timedelta(days=1))


WORKER = """
import datetime as dt, sys, django
django.setup()
from bookings.domain.waiting.offering import offer_to_waiting_list
from tests.factories import NOW
print("ready", flush=True)
sys.stdin.readline()
for minute in range(200):
    offer_to_waiting_list(NOW + dt.timedelta(seconds=minute))
"""


@contextmanager
def _worker() -> Iterator["subprocess.Popen[str]"]:
    """A process of its own that has just begun to offer."""
    command = [sys.executable, "-c", WORKER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), **pipes) as worker:
        assert worker.stdout is not None
        assert worker.stdin is not None
        assert worker.stdout.readline() == "ready\n"
        worker.stdin.write("go\n")
        worker.stdin.flush()
        yield worker


def test_a_killed_worker_leaves_neither_half_an_offer_nor_a_lost_place() -> None:
    slots = [make_slot(10, starts_at=NOW + dt.timedelta(days=1, minutes=30 * n)) for n in range(4)]
    for number in range(40):
        waiter(number)
    for _round in range(3):
        with _worker() as worker:
            before = WaitingOffer.objects.count()
            while WaitingOffer.objects.count() == before:
                time.sleep(0.001)
            os.kill(worker.pid, signal.SIGKILL)
        assert violations() == broken_offers() == []
    offer_now()
    assert WaitingOffer.objects.count() == 40
    assert sum(Quota.objects.filter(slot__in=slots).values_list("taken", flat=True)) == 40
    assert violations() == broken_offers() == []
