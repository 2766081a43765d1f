"""The counters tell the truth, and it is noticed when they don't."""

import datetime as dt

import pytest

from bookings.domain.audit import Discrepancy, audit_counters, audit_parties
from bookings.domain.leaving import leave
from bookings.domain.lifecycle import cancel, expire_holds, mark_no_shows
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.models import Booking, Quota
from tests.factories import NOW, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_nothing_differs_after_every_kind_of_end() -> None:
    slot = make_slot(online=12, assisted=3)
    book(make_party(slot, 3), SYSTEM, NOW)
    hold_places(make_party(slot, 2), SYSTEM, NOW)
    cancelled = book(make_party(slot, 2, channel="counter"), SYSTEM, NOW)
    cancel(cancelled.pk, SYSTEM, NOW)

    assert audit_counters(NOW) == []
    assert expire_holds(NOW + HOUR) == 1
    assert audit_counters(NOW + HOUR) == []
    assert mark_no_shows(NOW + 30 * HOUR) == 1
    assert audit_counters(NOW + 30 * HOUR) == []


def test_an_expired_hold_that_nobody_swept_yet_is_no_discrepancy() -> None:
    hold_places(make_party(make_slot()), SYSTEM, NOW)

    assert audit_counters(NOW + HOUR) == []


def test_a_counter_that_lies_is_named_and_raises_the_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slot = make_slot(online=12, assisted=3)
    book(make_party(slot, 3), SYSTEM, NOW)
    online, assisted = quota_of(slot), quota_of(slot, "assisted")
    # What the database can't refuse: a number within the capacity.
    Quota.objects.filter(pk=online.pk).update(taken=4)
    Quota.objects.filter(pk=assisted.pk).update(taken=1)

    found = audit_counters(NOW)

    assert found == sorted(
        [Discrepancy(online.pk, taken=4, booked=3), Discrepancy(assisted.pk, taken=1, booked=0)],
        key=lambda one: one.quota_id,
    )
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert {record.msg["event"] for record in caplog.records} == {"counter_discrepancy"}
    assert set(Quota.objects.values_list("taken", flat=True)) == {4, 1, 0}


def test_a_booking_has_the_places_of_those_who_still_come(
    caplog: pytest.LogCaptureFixture,
) -> None:
    booking = book(make_party(make_slot(online=12), 3), SYSTEM, NOW)
    leave(booking.pk, [1], SYSTEM, NOW)
    assert (audit_counters(NOW), audit_parties(NOW)) == ([], [])

    Booking.objects.update(places=3)

    assert audit_parties(NOW) == [booking.pk]
    assert [record.msg["event"] for record in caplog.records] == ["party_discrepancy"]
    assert audit_parties(NOW + dt.timedelta(days=9)) == []


def test_windows_long_over_are_left_alone() -> None:
    slot = make_slot()
    Quota.objects.filter(slot=slot).update(taken=0)
    Quota.objects.filter(slot=slot, pool="online").update(taken=1)

    assert audit_counters(NOW + dt.timedelta(days=9)) == []
    assert len(audit_counters(NOW)) == 1
