"""Rule 1, 2 and 6 attacked by processes on real PostgreSQL."""

import datetime as dt

import pytest

from bookings.domain import lifecycle
from bookings.domain.parties import SYSTEM
from bookings.models import Booking, Quota
from tests.concurrency.race import Race, untrue_answers, violations
from tests.factories import NOW, make_slot, quota_of

pytestmark = pytest.mark.django_db(transaction=True)

ONLY_BOOK = {"book": 1}
EVERYTHING = {
    "book": 40,
    "hold": 20,
    "confirm": 8,
    "cancel": 12,
    "move": 20,
    "leave": 12,
    "expire": 4,
    "cut": 6,
}
FIVE_CHANNELS = ("web", "wechat", "phone", "kiosk", "counter")
# Two windows and steps enough for every pair of verbs to meet.
BACK_AND_FORTH = {"book": 25, "cancel": 10, "move": 65}


def some_slots(count: int, places: int) -> list[int]:
    first = NOW + dt.timedelta(days=1)
    return [
        make_slot(online=places, starts_at=first + dt.timedelta(minutes=30 * i)).pk
        for i in range(count)
    ]


def errors(answers):
    return [answer["error"] for answer in answers if answer["outcome"] == "error"]


def test_without_the_guard_two_hundred_parties_oversell_fifty_places(tmp_path):
    """The harness can see a race: with the guard off, it must."""
    slots = some_slots(1, 50)
    Race(tmp_path, slots, ONLY_BOOK, steps=50, guarded=False).run()
    assert violations() != []


def test_two_hundred_parties_of_one_to_three_against_fifty_places(tmp_path):
    slots = some_slots(1, 50)
    answers = Race(tmp_path, slots, ONLY_BOOK, steps=50).run()
    assert errors(answers) == []
    assert violations() == []
    assert untrue_answers(answers) == []
    left = Quota.objects.get(slot=slots[0], pool="online").left
    refused = [answer["size"] for answer in answers if answer["outcome"] == "slot_full"]
    assert len(answers) == 200
    assert left < min(refused), "places were left although a party that fits was refused"


def test_holds_confirmations_cancellations_moves_expiries_and_cuts_at_once(tmp_path):
    slots = some_slots(4, 12)
    answers = Race(tmp_path, slots, EVERYTHING, steps=75).run()
    assert errors(answers) == []
    assert violations() == []
    assert untrue_answers(answers) == []
    assert {answer["verb"] for answer in answers if answer["outcome"] == "done"} == set(EVERYTHING)


def test_moves_in_both_directions_between_two_windows_never_deadlock(tmp_path):
    slots = some_slots(2, 20)
    answers = Race(tmp_path, slots, BACK_AND_FORTH, steps=100).run()
    assert errors(answers) == []
    assert violations() == []
    assert untrue_answers(answers) == []


def test_killed_processes_leave_no_half_booking(tmp_path):
    slots = some_slots(2, 40)
    answers = Race(tmp_path, slots, EVERYTHING, steps=75).run(kill_after=0.4)
    assert violations() == []
    assert untrue_answers(answers) == []


def test_every_place_comes_back_once_everything_has_ended(tmp_path):
    slots = some_slots(2, 15)
    Race(tmp_path, slots, EVERYTHING, steps=30).run()
    lifecycle.expire_holds(NOW + dt.timedelta(hours=1))
    for booking in Booking.objects.filter(status="confirmed"):
        lifecycle.cancel(booking.pk, SYSTEM, NOW)
    assert violations() == []
    assert [q.taken for q in Quota.objects.all()] == [0] * Quota.objects.count()


@pytest.mark.row("XM-10")
def test_the_last_place_is_sold_once_across_the_five_channels(tmp_path):
    """Web, WeChat, phone, kiosk and on site, all at once, for one place."""
    slot = make_slot(online=1)
    verbs = dict.fromkeys([f"book:{channel}" for channel in FIVE_CHANNELS], 1)
    answers = Race(tmp_path, [slot.pk], verbs, steps=5, largest=1).run()
    sold = [answer for answer in answers if answer["outcome"] == "done"]
    assert errors(answers) == []
    assert len(sold) == 1
    assert quota_of(slot).taken == 1
