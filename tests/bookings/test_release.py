"""Places that nobody claimed: where they go, when, and that they go once."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.domain.errors import SlotFull
from bookings.domain.lifecycle import cancel, mark_no_shows
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.quotas import set_quota
from bookings.domain.release import hand_over_to_walk_in, release_reserve
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot
from offices.domain.policy import BookingPolicy, split_capacity
from tests.factories import NOW, make_office, make_party, make_slot, quota_of
from tests.together import at_once

pytestmark = pytest.mark.django_db

# The slot of `make_slot` is tomorrow, Tuesday, at 10:00; this is Monday 18:00, both in Xiamen.
EVENING = NOW + dt.timedelta(hours=9)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
START = NOW + dt.timedelta(days=1, hours=1)


def capacities(slot: Slot) -> dict[str, int]:
    return dict(Quota.objects.filter(slot=slot).values_list("pool", "capacity"))


@pytest.mark.row("XM-13")
def test_a_tenth_of_each_slot_is_kept_for_the_counter_until_the_release_time() -> None:
    slot = make_slot(**split_capacity(20, BookingPolicy().pool_shares))
    assert capacities(slot) == {"online": 16, "assisted": 2, "walk_in": 2}
    for size in (5, 5, 5, 1):
        book(make_party(slot, size), SYSTEM, NOW)

    with pytest.raises(SlotFull):
        hold_places(make_party(slot, channel="web"), SYSTEM, NOW)
    hold_places(make_party(slot, channel="counter"), Actor(), NOW)
    assert release_reserve(EVENING - MINUTE) == 0
    with pytest.raises(SlotFull):
        hold_places(make_party(slot, channel="web"), SYSTEM, EVENING - MINUTE)

    assert release_reserve(EVENING) == 1
    hold_places(make_party(slot, channel="web"), SYSTEM, EVENING)
    with pytest.raises(SlotFull):
        hold_places(make_party(slot, channel="web"), SYSTEM, EVENING)
    assert capacities(slot) == {"online": 17, "assisted": 1, "walk_in": 2}


def test_a_release_is_kept_with_both_its_sides() -> None:
    slot = make_slot(online=8, assisted=2)

    release_reserve(EVENING)

    changes = QuotaChange.objects.order_by("quota__pool").values_list(
        "quota__pool", "kind", "at", "account", "from_capacity", "to_capacity", "version"
    )
    released = QuotaChangeKind.RELEASED
    assert list(changes) == [
        ("assisted", released, EVENING, None, 2, 0, 2),
        ("online", released, EVENING, None, 8, 10, 2),
    ]
    assert set(slot.quotas.values_list("pool", "version")) == {
        ("online", 2),
        ("assisted", 2),
        ("walk_in", 1),
    }


def test_releasing_twice_moves_nothing_more() -> None:
    slot = make_slot(online=8, assisted=2)

    assert [release_reserve(EVENING), release_reserve(EVENING + MINUTE)] == [2, 0]
    assert QuotaChange.objects.count() == 2
    slot.refresh_from_db()
    assert slot.reserve_released_at == EVENING


@pytest.mark.parametrize("assisted", [0, 2])
def test_what_a_supervisor_adds_after_the_release_stays_for_the_counter(assisted: int) -> None:
    """Also where there was nothing to release."""
    slot = make_slot(online=8, assisted=assisted)
    release_reserve(EVENING)
    quota = quota_of(slot, "assisted")
    set_quota(quota.pk, 3, version=quota.version, reason="团体", actor=SYSTEM, now=EVENING + MINUTE)

    assert release_reserve(EVENING + 5 * MINUTE) == 0
    assert capacities(slot)["assisted"] == 3


def test_a_worker_that_was_away_releases_what_it_missed() -> None:
    slot = make_slot(online=8, assisted=2)

    assert release_reserve(START - HOUR) == 2
    assert capacities(slot)["online"] == 10


def test_later_days_closed_and_begun_windows_keep_their_reserve() -> None:
    make_slot(assisted=2, starts_at=START + dt.timedelta(days=1))
    make_slot(assisted=2, starts_at=EVENING)
    closed = make_slot(assisted=2)
    Slot.objects.filter(pk=closed.pk).update(closed_at=NOW)

    assert release_reserve(EVENING) == 0


def test_the_release_time_is_the_offices_own_on_its_own_clock() -> None:
    late = make_office("late", policy={"reserve_release_time": "20:00"})
    west = make_office("west", timezone="Asia/Urumqi")
    for office in (late, west):
        make_slot(assisted=1, office=office, starts_at=START + 4 * HOUR)

    assert release_reserve(EVENING) == 0
    assert release_reserve(EVENING + 2 * HOUR - MINUTE) == 0
    assert release_reserve(EVENING + 2 * HOUR) == 2


@pytest.mark.parametrize("slots", [1, 3])
def test_releasing_takes_as_many_statements_for_three_slots_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, slots: int
) -> None:
    for number in range(slots):
        make_slot(assisted=2, starts_at=START + number * HOUR)

    with django_assert_num_queries(8):
        assert release_reserve(EVENING) == 2 * slots


def test_unclaimed_places_go_to_walk_ins_when_the_window_begins() -> None:
    slot = make_slot(online=6, assisted=2, walk_in=2)
    book(make_party(slot, 4), SYSTEM, NOW)

    assert hand_over_to_walk_in(START - MINUTE) == 0
    assert hand_over_to_walk_in(START) == 4
    assert hand_over_to_walk_in(START + MINUTE) == 0
    assert capacities(slot) == {"online": 4, "assisted": 0, "walk_in": 6}


def test_what_no_shows_give_back_goes_to_walk_ins_as_well() -> None:
    slot = make_slot(online=6)
    book(make_party(slot, 4), SYSTEM, NOW)
    hand_over_to_walk_in(START)
    over = START + 2 * HOUR

    assert mark_no_shows(over) == 1
    assert hand_over_to_walk_in(over) == 4
    assert capacities(slot) == {"online": 0, "assisted": 0, "walk_in": 6}


def test_a_place_that_is_cancelled_after_the_release_stays_in_its_pool() -> None:
    slot = make_slot(online=8, assisted=2)
    booking = book(make_party(slot, channel="counter"), SYSTEM, NOW)
    release_reserve(EVENING)

    cancel(booking.pk, SYSTEM, EVENING + MINUTE)

    assert release_reserve(EVENING + 5 * MINUTE) == 0
    assert (quota_of(slot, "assisted").left, quota_of(slot).capacity) == (1, 9)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "now", "places", "left"),
    [
        (release_reserve, EVENING, 2, {"online": 8, "assisted": 0, "walk_in": 1}),
        (hand_over_to_walk_in, START + 12 * HOUR, 8, {"online": 0, "assisted": 0, "walk_in": 9}),
    ],
)
def test_workers_at_once_move_each_place_once(
    verb: Callable[[dt.datetime], int], now: dt.datetime, places: int, left: dict[str, int]
) -> None:
    slots = [
        make_slot(online=6, assisted=2, walk_in=1, starts_at=START + n * 10 * MINUTE, minutes=800)
        for n in range(40)
    ]
    moved = at_once(*[lambda: verb(now)] * 4)

    assert sum(moved) == len(slots) * places
    assert [capacities(slot) for slot in slots] == [left] * len(slots)
    assert QuotaChange.objects.count() == len(slots) * sum(
        left[pool] != before for pool, before in {"online": 6, "assisted": 2, "walk_in": 1}.items()
    )


@pytest.mark.django_db(transaction=True)
def test_bookings_at_the_same_moment_lose_no_place_to_the_release() -> None:
    """The counter takes reserved places while they are being released."""
    slots = [
        make_slot(online=2, assisted=3, starts_at=START + number * 10 * MINUTE)
        for number in range(10)
    ]
    booked: list[int] = []

    def take(slot: Slot) -> None:
        for _ in range(6):
            try:
                booked.append(book(make_party(slot, channel="counter"), SYSTEM, EVENING).pk)
            except SlotFull:
                return

    jobs: list[Callable[[], object]] = [lambda slot=slot: take(slot) for slot in slots]  # type: ignore[misc]
    at_once(*jobs, lambda: release_reserve(EVENING), lambda: release_reserve(EVENING))

    assert len(booked) == 50
    assert [sum(capacities(slot).values()) for slot in slots] == [5] * 10
    assert not Quota.objects.exclude(taken=0).filter(pool="walk_in").exists()
