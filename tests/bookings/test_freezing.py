"""Places that are given to nobody until staff say so."""

import datetime as dt

import pytest

from applicants.models import Account
from bookings.domain import availability, nearest
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import SlotFull, SlotOver
from bookings.domain.freezing import freeze, thaw
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.quotas import QuotasRefused, set_quota
from bookings.domain.release import hand_over_to_walk_in, release_reserve
from bookings.domain.replay import replay
from bookings.enums import Channel, QuotaChangeKind, SlotState
from bookings.models import Quota, QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_party, make_slot, quota_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def actor(db: None) -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def frozen(slot, actor, pool=Pool.ONLINE) -> Quota:
    quota = quota_of(slot, pool)
    freeze({quota.pk: quota.version}, reason="系统检修", actor=actor, now=NOW)
    return quota_of(slot, pool)


def test_a_frozen_pool_gives_no_place_by_any_channel(actor):
    slot = make_slot(10)
    quota = frozen(slot, actor)
    assert (quota.frozen, quota.closed, quota.capacity, quota.version) == (True, True, 10, 2)
    for channel in Channel.values:
        with pytest.raises(SlotFull):
            book(make_party(slot, channel=channel), SYSTEM, NOW)


def test_the_other_pools_of_the_window_go_on(actor):
    slot = make_slot(10, assisted=5)
    frozen(slot, actor)
    booking = book(make_party(slot, channel=Channel.PHONE), SYSTEM, NOW)
    assert booking.quota == quota_of(slot, Pool.ASSISTED)


def test_who_is_booked_keeps_the_place(actor):
    slot = make_slot(10)
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    assert frozen(slot, actor).taken == 3
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_nobody_is_shown_a_frozen_place(actor):
    slot = make_slot(10)
    frozen(slot, actor)
    [view] = availability.slots(slot.office, slot.line, slot.date, Channel.WEB, NOW)
    assert (view.state, view.places_left) == (SlotState.FULL, 0)
    nearest.wipe()
    assert nearest.nearest_times({slot.office: 1}, slot.line, Channel.WEB, NOW) == {}


def test_thawing_gives_them_out_again_and_is_kept(actor):
    slot = make_slot(10)
    quota = frozen(slot, actor)
    thaw({quota.pk: 2}, reason="检修完毕", actor=actor, now=NOW)
    assert book(make_party(slot, 3), SYSTEM, NOW).places == 3
    kinds = QuotaChange.objects.order_by("version").values_list("kind", "reason")
    assert list(kinds) == [
        (QuotaChangeKind.FROZEN, "系统检修"),
        (QuotaChangeKind.THAWED, "检修完毕"),
    ]
    quota.refresh_from_db()
    state = replay(quota)
    assert (state.capacity, state.version, state.frozen) == (10, 3, False)


def test_what_is_frozen_already_is_left_alone(actor):
    quota = frozen(make_slot(10), actor)
    assert freeze({quota.pk: 1}, reason="再次", actor=actor, now=NOW) == []
    assert QuotaChange.objects.count() == 1


def test_somebody_elses_change_is_not_frozen_unseen(actor):
    quota = quota_of(make_slot(10))
    set_quota(quota.pk, 12, version=1, reason="高峰", actor=actor, now=NOW)
    with pytest.raises(QuotasRefused):
        freeze({quota.pk: 1}, reason="系统检修", actor=actor, now=NOW)
    assert not quota_of(quota.slot).frozen


def test_it_needs_a_reason_and_a_window_that_is_not_over(actor):
    over = quota_of(make_slot(10, starts_at=NOW - HOUR))
    with pytest.raises(SlotOver):
        freeze({over.pk: 1}, reason="系统检修", actor=actor, now=NOW)
    with pytest.raises(ValueError):
        freeze({over.pk: 1}, reason=" ", actor=actor, now=NOW)


def test_opening_a_closed_window_does_not_thaw_it(actor):
    slot = make_slot(10, walk_in=2)
    frozen(slot, actor)
    close_slots([slot.pk], reason="停电", actor=actor, now=NOW)
    reopen_slots([slot.pk], reason="来电", actor=actor, now=NOW)
    assert (quota_of(slot).frozen, quota_of(slot).closed) == (True, True)
    assert not quota_of(slot, Pool.WALK_IN).closed


def test_thawing_at_a_closed_window_waits_for_its_opening(actor):
    slot = make_slot(10)
    quota = frozen(slot, actor)
    close_slots([slot.pk], reason="停电", actor=actor, now=NOW)
    thaw({quota.pk: 3}, reason="检修完毕", actor=actor, now=NOW)
    assert (quota_of(slot).frozen, quota_of(slot).closed) == (False, True)
    reopen_slots([slot.pk], reason="来电", actor=actor, now=NOW)
    assert not quota_of(slot).closed


def test_the_evenings_release_waits_until_it_is_thawed(actor):
    slot = make_slot(10, assisted=4)
    quota = frozen(slot, actor)
    evening = dt.datetime(2026, 8, 3, 10, 30, tzinfo=dt.UTC)
    assert release_reserve(evening) == 0
    thaw({quota.pk: 2}, reason="检修完毕", actor=actor, now=evening)
    assert release_reserve(evening) == 4
    assert quota_of(slot).capacity == 14


def test_the_evenings_release_gives_out_no_frozen_reserve(actor):
    slot = make_slot(10, assisted=4)
    quota = quota_of(slot, Pool.ASSISTED)
    freeze({quota.pk: 1}, reason="留作备用", actor=actor, now=NOW)
    evening = dt.datetime(2026, 8, 3, 10, 30, tzinfo=dt.UTC)
    assert release_reserve(evening) == 0
    thaw({quota.pk: 2}, reason="不再需要", actor=actor, now=evening)
    assert release_reserve(evening) == 4


def test_at_its_start_what_is_left_goes_to_people_without_a_booking(actor):
    slot = make_slot(10)
    frozen(slot, actor)
    assert hand_over_to_walk_in(slot.starts_at) == 10
    assert quota_of(slot, Pool.WALK_IN).capacity == 10


def test_a_frozen_number_may_still_be_changed(actor):
    quota = frozen(make_slot(10), actor)
    set_quota(quota.pk, 12, version=2, reason="高峰", actor=actor, now=NOW)
    quota.refresh_from_db()
    assert (quota.capacity, quota.frozen, quota.closed) == (12, True, True)
