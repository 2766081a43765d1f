"""Supervisors change, share out and close windows while people book, move and give up."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Sum

from applicants.models import Account
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.quotas import QuotaEdit, QuotasRefused, set_quotas
from bookings.domain.splitting import split_day
from bookings.enums import PLACED
from bookings.models import Booking, Quota, QuotaChange, Slot
from tests.factories import NOW, make_party, make_slot

ROUNDS = 25
STARTS = [NOW + dt.timedelta(hours=hours) for hours in (25, 26, 27)]
SHARES = [
    {"online": 60, "assisted": 0, "walk_in": 40},
    {"online": 80, "assisted": 10, "walk_in": 10},
]


def _supervise(slots: list[Slot], actor: Actor, dice: random.Random) -> None:
    """One change of several windows at once, in any order."""
    quotas = list(Quota.objects.filter(slot__in=slots))
    versions = {quota.pk: quota.version for quota in quotas}
    act = dice.randrange(4)
    if act == 0:
        split_day(
            slots[0].office,
            slots[0].line,
            slots[0].date,
            dice.choice(SHARES),
            versions,
            reason="调整",
            actor=actor,
            now=NOW,
        )
    elif act == 1:
        dice.shuffle(slots)
        close_slots([slot.pk for slot in slots], reason="检修", actor=actor, now=NOW)
        reopen_slots([slot.pk for slot in slots], reason="修好", actor=actor, now=NOW)
    else:
        edits = [QuotaEdit(q.pk, dice.randrange(12), q.version) for q in dice.sample(quotas, 4)]
        set_quotas(edits, reason="调整", actor=actor, now=NOW)


def _attend(slots: list[Slot], dice: random.Random) -> None:
    """One person's booking, which may be moved or cancelled at once."""
    party = make_party(dice.choice(slots), dice.randrange(1, 4))
    booking = (book if dice.random() < 0.7 else hold_places)(party, SYSTEM, NOW)
    fate = dice.random()
    if fate < 0.4:
        reschedule(booking.pk, dice.choice(slots).pk, SYSTEM, NOW, by_staff=True)
    elif fate < 0.7:
        cancel(booking.pk, SYSTEM, NOW, by_staff=True)


def _many_times(work: Callable[[random.Random], None], seed: int) -> Counter[str]:
    """What came of it: refusals by name. Anything else is raised."""
    dice, outcome = random.Random(seed), Counter[str]()
    try:
        for _round in range(ROUNDS):
            try:
                work(dice)
                outcome["done"] += 1
            except (BookingError, QuotasRefused) as refusal:
                outcome[type(refusal).__name__] += 1
    finally:
        connection.close()
    return outcome


@pytest.mark.django_db(transaction=True)
def test_nobody_loses_a_place_and_nobody_waits_for_ever():
    slots = [make_slot(online=8, walk_in=4, starts_at=start) for start in STARTS]
    actor = Actor(operator=Account.objects.create_staff("supervisor", None))
    works = [lambda dice: _supervise(list(slots), actor, dice)] * 2
    works += [lambda dice: _attend(slots, dice)] * 4
    with ThreadPoolExecutor(len(works)) as pool:
        outcomes = list(pool.map(_many_times, works, range(len(works))))
    assert all(outcome["done"] for outcome in outcomes)
    for quota in Quota.objects.all():
        placed = Booking.objects.filter(quota=quota, status__in=PLACED)
        assert quota.taken == (placed.aggregate(n=Sum("places"))["n"] or 0)
        assert quota.taken <= quota.capacity
        # Every version but the first has its change, in order and without a gap.
        changes = QuotaChange.objects.filter(quota=quota).order_by("version")
        assert list(changes.values_list("version", flat=True)) == list(range(2, quota.version + 1))
        steps = list(changes.values_list("from_capacity", "to_capacity"))
        assert [to for _from, to in steps[:-1]] == [before for before, _to in steps[1:]]
