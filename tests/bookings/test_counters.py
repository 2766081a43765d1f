"""Counters open and shut, and the windows follow: at once, with a reason, and back again."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bookings.domain import counters as verbs
from bookings.domain.counters import NewCounters, When
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.publishing import ConflictKind, publish
from bookings.domain.quotas import set_quota
from bookings.enums import QuotaChangeKind
from bookings.models import Quota, QuotaChange, Slot
from offices.models import Counter, CounterShift, Office, OpeningHours
from tests.factories import NOW, make_line, make_office, make_party
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

# The office's clock says Monday 3 August, 09:00.
MONDAY = dt.date(2026, 8, 3)
TUESDAY = dt.date(2026, 8, 4)
LONG_AGO = dt.date(2020, 1, 1)
XIAMEN = ZoneInfo("Asia/Shanghai")


def open_hours(office: Office, times: str, capacity: int | None = None) -> None:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    for weekday in range(7):
        OpeningHours.objects.create(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=opens,
            closes=closes,
            capacity=capacity,
            valid_from=LONG_AGO,
        )


def places(day: dt.date) -> dict[str, int]:
    """Of each window of the day, all pools together, by its local start."""
    slots = Slot.objects.filter(date=day).prefetch_related("quotas").order_by("starts_at")
    return {
        f"{slot.local_start:%H:%M}": sum(quota.capacity for quota in slot.quotas.all())
        for slot in slots
    }


def slot_at(day: dt.date, time: str) -> Slot:
    return Slot.objects.get(
        starts_at=dt.datetime.combine(day, dt.time.fromisoformat(time), tzinfo=XIAMEN)
    )


@pytest.fixture
def office() -> Office:
    """Four counters, open every day 13:00–15:00: 12 places each hour."""
    office = make_office(policy={"slot_minutes": 60})
    open_hours(office, "13:00-15:00")
    for label in "1234":
        Counter.objects.create(office=office, line=make_line(), label=label)
    publish(office, NOW)
    return office


@pytest.fixture
def actor(office: Office) -> Actor:
    return Actor(operator=make_staff(office=office, username="planner"))


def counter(office: Office, label: str = "1") -> Counter:
    return office.counters.get(label=label)


@pytest.mark.row("JJ-01")
def test_opening_a_window_raises_the_places_of_that_session(office, actor):
    Counter.objects.create(office=office, line=make_line(), label="5", is_open=False)
    assert places(TUESDAY) == {"13:00": 12, "14:00": 12}

    report = verbs.open_counters(
        [counter(office, "5")], When(TUESDAY, TUESDAY), reason="高峰", actor=actor, now=NOW
    )

    assert places(TUESDAY) == {"13:00": 15, "14:00": 15}
    assert places(MONDAY) == {"13:00": 12, "14:00": 12}
    assert (report.changed, report.conflicts) == (2, ())


@pytest.mark.row("JJ-08")
def test_a_new_window_from_two_adds_places_from_two_only(office, actor):
    new = NewCounters(office, make_line(), "acceptance", ("5",))
    when = When(TUESDAY, TUESDAY, from_time=dt.time(14))
    verbs.add_counters(new, when, reason="增设窗口", actor=actor, now=NOW)
    assert places(TUESDAY) == {"13:00": 12, "14:00": 15}


@pytest.mark.row("WH-05")
def test_three_more_windows_in_july_and_august(office, actor):
    late_august = dt.datetime(2026, 8, 25, 1, tzinfo=dt.UTC)
    publish(office, late_august)
    new = NewCounters(office, make_line(), "acceptance", ("5", "6", "7"))
    when = When(dt.date(2026, 7, 1), dt.date(2026, 8, 31))

    verbs.add_counters(new, when, reason="暑期高峰", actor=actor, now=late_august)

    assert places(dt.date(2026, 8, 31)) == {"13:00": 21, "14:00": 21}
    assert places(dt.date(2026, 9, 1)) == {"13:00": 12, "14:00": 12}


@pytest.mark.row("FS-30")
def test_a_missing_examiner_lowers_the_places(office, actor):
    when = When(TUESDAY, TUESDAY)
    verbs.shut_counters([counter(office)], when, reason="考试员病假", actor=actor, now=NOW)
    assert places(TUESDAY) == {"13:00": 9, "14:00": 9}


def test_a_counter_serves_its_own_line_only(office, actor):
    foreigners = Counter.objects.create(office=office, line=make_line("foreigners"), label="9")
    verbs.shut_counters([foreigners], When(TUESDAY), reason="检修", actor=actor, now=NOW)
    assert places(TUESDAY) == {"13:00": 12, "14:00": 12}


def test_hours_with_a_fixed_number_stay(office, actor):
    open_hours(office, "08:00-09:00", capacity=30)
    publish(office, NOW)
    verbs.shut_counters([counter(office)], When(TUESDAY), reason="检修", actor=actor, now=NOW)
    assert places(TUESDAY) == {"08:00": 30, "13:00": 9, "14:00": 9}


def test_nobody_loses_a_place_when_a_counter_shuts(office, actor):
    slot = slot_at(TUESDAY, "13:00")
    booking = book(make_party(slot, 5), SYSTEM, NOW)
    verbs.shut_counters(
        list(office.counters.all()), When(TUESDAY, TUESDAY), reason="停电", actor=actor, now=NOW
    )
    quota = Quota.objects.get(slot=slot, pool="online")
    assert (quota.capacity, quota.taken) == (5, 5)
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_shutting_tells_where_people_stand_in_the_way(office, actor):
    slot = slot_at(TUESDAY, "13:00")
    book(make_party(slot, 5), SYSTEM, NOW)
    when = When(TUESDAY, TUESDAY)
    report = verbs.shut_counters(
        list(office.counters.all()), when, reason="停电", actor=actor, now=NOW
    )
    assert [(one.kind, one.slot_id, one.bookings) for one in report.conflicts] == [
        (ConflictKind.BELOW_TAKEN, slot.pk, 1)
    ]


def test_numbers_that_staff_have_set_stay(office, actor):
    quota = Quota.objects.get(slot=slot_at(TUESDAY, "13:00"), pool="online")
    set_quota(quota.pk, 20, version=1, reason="高峰", actor=actor, now=NOW)
    verbs.shut_counters([counter(office)], When(TUESDAY), reason="检修", actor=actor, now=NOW)
    quota.refresh_from_db()
    assert quota.capacity == 20


def test_every_window_that_follows_keeps_who_when_and_why(office, actor):
    verbs.shut_counters(
        [counter(office)], When(TUESDAY, TUESDAY), reason=" 检修 ", actor=actor, now=NOW
    )
    changes = QuotaChange.objects.filter(quota__pool="online").order_by("quota__slot__starts_at")
    kept = [
        (one.kind, one.account, one.at, one.reason, one.from_capacity, one.to_capacity)
        for one in changes
    ]
    published = QuotaChangeKind.PUBLISHED
    assert kept == [(published, actor.operator, NOW, "检修", 10, 7)] * 2
    entered = CounterShift.objects.get()
    assert (entered.created_by, entered.reason, entered.is_open) == (actor.operator, "检修", False)


def test_a_shift_that_is_taken_back_leaves_the_windows_as_they_were_and_its_trace(office, actor):
    before = places(TUESDAY)
    verbs.shut_counters([counter(office)], When(TUESDAY), reason="病假", actor=actor, now=NOW)
    entered = CounterShift.objects.get()

    verbs.withdraw_shift(entered, reason="已到岗", actor=actor, now=NOW)
    again = verbs.withdraw_shift(entered, reason="再次", actor=SYSTEM, now=NOW)

    assert places(TUESDAY) == before
    entered.refresh_from_db()
    assert (entered.withdrawn_by, entered.withdrawn_because) == (actor.operator, "已到岗")
    assert entered.withdrawn_at == NOW
    assert again.changed == 0


def test_a_change_needs_a_reason(office, actor):
    with pytest.raises(ValueError, match="reason"):
        verbs.shut_counters([counter(office)], When(TUESDAY), reason=" ", actor=actor, now=NOW)
    assert CounterShift.objects.count() == 0


# --- Before it is made ---------------------------------------------------------------------------


def test_a_look_ahead_shows_each_window_from_what_to_what(office):
    effects = verbs.foresee_shift([counter(office)], False, When(TUESDAY, TUESDAY), NOW)
    shown = [(one.slot_id, one.before, one.after, one.edited, one.bookings) for one in effects]
    assert shown == [
        (slot_at(TUESDAY, "13:00").pk, 12, 9, False, 0),
        (slot_at(TUESDAY, "14:00").pk, 12, 9, False, 0),
    ]


def test_a_look_ahead_changes_nothing(office):
    new = NewCounters(office, make_line(), "acceptance", ("5",))
    effects = verbs.foresee_new(new, When(TUESDAY, TUESDAY), NOW)
    assert [one.after for one in effects] == [15, 15]
    assert (office.counters.count(), CounterShift.objects.count()) == (4, 0)
    assert places(TUESDAY) == {"13:00": 12, "14:00": 12}
    assert QuotaChange.objects.count() == 0


def test_a_look_ahead_tells_what_stays_and_who_is_in_the_way(office, actor):
    quota = Quota.objects.get(slot=slot_at(TUESDAY, "14:00"), pool="online")
    set_quota(quota.pk, 20, version=1, reason="高峰", actor=actor, now=NOW)
    booked = slot_at(TUESDAY, "13:00")
    book(make_party(booked, 4), SYSTEM, NOW)
    book(make_party(booked, 4), SYSTEM, NOW)

    all_counters = list(office.counters.all())
    first, second = verbs.foresee_shift(all_counters, False, When(TUESDAY, TUESDAY), NOW)

    assert (first.before, first.after, first.bookings, first.edited) == (12, 8, 2, False)
    assert (second.before, second.after, second.bookings, second.edited) == (22, 20, 0, True)


def test_what_was_foreseen_is_what_comes(office, actor):
    book(make_party(slot_at(TUESDAY, "13:00"), 5), SYSTEM, NOW)
    chosen, when = [counter(office), counter(office, "2")], When(MONDAY, None, dt.time(14))
    effects = verbs.foresee_shift(chosen, False, when, NOW)
    verbs.shut_counters(chosen, when, reason="培训", actor=actor, now=NOW)
    quotas = Quota.objects.values_list("slot", "capacity")
    for effect in effects:
        assert effect.after == sum(places for slot, places in quotas if slot == effect.slot_id)
    assert len(effects) == 15


def test_a_look_at_taking_back_shows_the_places_that_return(office, actor):
    verbs.shut_counters(
        [counter(office)], When(TUESDAY, TUESDAY), reason="病假", actor=actor, now=NOW
    )
    effects = verbs.foresee_withdrawal(CounterShift.objects.get(), NOW)
    assert [(one.before, one.after) for one in effects] == [(9, 12), (9, 12)]
    assert CounterShift.objects.get().withdrawn_at is None
