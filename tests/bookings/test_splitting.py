"""The places of a day shared out anew between the pools."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from applicants.models import Account
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.quotas import QuotasRefused, set_quota
from bookings.domain.splitting import no_less_than, plan_split, split_day
from bookings.models import Quota, QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_line, make_office, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TOMORROW = NOW.date() + dt.timedelta(days=1)
SIXTY_FORTY = {Pool.ONLINE: 60, Pool.ASSISTED: 0, Pool.WALK_IN: 40}


@pytest.fixture
def actor() -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def day_of_two_windows():
    return [
        make_slot(online=21, walk_in=9, starts_at=NOW + dt.timedelta(hours=hours))
        for hours in (25, 26)
    ]


def versions() -> dict[int, int]:
    return dict(Quota.objects.values_list("pk", "version"))


def split(actor, seen, shares=SIXTY_FORTY):
    return split_day(
        make_office(), make_line(), TOMORROW, shares, seen, reason="现场排队", actor=actor, now=NOW
    )


def capacities(slot) -> dict[str, int]:
    return dict(Quota.objects.filter(slot=slot).values_list("pool", "capacity"))


@pytest.mark.row("FS-24")
def test_seventy_thirty_becomes_sixty_forty_in_every_window_of_the_day(actor):
    slots = day_of_two_windows()
    next_day = make_slot(online=21, walk_in=9, starts_at=NOW + 49 * HOUR)
    changes = split(actor, versions())
    for slot in slots:
        assert capacities(slot) == {"online": 18, "assisted": 0, "walk_in": 12}
    assert capacities(next_day) == {"online": 21, "assisted": 0, "walk_in": 9}
    assert {change.reason for change in changes} == {"现场排队"}
    assert QuotaChange.objects.count() == 4


def test_what_is_taken_keeps_its_pool_above_its_share(actor):
    slot, _other = day_of_two_windows()
    for _party in range(4):
        book(make_party(slot, 5), SYSTEM, NOW)
    plans = plan_split(make_office(), make_line(), TOMORROW, SIXTY_FORTY, NOW)
    assert [plan.exact for plan in plans] == [False, True]
    split(actor, versions())
    assert capacities(slot) == {"online": 20, "assisted": 0, "walk_in": 10}
    assert quota_of(slot).taken == 20


def test_a_window_that_changed_since_it_was_seen_stops_the_whole_day(actor):
    slots = day_of_two_windows()
    seen = versions()
    set_quota(quota_of(slots[1]).pk, 25, version=1, reason="高峰", actor=actor, now=NOW)
    with pytest.raises(QuotasRefused) as refused:
        split(actor, seen)
    assert [refusal.quota_id for refusal in refused.value.refusals] == [quota_of(slots[1]).pk]
    assert capacities(slots[0]) == {"online": 21, "assisted": 0, "walk_in": 9}


def test_shares_that_do_not_add_up_are_refused(actor):
    day_of_two_windows()
    with pytest.raises(ValidationError):
        split(actor, versions(), {Pool.ONLINE: 60, Pool.ASSISTED: 0, Pool.WALK_IN: 30})


def test_windows_that_are_over_keep_their_places():
    make_slot(online=10, starts_at=NOW - HOUR)
    today = NOW.date()
    assert plan_split(make_office(), make_line(), today, SIXTY_FORTY, NOW) == []


@pytest.mark.parametrize(
    ("taken", "wanted", "places"),
    [
        ({"a": 0, "b": 0}, {"a": 6, "b": 4}, {"a": 6, "b": 4}),
        ({"a": 8, "b": 0}, {"a": 6, "b": 4}, {"a": 8, "b": 2}),
        ({"a": 9, "b": 1}, {"a": 6, "b": 4}, {"a": 9, "b": 1}),
        ({"a": 5, "b": 1, "c": 0}, {"a": 2, "b": 4, "c": 4}, {"a": 5, "b": 3, "c": 2}),
    ],
)
def test_no_pool_gets_less_than_it_has_taken(taken, wanted, places):
    assert no_less_than(taken, wanted) == places
