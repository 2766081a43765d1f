"""The plan of a move, for any parties and windows that there could be."""

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.move_plan import (
    Free,
    Movable,
    MovePlan,
    Opening,
    Reach,
    distance,
    exactly,
    nearest_first,
    suits,
)

MONDAY = dt.datetime(2026, 8, 3, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
HERE, THERE = 1, 2
LINE = 1
FAR = Reach(earliest=MONDAY, days=60)


def movable(booking_id: int = 1, places: int = 1, hours: int = 10, **fields) -> Movable:
    starts_at = MONDAY + hours * HOUR
    values = {
        "booking_id": booking_id,
        "version": 0,
        "places": places,
        "slot_id": 1000 + hours,
        "office_id": HERE,
        "line_id": LINE,
        "date": starts_at.date(),
        "starts_at": starts_at,
        "pools": {HERE: ("online",), THERE: ("online",)},
        "services": frozenset({"passport"}),
        "barred": frozenset(),
    }
    return Movable(**values | fields)


def opening(slot_id: int = 1, places: int = 5, hours: int = 11, **fields) -> Opening:
    starts_at = MONDAY + hours * HOUR
    values = {
        "slot_id": slot_id,
        "office_id": HERE,
        "line_id": LINE,
        "date": starts_at.date(),
        "starts_at": starts_at,
        "session_id": None,
        "offered": frozenset({"passport", "permit"}),
        "free": {"online": Free(slot_id * 10, places)},
    }
    return Opening(**values | fields)


def goes_to(plan: MovePlan) -> dict[int, int]:
    return {move.party.booking_id: move.opening.slot_id for move in plan.moves}


def stuck(plan: MovePlan) -> list[int]:
    return [party.booking_id for party in plan.stuck]


def test_the_same_day_comes_before_a_nearer_time_of_the_next():
    late = movable(hours=23)
    openings = [opening(1, hours=24), opening(2, hours=14)]
    assert goes_to(nearest_first([late], openings, FAR)) == {1: 2}


def test_the_own_office_comes_before_a_nearer_time_elsewhere():
    openings = [opening(1, hours=11, office_id=THERE), opening(2, hours=80)]
    assert goes_to(nearest_first([movable()], openings, FAR)) == {1: 2}


def test_a_party_is_never_split():
    openings = [opening(1, 2, hours=11), opening(2, 2, hours=12), opening(3, 3, hours=60)]
    assert goes_to(nearest_first([movable(places=3)], openings, FAR)) == {1: 3}


def test_two_parties_are_not_sent_to_the_same_last_place():
    openings = [opening(1, 1, hours=11), opening(2, 1, hours=12)]
    plan = nearest_first([movable(2), movable(1), movable(3)], openings, FAR)
    assert (goes_to(plan), stuck(plan)) == ({1: 1, 2: 2}, [3])


def test_nobody_is_asked_to_come_on_an_earlier_day():
    plan = nearest_first([movable(hours=30)], [opening(1, hours=20)], FAR)
    assert stuck(plan) == [1]


def test_an_earlier_time_of_the_day_leaves_enough_notice():
    party, early = movable(hours=14), opening(1, hours=9)
    soon, in_time = Reach(MONDAY + 10 * HOUR, 60), Reach(MONDAY + 9 * HOUR, 60)
    assert stuck(nearest_first([party], [early], soon)) == [1]
    assert goes_to(nearest_first([party], [early], in_time)) == {1: 1}


def test_days_beyond_the_reach_are_too_far():
    openings = [opening(1, hours=10 + 24 * 8)]
    assert stuck(nearest_first([movable()], openings, Reach(MONDAY, 7))) == [1]
    assert goes_to(nearest_first([movable()], openings, Reach(MONDAY, 8))) == {1: 1}


def test_pools_are_taken_in_the_order_of_the_policy():
    both = opening(1, free={"online": Free(10, 5), "assisted": Free(11, 1)})
    caller = {"pools": {HERE: ("assisted", "online")}}
    plan = nearest_first([movable(1, **caller), movable(2, **caller)], [both], FAR)
    assert [move.quota_id for move in plan.moves] == [11, 10]


def test_a_window_that_is_not_for_them_is_passed_over():
    openings = [
        opening(1, hours=11, line_id=2),
        opening(2, hours=12, offered=frozenset({"permit"})),
        opening(3, hours=13, session_id=7),
        opening(4, hours=14, office_id=3),
        opening(5, hours=15),
    ]
    assert goes_to(nearest_first([movable(barred=frozenset({7}))], openings, FAR)) == {1: 5}


def test_exactly_moves_to_what_was_shown_though_something_nearer_has_become_free():
    openings = [opening(1, hours=11), opening(2, 1, hours=12)]
    plan = exactly([movable(1), movable(2)], openings, {1: 2, 2: 2}, FAR)
    assert (goes_to(plan), stuck(plan)) == ({1: 2}, [2])


def test_exactly_leaves_whoever_was_shown_a_window_that_has_gone():
    assert stuck(exactly([movable()], [opening(1)], {1: 99}, FAR)) == [1]


# --- For any parties and windows ----------------------------------------------------------------

hours = st.integers(0, 24 * 12)
offices = st.sampled_from([HERE, THERE])
sessions = st.sampled_from([None, 7])


@st.composite
def crowds(draw) -> list[Movable]:
    made = draw(st.lists(st.tuples(hours, st.integers(1, 5), st.booleans()), max_size=12))
    return [
        movable(n, places, at, barred=frozenset({7}) if barred else frozenset())
        for n, (at, places, barred) in enumerate(made, 1)
    ]


@st.composite
def days_ahead(draw) -> list[Opening]:
    made = draw(st.lists(st.tuples(hours, st.integers(0, 6), offices, sessions), max_size=12))
    return [
        opening(n, places, at, office_id=office, session_id=session)
        for n, (at, places, office, session) in enumerate(made, 1)
    ]


reaches = st.builds(
    lambda at, days: Reach(MONDAY + at * HOUR, days), at=hours, days=st.integers(0, 12)
)


@given(crowds(), days_ahead(), reaches)
def test_no_window_gets_more_than_it_has_and_everybody_is_accounted_for(parties, openings, reach):
    plan = nearest_first(parties, openings, reach)
    taken = Counter()
    for move in plan.moves:
        taken[move.quota_id] += move.party.places
    room = {free.quota_id: free.places for one in openings for free in one.free.values()}
    assert all(places <= room[quota_id] for quota_id, places in taken.items())
    accounted = [*(move.party.booking_id for move in plan.moves), *stuck(plan)]
    assert sorted(accounted) == [party.booking_id for party in parties]


@given(crowds(), days_ahead(), reaches)
def test_in_its_turn_each_gets_the_nearest_that_has_room_for_all_of_it(parties, openings, reach):
    plan = nearest_first(parties, openings, reach)
    given = {move.party.booking_id: move.opening for move in plan.moves}
    left = {one.slot_id: one.free["online"].places for one in openings}
    for party in sorted(parties, key=lambda one: (one.starts_at, one.booking_id)):
        fitting = [
            one
            for one in openings
            if suits(party, one) and reach.covers(party, one) and left[one.slot_id] >= party.places
        ]
        best = min(fitting, key=lambda one: distance(party, one), default=None)
        assert given.get(party.booking_id) == best
        if best:
            left[best.slot_id] -= party.places


@given(crowds(), days_ahead(), reaches, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_named_changes_nothing(parties, openings, reach, dice):
    plan = nearest_first(parties, openings, reach)
    dice.shuffle(parties)
    dice.shuffle(openings)
    assert nearest_first(parties, openings, reach) == plan


@given(crowds(), days_ahead(), reaches)
def test_what_was_planned_can_be_carried_out_as_it_was_shown(parties, openings, reach):
    plan = nearest_first(parties, openings, reach)
    moving = [move.party for move in plan.moves]
    assert exactly(moving, openings, goes_to(plan), reach) == MovePlan(plan.moves)
