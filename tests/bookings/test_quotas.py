"""Staff change quotas: what is kept, what is refused, who wins."""

import datetime as dt

import pytest

from applicants.domain.texts import render
from applicants.enums import MessageKind
from applicants.models import Account, Message
from bookings.domain.availability import slots as windows
from bookings.domain.errors import BelowTaken, ChangedMeanwhile, SlotOver
from bookings.domain.in_the_way import bookings_in_the_way, mask_name, tell
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.domain.quotas import (
    QuotaEdit,
    QuotasRefused,
    move_places,
    set_quota,
    set_quotas,
    undo,
)
from bookings.enums import QuotaChangeKind, Status
from bookings.models import Booking, Quota, QuotaChange
from offices.enums import Pool
from tests.factories import NOW, make_office, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def supervisor() -> Account:
    return Account.objects.create_staff("supervisor", None)


@pytest.fixture
def actor(supervisor) -> Actor:
    return Actor(operator=supervisor)


def history(quota: Quota) -> list[tuple[int, int, str]]:
    changes = QuotaChange.objects.filter(quota=quota).order_by("pk")
    return [(c.from_capacity, c.to_capacity, c.reason) for c in changes]


def test_raising_a_quota_counts_for_the_next_booking(actor, supervisor):
    slot = make_slot(online=1)
    book(make_party(slot), SYSTEM, NOW)
    quota = set_quota(quota_of(slot).pk, 3, version=1, reason="高峰", actor=actor, now=NOW + HOUR)
    assert (quota.capacity, quota.taken, quota.version, quota.edited) == (3, 1, 2, True)
    assert book(make_party(slot, 2), SYSTEM, NOW).places == 2
    change = QuotaChange.objects.get()
    assert (change.account, change.at, change.kind) == (supervisor, NOW + HOUR, "set")
    assert (change.from_capacity, change.to_capacity, change.version) == (1, 3, 2)
    assert change.reason == "高峰"


def test_a_quota_never_drops_under_what_is_taken(actor):
    slot = make_slot(online=5)
    first, second = (book(make_party(slot, 2), SYSTEM, NOW) for _ in range(2))
    quota = quota_of(slot)
    with pytest.raises(BelowTaken) as refusal:
        set_quota(quota.pk, 3, version=1, reason="缩减", actor=actor, now=NOW)
    assert (refusal.value.capacity, refusal.value.taken) == (3, 4)
    assert (quota_of(slot).capacity, quota_of(slot).version, history(quota)) == (5, 1, [])
    in_the_way = bookings_in_the_way(quota.pk, NOW)
    assert [(b.number, b.places, b.status) for b in in_the_way] == [
        (first.number, 2, Status.CONFIRMED),
        (second.number, 2, Status.CONFIRMED),
    ]
    assert in_the_way[0].names == ("演**", "演**")
    assert in_the_way[0].can_be_told


def test_a_quota_may_drop_to_exactly_what_is_taken(actor):
    slot = make_slot(online=5)
    book(make_party(slot, 2), SYSTEM, NOW)
    assert set_quota(quota_of(slot).pk, 2, version=1, reason="缩减", actor=actor, now=NOW).left == 0


def test_expired_holds_stand_in_no_way(actor):
    slot = make_slot(online=3)
    hold = hold_places(make_party(slot, 3), SYSTEM, NOW)
    later = NOW + HOUR
    assert bookings_in_the_way(quota_of(slot).pk, later) == []
    quota = set_quota(quota_of(slot).pk, 0, version=1, reason="停办", actor=actor, now=later)
    assert (quota.capacity, quota.taken) == (0, 0)
    assert Booking.objects.get(pk=hold.pk).status == Status.EXPIRED


def test_the_second_of_two_supervisors_overwrites_nothing(actor):
    quota = quota_of(make_slot(online=30))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW)
    with pytest.raises(ChangedMeanwhile) as refusal:
        set_quota(quota.pk, 20, version=1, reason="人手不足", actor=actor, now=NOW)
    assert (refusal.value.capacity, refusal.value.version) == (45, 2)
    assert history(quota) == [(30, 45, "高峰")]


