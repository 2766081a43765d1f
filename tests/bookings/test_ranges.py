"""One change over many windows: what the plan says, and that it is made so or not at all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicants.models import Account
from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.quotas import QuotasRefused, set_quota
from bookings.domain.ranges import Range, RangeChange, change_range, plan_range
from bookings.enums import RangeOutcome, RangeVerb
from bookings.models import Quota, QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_line, make_office, make_party, make_slot, quota_of

HOUR = dt.timedelta(hours=1)
MONDAY = NOW.date()
BOTH = frozenset({Pool.ONLINE, Pool.WALK_IN})
MORE = RangeChange(RangeVerb.PERCENT, 30)


@pytest.fixture
def actor(db: None) -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def week(**fields) -> Range:
    """Online places of the mainland line from this Monday to Sunday."""
    given = {"pools": frozenset({Pool.ONLINE}), "first": MONDAY} | fields
    last = given.pop("last", MONDAY + dt.timedelta(days=6))
    return Range(make_office(), make_line(), last=last, **given)


def outcomes(which: Range, change: RangeChange) -> list[tuple[int, int, str]]:
    steps = plan_range(which, change, NOW)
    return [(step.quota.capacity, step.capacity, step.outcome) for step in steps]


def seen(which: Range, change: RangeChange) -> dict[int, int]:
    steps = plan_range(which, change, NOW)
    return {step.quota.pk: step.quota.version for step in steps if step.changes}


def apply(which: Range, change: RangeChange, versions, actor: Actor) -> int:
    return change_range(which, change, versions, reason="暑期高峰", actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("percent", "capacity", "places"),
    [
        (30, 30, 39),
        (10, 15, 17),
        (10, 14, 15),
        (-10, 15, 14),
        (-50, 3, 2),
        (20, 2, 2),
        (-100, 9, 0),
    ],
)
def test_percent_go_to_the_nearest_whole_place_and_half_of_one_goes_up(percent, capacity, places):
    assert RangeChange(RangeVerb.PERCENT, percent).of(capacity) == places


@given(percent=st.integers(-100, 400), capacity=st.integers(0, 2000))
def test_percent_are_never_off_by_more_than_half_a_place(percent, capacity):
    places = RangeChange(RangeVerb.PERCENT, percent).of(capacity)
    exact = capacity * (100 + percent)
    assert places >= 0
    assert -50 < places * 100 - exact <= 50


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (RangeChange(RangeVerb.PLACES, 5), 15),
        (RangeChange(RangeVerb.PLACES, -12), 0),
        (RangeChange(RangeVerb.SET, 7), 7),
    ],
)
def test_places_are_added_or_set(change, places):
    assert change.of(10) == places


@pytest.mark.django_db
def test_a_range_holds_the_windows_of_its_days_weekdays_and_times():
    inside = make_slot(10, starts_at=NOW + 25 * HOUR)
    make_slot(10, starts_at=NOW + 27 * HOUR)
    make_slot(10, starts_at=NOW + 49 * HOUR)
    make_slot(10, starts_at=NOW + 25 * HOUR, line="foreigners")
    make_slot(10, starts_at=NOW + 25 * HOUR, office=make_office("harbin-city"))
    make_slot(10, starts_at=NOW + (24 * 7 + 25) * HOUR)
    which = week(weekdays=frozenset({1}), opens=dt.time(10), closes=dt.time(10, 30))
    assert [quota.slot for quota in which.quotas()] == [inside]


@pytest.mark.django_db
def test_a_window_until_midnight_is_within_its_day():
    late = make_slot(10, starts_at=dt.datetime(2026, 8, 4, 15, 30, tzinfo=dt.UTC))
    assert [quota.slot for quota in week(opens=dt.time(20)).quotas()] == [late]
    assert week(closes=dt.time(23)).quotas() == []


def test_the_plan_says_what_becomes_of_each_and_why_not(actor):
    make_slot(10, starts_at=NOW - HOUR)
    full, closed, _free = (make_slot(10, starts_at=NOW + h * HOUR) for h in (25, 26, 27))
    for _party in range(2):
        book(make_party(full, 4), SYSTEM, NOW)
    close_slots([closed.pk], reason="检修", actor=actor, now=NOW)
    assert outcomes(week(), RangeChange(RangeVerb.SET, 5)) == [
        (10, 5, RangeOutcome.OVER),
        (10, 5, RangeOutcome.BELOW_TAKEN),
        (10, 5, RangeOutcome.CLOSED),
        (10, 5, RangeOutcome.CHANGES),
    ]
    assert [step.taken for step in plan_range(week(), MORE, NOW)] == [0, 8, 0, 0]


def test_holds_that_have_expired_stand_in_no_way(actor):
    slot = make_slot(10)
    hold_places(make_party(slot, 5), SYSTEM, NOW - HOUR)
    which, change = week(), RangeChange(RangeVerb.SET, 2)
    assert apply(which, change, seen(which, change), actor) == 1
    assert quota_of(slot).capacity == 2


def test_what_is_so_already_and_what_is_too_much(actor):
    make_slot(10)
    assert outcomes(week(), RangeChange(RangeVerb.SET, 10))[0][2] == RangeOutcome.SAME
    assert outcomes(week(), RangeChange(RangeVerb.PLACES, 2000))[0][2] == RangeOutcome.TOO_MANY


def test_it_is_made_in_one_go_with_its_reason(actor):
    slots = [make_slot(30, walk_in=4, starts_at=NOW + h * HOUR) for h in (25, 26, 49)]
    which = week(pools=BOTH)
    assert apply(which, MORE, seen(which, MORE), actor) == 6
    assert [quota_of(slot).capacity for slot in slots] == [39] * 3
    assert [quota_of(slot, Pool.WALK_IN).capacity for slot in slots] == [5] * 3
    said = set(QuotaChange.objects.values_list("reason", "account__username", "at"))
    assert said == {("暑期高峰", "supervisor", NOW)}


def test_a_change_in_between_is_told_and_nothing_is_made(actor):
    first, second = (make_slot(30, starts_at=NOW + h * HOUR) for h in (25, 26))
    which = week()
    versions = seen(which, MORE)
    set_quota(quota_of(second).pk, 50, version=1, reason="另有安排", actor=SYSTEM, now=NOW)
    with pytest.raises(QuotasRefused) as refused:
        apply(which, MORE, versions, actor)
    assert [refusal.quota_id for refusal in refused.value.refusals] == [quota_of(second).pk]
    assert quota_of(first).capacity == 30


def test_a_window_that_came_into_the_plan_or_left_it_stops_it_all(actor):
    slot = make_slot(10)
    which, fewer = week(), RangeChange(RangeVerb.SET, 2)
    versions = seen(which, fewer)
    make_slot(10, starts_at=NOW + 26 * HOUR)
    with pytest.raises(QuotasRefused):
        apply(which, fewer, versions, actor)
    book(make_party(slot, 4), SYSTEM, NOW)
    with pytest.raises(QuotasRefused):
        apply(which, fewer, versions, actor)
    assert set(Quota.objects.filter(pool=Pool.ONLINE).values_list("capacity", flat=True)) == {10}


def test_the_plan_costs_the_same_for_one_window_as_for_three(actor, django_assert_num_queries):
    make_slot(10)
    which = week()
    with django_assert_num_queries(2):
        plan_range(which, MORE, NOW)
    for hours in (26, 27):
        make_slot(10, starts_at=NOW + hours * HOUR)
    with django_assert_num_queries(2):
        plan_range(which, MORE, NOW)
