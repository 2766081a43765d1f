import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from offices.domain.policy import (
    BookingPolicy,
    policy_for,
    split_capacity,
    validate_policy,
    validate_shares,
)
from offices.enums import Pool
from offices.models import Bureau
from tests.factories import make_office


@pytest.mark.django_db
def test_an_office_inherits_from_its_bureaus_and_may_differ() -> None:
    city = Bureau.objects.create(
        code="harbin", name="哈尔滨", policy={"hold_minutes": 15, "max_party": 3, "horizon_days": 7}
    )
    district = Bureau.objects.create(
        code="daoli", name="道里", parent=city, policy={"max_party": 4, "release_time": "07:30"}
    )
    office = make_office("harbin-daoli", bureau=district, policy={"horizon_days": 10})

    assert policy_for(office) == BookingPolicy(
        hold_minutes=15, max_party=4, horizon_days=10, release_time=dt.time(7, 30)
    )


@pytest.mark.django_db
def test_channels_take_from_pools_in_order() -> None:
    office = make_office(policy={"channel_pools": {"wechat": ["assisted", "online"]}})
    policy = policy_for(office)
    assert policy.pools_for("wechat") == ("assisted", "online")
    assert policy.pools_for("web") == ("online",)


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"horizon_days": 30, "release_time": "06:00", "walk_in_always": False},
        {"change_cutoff_minutes": None},
        {"change_cutoff_minutes": 120},
        {"pool_shares": {"online": 70, "assisted": 10, "walk_in": 20}},
        {"channel_pools": {"phone": ["assisted"]}},
    ],
)
def test_sound_policies_are_accepted(policy: dict[str, Any]) -> None:
    validate_policy(policy)


@pytest.mark.parametrize(
    "policy",
    [
        {"horizon": 30},
        {"horizon_days": "30"},
        {"horizon_days": True},
        {"slot_minutes": None},
        {"slot_minutes": 0},
        {"minutes_per_person": 0},
        {"horizon_days": -1},
        {"release_time": "8 o'clock"},
        {"release_time": 8},
        {"walk_in_always": "no"},
        {"change_cutoff_minutes": "120"},
        {"pool_shares": {"online": 70, "assisted": 10, "walk_in": 10}},
        {"channel_pools": {"phone": ["counter"]}},
        {"channel_pools": ["phone"]},
    ],
)
def test_a_policy_with_an_unknown_name_or_a_wrong_value_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validate_policy(policy)


@pytest.mark.parametrize(
    "shares",
    [
        {"online": 101, "walk_in": -1},
        {"online": 50.0, "walk_in": 50.0},
        {"online": 100, "ghost": 0},
        {},
        [100],
    ],
)
def test_shares_that_are_no_percentages_of_the_pools_are_refused(shares: Any) -> None:
    with pytest.raises(ValidationError):
        validate_shares(shares)


percentages = st.integers(0, 100).flatmap(
    lambda online: st.integers(0, 100 - online).map(
        lambda assisted: {
            "online": online,
            "assisted": assisted,
            "walk_in": 100 - online - assisted,
        }
    )
)


@given(capacity=st.integers(0, 5000), shares=percentages)
def test_pools_add_up_to_the_capacity_and_come_within_a_place_of_their_share(
    capacity: int, shares: dict[str, int]
) -> None:
    places = split_capacity(capacity, shares)
    assert set(places) == set(Pool.values)
    assert sum(places.values()) == capacity
    for pool in Pool.values:
        assert abs(places[pool] - capacity * shares[pool] / 100) < 1
        assert shares[pool] > 0 or places[pool] == 0