def test_setting_the_same_number_twice_changes_nothing(actor):
    quota = quota_of(make_slot(online=30))
    for _time in range(2):
        assert set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW).version == 2
    assert history(quota) == [(30, 45, "高峰")]


def test_several_edits_are_made_all_or_none(actor):
    free, busy = make_slot(online=5), make_slot(online=5, starts_at=NOW + 27 * HOUR)
    book(make_party(busy, 3), SYSTEM, NOW)
    edits = [QuotaEdit(quota_of(slot).pk, 1, 1) for slot in (free, busy)]
    with pytest.raises(QuotasRefused) as refused:
        set_quotas(edits, reason="缩减", actor=actor, now=NOW)
    assert [refusal.quota_id for refusal in refused.value.refusals] == [quota_of(busy).pk]
    assert [quota_of(slot).capacity for slot in (free, busy)] == [5, 5]
    assert QuotaChange.objects.count() == 0


def test_a_change_needs_a_reason(actor):
    quota = quota_of(make_slot())
    with pytest.raises(ValueError, match="reason"):
        set_quota(quota.pk, 3, version=1, reason="  ", actor=actor, now=NOW)


def test_the_figures_of_a_window_that_is_over_stay(actor):
    slot = make_slot(starts_at=NOW - 2 * HOUR)
    with pytest.raises(SlotOver):
        set_quota(quota_of(slot).pk, 3, version=1, reason="更正", actor=actor, now=NOW)


def test_places_move_between_the_pools_of_a_window(actor):
    slot = make_slot(online=10, assisted=5)
    online, assisted = quota_of(slot), quota_of(slot, Pool.ASSISTED)
    versions = {online.pk: 1, assisted.pk: 1}
    move_places(assisted.pk, online.pk, 3, versions, reason="网上需求大", actor=actor, now=NOW)
    assert (quota_of(slot).capacity, quota_of(slot, Pool.ASSISTED).capacity) == (13, 2)
    kinds = QuotaChange.objects.values_list("kind", flat=True)
    assert list(kinds) == [QuotaChangeKind.MOVED, QuotaChangeKind.MOVED]
    with pytest.raises(QuotasRefused):
        move_places(assisted.pk, online.pk, 1, versions, reason="再次", actor=actor, now=NOW)


def test_taken_places_do_not_move(actor):
    slot = make_slot(online=4, walk_in=1)
    book(make_party(slot, 3), SYSTEM, NOW)
    online, walk_in = quota_of(slot), quota_of(slot, Pool.WALK_IN)
    with pytest.raises(QuotasRefused) as refused:
        move_places(
            online.pk,
            walk_in.pk,
            2,
            {online.pk: 1, walk_in.pk: 1},
            reason="现场多",
            actor=actor,
            now=NOW,
        )
    assert refused.value.refusals == [BelowTaken(online.pk, 2, 3)]


def test_places_do_not_move_to_another_window(actor):
    one, other = make_slot(), make_slot(starts_at=NOW + 27 * HOUR)
    with pytest.raises(Quota.DoesNotExist):
        move_places(quota_of(one).pk, quota_of(other).pk, 1, {}, reason="错", actor=actor, now=NOW)


def test_a_change_is_undone_as_one_with_those_made_with_it(actor):
    slot = make_slot(online=10, assisted=5)
    online, assisted = quota_of(slot), quota_of(slot, Pool.ASSISTED)
    versions = {online.pk: 1, assisted.pk: 1}
    changes = move_places(
        online.pk, assisted.pk, 4, versions, reason="电话多", actor=actor, now=NOW
    )
    seen = {online.pk: 2, assisted.pk: 2}
    undo(changes[0], seen, reason="撤销", actor=actor, now=NOW + HOUR)
    assert (quota_of(slot).capacity, quota_of(slot, Pool.ASSISTED).capacity) == (10, 5)
    assert history(online) == [(10, 6, "电话多"), (6, 10, "撤销")]


