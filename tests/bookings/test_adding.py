"""Extra numbers for people without a booking (加号)."""

import datetime as dt

import pytest

from applicants.models import Account
from bookings.domain import adding
from bookings.domain.adding import Addition, NoWindowLeft, add_numbers, added_days
from bookings.domain.closing import close_slots
from bookings.domain.freezing import PlacesFrozen, freeze
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.quotas import set_quota, undo
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot
from offices.enums import Pool
from tests.factories import NOW, make_line, make_office, make_slot, quota_of

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
TOMORROW = NOW.date() + DAY


@pytest.fixture
def actor(db: None) -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


def addition(places: int, day: dt.date = TOMORROW, **fields) -> Addition:
    return Addition(make_office(), make_line(), day, places, **fields)


def add(places: int, actor: Actor, day: dt.date = TOMORROW, **fields) -> list[QuotaChange]:
    wanted = addition(places, day, **fields)
    return add_numbers(wanted, reason="现场人多", actor=actor, now=NOW)


def walk_ins() -> list[int]:
    quotas = Quota.objects.filter(pool=Pool.WALK_IN).order_by("slot__starts_at")
    return list(quotas.values_list("capacity", flat=True))


@pytest.mark.row("FS-19")
def test_a_supervisor_adds_twenty_walk_in_numbers_on_a_date_and_21_dates_are_listed(actor):
    for offset in range(1, 22):
        make_slot(10, starts_at=NOW + offset * DAY + HOUR)
        add(20, actor, NOW.date() + offset * DAY)
    assert walk_ins() == [20] * 21
    days = added_days(make_office(), NOW.date(), NOW.date() + 30 * DAY)
    assert [day.date for day in days] == [NOW.date() + offset * DAY for offset in range(21, 0, -1)]
    assert {(day.places, *day.reasons) for day in days} == {(20, "现场人多")}


def frozen(*slots: Slot) -> None:
    quotas = [quota_of(slot, Pool.WALK_IN) for slot in slots]
    freeze({one.pk: one.version for one in quotas}, reason="设备检修", actor=SYSTEM, now=NOW)


def test_frozen_windows_get_none_for_nobody_would_have_them(actor):
    first, second = (make_slot(starts_at=NOW + DAY + hours * HOUR) for hours in (1, 2))
    frozen(first)
    add(5, actor)
    assert walk_ins() == [0, 5]
    with pytest.raises(PlacesFrozen):
        add(5, actor, slot_id=first.pk)
    frozen(second)
    with pytest.raises(PlacesFrozen, match="请先在“批量调整”中解除冻结"):
        add(5, actor)
    assert walk_ins() == [0, 5]


def test_they_are_spread_over_the_windows_that_remain_the_earlier_ones_first(actor):
    make_slot(walk_in=1, starts_at=NOW - HOUR)
    closed = make_slot(walk_in=1, starts_at=NOW + HOUR)
    for hours in (2, 3, 4):
        make_slot(walk_in=2, starts_at=NOW + hours * HOUR)
    close_slots([closed.pk], reason="停电", actor=actor, now=NOW)
    add(20, actor, NOW.date())
    assert walk_ins() == [1, 1, 9, 9, 8]
    added = QuotaChange.objects.filter(kind=QuotaChangeKind.ADDED)
    assert sum(change.to_capacity - change.from_capacity for change in added) == 20


def test_or_all_of_them_to_one_window(actor):
    make_slot(walk_in=2)
    second = make_slot(walk_in=2, starts_at=NOW + 26 * HOUR)
    add(5, actor, slot_id=second.pk)
    assert walk_ins() == [2, 7]


def test_places_for_bookings_stay(actor):
    slot = make_slot(10, assisted=3)
    add(5, actor)
    assert [quota_of(slot, pool).capacity for pool in ("online", "assisted")] == [10, 3]


def test_a_day_without_an_open_window_is_said(actor):
    with pytest.raises(NoWindowLeft):
        add(5, actor)


def test_a_colleagues_change_in_between_is_added_to(actor, monkeypatch):
    quota = quota_of(make_slot(walk_in=2), Pool.WALK_IN)
    edits = adding._edits

    def interrupted(wanted, now):
        read = edits(wanted, now)
        if quota_of(quota.slot, Pool.WALK_IN).capacity == 2:
            set_quota(quota.pk, 6, version=1, reason="调整", actor=actor, now=NOW)
        return read

    monkeypatch.setattr(adding, "_edits", interrupted)
    add(5, actor)
    assert walk_ins() == [11]


def test_numbers_that_were_set_back_are_not_listed(actor):
    make_slot(walk_in=2)
    make_slot(walk_in=2, starts_at=NOW + 26 * HOUR)
    [change, *_rest] = add(10, actor)
    versions = dict(Quota.objects.values_list("pk", "version"))
    undo(change, versions, reason="撤销", actor=actor, now=NOW + HOUR)
    assert walk_ins() == [2, 2]
    assert added_days(make_office(), TOMORROW, TOMORROW) == []
