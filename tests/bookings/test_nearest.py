"""When a party could first come to each of several offices."""

import datetime as dt
from typing import Any

import pytest

from bookings.domain import nearest
from bookings.domain.nearest import nearest_times
from offices.enums import Pool, SessionKind
from offices.models import Session
from tests.factories import NOW, make_line, make_office, make_slot

pytestmark = pytest.mark.django_db


def test_the_earliest_window_with_room_for_the_party_is_found() -> None:
    office = make_office()
    make_slot(2, starts_at=NOW + dt.timedelta(hours=2))
    roomy = make_slot(3, starts_at=NOW + dt.timedelta(hours=3))
    make_slot(9, starts_at=NOW + dt.timedelta(hours=4))
    assert nearest_times({office: 3}, make_line(), "web", NOW) == {office.pk: roomy.starts_at}


def test_what_can_not_be_booked_is_passed_over() -> None:
    office = make_office()
    make_slot(starts_at=NOW)
    make_slot(starts_at=NOW + dt.timedelta(hours=1), opens_at=NOW + dt.timedelta(minutes=1))
    closed = make_slot(starts_at=NOW + dt.timedelta(hours=2))
    closed.quotas.update(closed=True)
    make_slot(line="foreigners", starts_at=NOW + dt.timedelta(hours=3))
    make_slot(0, walk_in=9, starts_at=NOW + dt.timedelta(hours=4))
    assert nearest_times({office: 1}, make_line(), "web", NOW) == {}


def test_the_pools_of_the_channel_count() -> None:
    office = make_office()
    assisted = make_slot(0, assisted=1)
    assert nearest_times({office: 1}, make_line(), "web", NOW) == {}
    assert nearest_times({office: 1}, make_line(), "phone", NOW) == {office.pk: assisted.starts_at}


def test_each_office_has_pools_and_needs_of_its_own(django_assert_num_queries: object) -> None:
    usual = make_office()
    pools = {"channel_pools": {"web": [Pool.WALK_IN]}}
    special = make_office("special", policy=pools)
    big = make_slot(1, office=usual)
    odd = make_slot(0, walk_in=2, office=special)
    found = nearest_times({usual: 1, special: 2}, make_line(), "web", NOW)
    assert found == {usual.pk: big.starts_at, special.pk: odd.starts_at}
    many = {make_office(f"o{n}"): 1 for n in range(5)}
    line = make_line()
    with django_assert_num_queries(1):  # type: ignore[operator]
        nearest_times(many, line, "web", NOW)


def test_a_crowd_that_looks_at_offices_asks_once(
    settings: Any, django_assert_num_queries: object
) -> None:
    settings.PLACES_KEPT_SECONDS = 60
    slot = make_slot()
    needs, line = {slot.office: 1}, make_line()
    with django_assert_num_queries(1):  # type: ignore[operator]
        first = [nearest_times(needs, line, "web", NOW) for _anybody in range(3)]
    nearest.wipe()
    assert first == [{slot.office_id: slot.starts_at}] * 3


@pytest.mark.parametrize(
    "terms",
    [
        {"students_only": True},
        {"residents_of": "厦门"},
        {"min_age": 6},
        {"max_age": 25},
        {"booking_free": True},
    ],
)
def test_a_session_that_is_not_for_everybody_does_not_count(terms: dict[str, Any]) -> None:
    office = make_office()
    session = Session.objects.create(
        office=office,
        line=make_line(),
        kind=SessionKind.OFF_PEAK,
        date=NOW.date(),
        opens=dt.time(10),
        closes=dt.time(11),
        capacity=5,
    )
    special = make_slot(session=session, starts_at=NOW + dt.timedelta(hours=1))
    later = make_slot(starts_at=NOW + dt.timedelta(hours=2))
    assert nearest_times({office: 1}, make_line(), "web", NOW) == {office.pk: special.starts_at}
    Session.objects.update(**terms)
    nearest.wipe()
    assert nearest_times({office: 1}, make_line(), "web", NOW) == {office.pk: later.starts_at}
