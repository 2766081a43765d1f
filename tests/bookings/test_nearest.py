"""The first window with room at each of several offices."""

import datetime as dt

import pytest

from bookings.domain.nearest import nearest_slots
from offices.enums import Pool
from tests.factories import NOW, make_line, make_office, make_slot

pytestmark = pytest.mark.django_db


def test_the_earliest_window_with_room_for_the_party_is_found() -> None:
    office = make_office()
    make_slot(2, starts_at=NOW + dt.timedelta(hours=2))
    roomy = make_slot(3, starts_at=NOW + dt.timedelta(hours=3))
    make_slot(9, starts_at=NOW + dt.timedelta(hours=4))
    assert nearest_slots({office: 3}, make_line(), "web", NOW) == {office.pk: roomy}


def test_what_can_not_be_booked_is_passed_over() -> None:
    office = make_office()
    make_slot(starts_at=NOW)
    make_slot(starts_at=NOW + dt.timedelta(hours=1), opens_at=NOW + dt.timedelta(minutes=1))
    closed = make_slot(starts_at=NOW + dt.timedelta(hours=2))
    closed.quotas.update(closed=True)
    make_slot(line="foreigners", starts_at=NOW + dt.timedelta(hours=3))
    make_slot(0, walk_in=9, starts_at=NOW + dt.timedelta(hours=4))
    assert nearest_slots({office: 1}, make_line(), "web", NOW) == {}


def test_the_pools_of_the_channel_count() -> None:
    office = make_office()
    assisted = make_slot(0, assisted=1)
    assert nearest_slots({office: 1}, make_line(), "web", NOW) == {}
    assert nearest_slots({office: 1}, make_line(), "phone", NOW) == {office.pk: assisted}


def test_each_office_has_pools_and_needs_of_its_own(django_assert_num_queries: object) -> None:
    usual = make_office()
    pools = {"channel_pools": {"web": [Pool.WALK_IN]}}
    special = make_office("special", policy=pools)
    big = make_slot(1, office=usual)
    odd = make_slot(0, walk_in=2, office=special)
    found = nearest_slots({usual: 1, special: 2}, make_line(), "web", NOW)
    assert found == {usual.pk: big, special.pk: odd}
    many = {make_office(f"o{n}"): 1 for n in range(5)}
    line = make_line()
    with django_assert_num_queries(1):  # type: ignore[operator]
        nearest_slots(many, line, "web", NOW)