def test_undoing_overwrites_no_later_change(actor):
    quota = quota_of(make_slot(online=30))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW)
    change = QuotaChange.objects.get()
    set_quota(quota.pk, 50, version=2, reason="再加", actor=actor, now=NOW + HOUR)
    with pytest.raises(QuotasRefused):
        undo(change, {quota.pk: 2}, reason="撤销", actor=actor, now=NOW + HOUR)
    assert Quota.objects.get(pk=quota.pk).capacity == 50


def test_a_number_that_is_set_back_follows_the_hours_again(actor):
    quota = quota_of(make_slot(online=30))
    set_quota(quota.pk, 45, version=1, reason="高峰", actor=actor, now=NOW)
    assert quota_of(quota.slot).edited
    undo(QuotaChange.objects.get(), {quota.pk: 2}, reason="撤销", actor=actor, now=NOW + HOUR)
    assert not quota_of(quota.slot).edited


def test_unless_staff_had_decided_it_before(actor):
    quota = quota_of(make_slot(online=30))
    for version, places in ((1, 40), (2, 45)):
        at = NOW + (version - 2) * HOUR
        set_quota(quota.pk, places, version=version, reason="高峰", actor=actor, now=at)
    latest = QuotaChange.objects.get(version=3)
    undo(latest, {quota.pk: 3}, reason="撤销", actor=actor, now=NOW + HOUR)
    assert (quota_of(quota.slot).capacity, quota_of(quota.slot).edited) == (40, True)


def test_undoing_again_and_again_restores_what_was_before_each_time(actor):
    quota = quota_of(make_slot(online=30))
    for version, places in ((1, 45), (3, 40)):
        at = NOW + version * HOUR
        set_quota(quota.pk, places, version=version, reason="高峰", actor=actor, now=at)
        change = QuotaChange.objects.get(version=version + 1)
        undo(change, {quota.pk: version + 1}, reason="撤销", actor=actor, now=at + HOUR)
        assert (quota_of(quota.slot).capacity, quota_of(quota.slot).edited) == (30, False)
    undone = QuotaChange.objects.get(version=5)
    undo(undone, {quota.pk: 5}, reason="还是要加", actor=actor, now=NOW + 5 * HOUR)
    assert (quota_of(quota.slot).capacity, quota_of(quota.slot).edited) == (40, True)


def test_people_in_the_way_are_told_once(actor):
    slot = make_slot(online=5)
    booking = book(make_party(slot), SYSTEM, NOW)
    held = hold_places(make_party(slot), SYSTEM, NOW)
    numbers = [booking.number, held.number]
    for _time in range(2):
        assert tell(numbers, slot.office_id, "设备检修，请改期。", NOW) == 1
    assert tell(numbers, slot.office_id + 1, "设备检修，请改期。", NOW) == 0
    notice = Message.objects.get(kind=MessageKind.OFFICE_NOTICE)
    assert notice.reference == booking.number
    assert "设备检修，请改期。" in render(notice)


def test_names_are_masked_to_what_tells_two_people_apart():
    assert [mask_name(name) for name in ("王小明", "Zhang San", "欧阳 娜娜", "")] == [
        "王**",
        "Z** S**",
        "欧** 娜**",
        "",
    ]


@pytest.mark.row("XM-23")
def test_ten_o_clock_rises_from_thirty_to_forty_five_for_the_next_citizen(actor, supervisor):
    slot = make_slot(online=30)
    for _party in range(6):
        book(make_party(slot, 5), SYSTEM, NOW)
    office, line = make_office(), slot.line
    [before] = windows(office, line, slot.date, "web", NOW)
    assert (before.state, before.places_left) == ("full", 0)
    set_quota(quota_of(slot).pk, 45, version=1, reason="暑期高峰", actor=actor, now=NOW)
    [after] = windows(office, line, slot.date, "web", NOW)
    assert (after.state, after.places_left) == ("open", 15)
    assert slot.local_start.hour == 10
    change = QuotaChange.objects.get()
    assert (change.from_capacity, change.to_capacity) == (30, 45)
    assert (change.reason, change.account) == ("暑期高峰", supervisor)
