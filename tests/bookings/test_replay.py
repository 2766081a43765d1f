"""The log of a quota leads to what is there, or says where it breaks."""

import datetime as dt

import pytest

from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.parties import SYSTEM
from bookings.domain.quotas import set_quota
from bookings.domain.release import release_reserve
from bookings.domain.replay import LogBroken, QuotaState, replay, untrue_logs
from bookings.models import Quota, QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_slot, quota_of

pytestmark = pytest.mark.django_db


def edited() -> Quota:
    quota = quota_of(make_slot(30))
    for version, capacity in enumerate((45, 40, 50), start=1):
        set_quota(quota.pk, capacity, version=version, reason="调整", actor=SYSTEM, now=NOW)
    return quota_of(quota.slot)


def test_what_was_never_changed_is_as_published():
    assert replay(quota_of(make_slot(30))) == QuotaState(30)


def test_every_kind_of_change_leads_to_what_is_there():
    quota = edited()
    make_slot(10, assisted=4, starts_at=NOW + dt.timedelta(hours=26))
    slots = list(Quota.objects.values_list("slot", flat=True).distinct())
    close_slots(slots, reason="检修", actor=SYSTEM, now=NOW)
    reopen_slots(slots, reason="修好", actor=SYSTEM, now=NOW)
    assert release_reserve(NOW + dt.timedelta(hours=12)) == 4
    assert replay(quota_of(quota.slot)) == QuotaState(50, 6)
    assert list(untrue_logs(slots)) == []


def test_a_lost_change_is_found():
    quota = edited()
    QuotaChange.objects.filter(quota=quota, version=3).delete()
    with pytest.raises(LogBroken):
        replay(quota)
    assert len(list(untrue_logs([quota.slot_id]))) == 1


def test_a_change_without_a_log_is_found():
    quota = quota_of(make_slot(walk_in=3), Pool.WALK_IN)
    Quota.objects.filter(pk=quota.pk).update(capacity=4)
    set_quota(quota.pk, 6, version=1, reason="调整", actor=SYSTEM, now=NOW)
    Quota.objects.filter(pk=quota.pk).update(version=3)
    [sentence] = untrue_logs([quota.slot_id])
    assert "its log leads to" in sentence
