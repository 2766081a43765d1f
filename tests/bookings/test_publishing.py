"""Hours − closures + sessions become slots; running it twice changes nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.domain import allocation, lifecycle
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.freezing import freeze
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.publishing import Conflict, ConflictKind, publish, publish_all
from bookings.domain.quotas import set_quota
from bookings.domain.release import release_reserve
from bookings.domain.replay import untrue_logs
from bookings.enums import QuotaChangeKind
from bookings.models import Booking, Quota, QuotaChange, Slot
from offices.domain.calendar import import_holidays
from offices.enums import Pool, SessionKind
from offices.models import Closure, Counter, Office, OpeningHours, Session
from tests.factories import NOW, make_line, make_office, make_party

pytestmark = pytest.mark.django_db

# The office's clock says Monday 3 August, 09:00.
MONDAY = dt.date(2026, 8, 3)
TUESDAY = dt.date(2026, 8, 4)
SATURDAY = dt.date(2026, 8, 8)
DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2020, 1, 1)
XIAMEN = ZoneInfo("Asia/Shanghai")
SUPERVISOR = Actor()


def open_hours(
    office: Office, times: str, weekdays: str = "01234", capacity: int | None = 30, **fields: Any
) -> None:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    for weekday in map(int, weekdays):
        OpeningHours.objects.create(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=opens,
            closes=closes,
            capacity=capacity,
            **{"valid_from": LONG_AGO} | fields,
        )


def add_session(office: Office, day: dt.date, times: str, capacity: int, **fields: Any) -> Session:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    fields = {"kind": SessionKind.SATURDAY} | fields
    return Session.objects.create(
        office=office,
        line=make_line(),
        date=day,
        opens=opens,
        closes=closes,
        capacity=capacity,
        **fields,
    )


def close(office: Office, first: dt.date, last: dt.date | None = None) -> Closure:
    return Closure.objects.create(
        office=office, first_day=first, last_day=last or first, reason="设备检修"
    )


def slot_at(office: Office, day: dt.date, time: str) -> Slot:
    local = dt.datetime.combine(day, dt.time.fromisoformat(time), tzinfo=office.zone)
    return Slot.objects.get(office=office, starts_at=local)


def times_of(office: Office, day: dt.date) -> list[str]:
    slots = Slot.objects.filter(office=office, date=day)
    return [f"{slot.local_start:%H:%M}-{slot.local_end:%H:%M}" for slot in slots]


def places_of(slot: Slot) -> dict[str, int]:
    return dict(slot.quotas.values_list("pool", "capacity"))


def writes(queries: CaptureQueriesContext) -> list[str]:
    statements = (query["sql"] for query in queries.captured_queries)
    return [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.fixture
def office() -> Office:
    """Open on weekdays 9:00–11:00 with 30 places each half-hour."""
    office = make_office()
    open_hours(office, "09:00-11:00")
    return office


# --- What is published -------------------------------------------------------------------------


def test_hours_become_slots_with_a_quota_for_each_pool(office: Office) -> None:
    report = publish(office, NOW)

    assert times_of(office, TUESDAY) == [
        "09:00-09:30",
        "09:30-10:00",
        "10:00-10:30",
        "10:30-11:00",
    ]
    assert places_of(slot_at(office, TUESDAY, "10:00")) == {
        Pool.ONLINE: 24,
        Pool.ASSISTED: 3,
        Pool.WALK_IN: 3,
    }
    # Eleven weekdays with four windows; this morning's first one has begun.
    assert (report.created, report.changed, report.removed, report.conflicts) == (43, 0, 0, ())
    assert Slot.objects.count() == 43


def test_nothing_is_published_beyond_the_horizon_of_14_days(office: Office) -> None:
    publish(office, NOW)
    days = Slot.objects.values_list("date", flat=True)
    assert (min(days), max(days)) == (MONDAY, MONDAY + 14 * DAY)


def test_windows_that_have_begun_are_not_published(office: Office) -> None:
    publish(office, NOW + dt.timedelta(minutes=45))
    assert times_of(office, MONDAY) == ["10:00-10:30", "10:30-11:00"]


def test_a_day_opens_at_eight_as_many_days_before_as_the_horizon_has(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, MONDAY + 14 * DAY, "09:00")
    assert slot.opens_at == dt.datetime(2026, 8, 3, 8, 0, tzinfo=XIAMEN)


def test_the_night_before_the_new_day_is_published_but_not_open(office: Office) -> None:
    midnight = dt.datetime(2026, 8, 3, 0, 30, tzinfo=XIAMEN)
    publish(office, midnight)
    opening = dt.datetime(2026, 8, 3, 8, 0, tzinfo=XIAMEN)
    waiting = Slot.objects.filter(opens_at__gt=midnight)
    assert set(waiting.values_list("date", "opens_at")) == {(MONDAY + 14 * DAY, opening)}


def test_release_time_and_horizon_are_the_policys() -> None:
    office = make_office(policy={"horizon_days": 5, "release_time": "07:30"})
    open_hours(office, "09:00-09:30")
    publish(office, NOW)
    slot = slot_at(office, SATURDAY - DAY, "09:00")
    assert slot.opens_at == dt.datetime(2026, 8, 2, 7, 30, tzinfo=XIAMEN)
    assert Slot.objects.latest("date").date == SATURDAY - DAY


def test_local_times_are_the_offices_own() -> None:
    office = make_office("urumqi", timezone="Asia/Urumqi")
    open_hours(office, "10:00-10:30", "1")
    publish(office, NOW)
    starts = Slot.objects.earliest("starts_at").starts_at
    assert starts == dt.datetime(2026, 8, 4, 4, 0, tzinfo=dt.UTC)


def test_open_counters_make_the_capacity_where_the_hours_have_none(office: Office) -> None:
    office = make_office("jinjiang")
    open_hours(office, "09:00-09:30", capacity=None)
    for label in range(20):
        Counter.objects.create(office=office, line=make_line(), label=str(label))
    Counter.objects.create(office=office, line=make_line(), label="closed", is_open=False)
    Counter.objects.create(office=office, line=make_line(), label="ask", kind="consultation")
    publish(office, NOW)
    # 20 counters × 30 minutes, 20 minutes a person.
    assert sum(places_of(slot_at(office, TUESDAY, "09:00")).values()) == 30


def test_shares_of_the_hours_come_before_those_of_the_policy(office: Office) -> None:
    open_hours(office, "14:00-14:30", shares={"online": 70, "assisted": 10, "walk_in": 20})
    publish(office, NOW)
    assert places_of(slot_at(office, TUESDAY, "14:00")) == {
        Pool.ONLINE: 21,
        Pool.ASSISTED: 3,
        Pool.WALK_IN: 6,
    }


@pytest.mark.row("HB-17")
def test_every_half_hour_may_have_a_quota_of_its_own() -> None:
    office = make_office("harbin-city")
    open_hours(office, "09:00-10:00", capacity=40)
    open_hours(office, "10:00-10:30", capacity=20)
    open_hours(office, "10:30-11:00", capacity=10)
    publish(office, NOW)
    slots = Slot.objects.filter(date=TUESDAY)
    assert [sum(places_of(slot).values()) for slot in slots] == [40, 40, 20, 10]


@pytest.mark.row("XM-22")
def test_a_weekly_template_publishes_monday_to_sunday_and_holidays_override_it() -> None:
    office = make_office()
    open_hours(office, "09:00-10:00", "0123456")
    import_holidays(2026)

    publish(office, NOW)
    fortnight = Slot.objects.values_list("date", flat=True).distinct()
    assert {day.weekday() for day in fortnight} == set(range(7))

    publish(office, dt.datetime(2026, 9, 29, tzinfo=XIAMEN))
    october = Slot.objects.filter(date__range=("2026-09-29", "2026-10-12"))
    assert sorted({f"{day:%m-%d}" for day in october.values_list("date", flat=True)}) == [
        "09-29",
        "09-30",
        "10-08",
        "10-09",
        "10-10",
        "10-11",
        "10-12",
    ]


def test_an_office_may_keep_its_hours_on_holidays() -> None:
    import_holidays(2026)
    office = make_office(policy={"open_on_holidays": True})
    open_hours(office, "09:00-09:30", "0123456")
    publish(office, dt.datetime(2026, 9, 30, 12, tzinfo=XIAMEN))
    assert times_of(office, dt.date(2026, 10, 1)) == ["09:00-09:30"]


def test_a_make_up_workday_has_mondays_hours(office: Office) -> None:
    import_holidays(2026)
    publish(office, dt.datetime(2026, 9, 15, tzinfo=XIAMEN))
    # Sunday 20 September is worked for National Day.
    assert len(times_of(office, dt.date(2026, 9, 20))) == 4


@pytest.mark.row("HB-08")
def test_a_session_opens_the_office_on_a_public_holiday(office: Office) -> None:
    import_holidays(2026)
    days = [dt.date(2026, 10, day) for day in range(1, 8)]
    for day in days:
        add_session(office, day, "09:00-10:00", 10, kind=SessionKind.HOLIDAY)
    publish(office, dt.datetime(2026, 9, 25, tzinfo=XIAMEN))
    assert [times_of(office, day) for day in days] == [["09:00-09:30", "09:30-10:00"]] * 7


def test_a_saturday_session_has_a_quota_of_its_own(office: Office) -> None:
    publish(office, NOW)
    assert times_of(office, SATURDAY) == []

    session = add_session(office, SATURDAY, "09:00-10:00", 12)
    publish(office, NOW)

    assert times_of(office, SATURDAY) == ["09:00-09:30", "09:30-10:00"]
    slot = slot_at(office, SATURDAY, "09:00")
    assert slot.session == session
    assert places_of(slot) == {Pool.ONLINE: 10, Pool.ASSISTED: 1, Pool.WALK_IN: 1}


def test_an_inactive_office_publishes_nothing(office: Office) -> None:
    Office.objects.update(is_active=False)
    assert publish(office, NOW).created == 0


def test_publish_all_publishes_every_office(office: Office) -> None:
    other = make_office("jinjiang")
    open_hours(other, "09:00-09:30", "1")
    assert publish_all(NOW).created == 43 + 2


# --- Running it again --------------------------------------------------------------------------


def test_running_it_twice_changes_nothing(office: Office) -> None:
    add_session(office, SATURDAY, "09:00-10:00", 12)
    close(office, TUESDAY)
    publish(office, NOW)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = publish(office, NOW)
    assert writes(queries) == []
    assert (report.created, report.changed, report.removed) == (0, 0, 0)


def test_running_it_twice_changes_nothing_where_there_are_conflicts(office: Office) -> None:
    publish(office, NOW)
    book(make_party(slot_at(office, TUESDAY, "10:00"), 3), SYSTEM, NOW)
    book(make_party(slot_at(office, TUESDAY + DAY, "10:00"), 3), SYSTEM, NOW)
    close(office, TUESDAY)
    OpeningHours.objects.update(capacity=2)
    first = publish(office, NOW)
    with CaptureQueriesContext(connection) as queries:
        second = publish(office, NOW)
    assert writes(queries) == []
    assert second.conflicts == first.conflicts
    assert [conflict.kind for conflict in second.conflicts] == [
        ConflictKind.OUTSIDE_HOURS,
        ConflictKind.BELOW_TAKEN,
    ]


def test_the_number_of_queries_does_not_grow_with_the_number_of_slots(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    one, many = make_office("one"), make_office("many")
    open_hours(one, "09:00-09:30", "1")
    open_hours(many, "08:00-18:00", "0123456")
    for office in (one, many):
        with django_assert_max_num_queries(12):
            publish(office, NOW)
        with django_assert_max_num_queries(11):
            publish(office, NOW)


def test_the_next_night_adds_the_next_day(office: Office) -> None:
    publish(office, NOW)
    report = publish(office, NOW + DAY)
    assert report.created == 4
    assert times_of(office, TUESDAY + 14 * DAY) == times_of(office, TUESDAY)


# --- Changed hours -----------------------------------------------------------------------------


def test_slots_that_nobody_touched_follow_changed_hours(office: Office) -> None:
    publish(office, NOW)
    OpeningHours.objects.update(opens=dt.time(10), capacity=20)
    report = publish(office, NOW)
    assert times_of(office, TUESDAY) == ["10:00-10:30", "10:30-11:00"]
    assert sum(places_of(slot_at(office, TUESDAY, "10:00")).values()) == 20
    assert (report.created, report.changed, report.removed) == (0, 22, 21)


def test_a_capacity_that_follows_is_kept_in_the_history(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    OpeningHours.objects.update(capacity=45)
    publish(office, NOW)
    change = QuotaChange.objects.get(quota__slot=slot, quota__pool=Pool.ONLINE)
    assert (change.kind, change.from_capacity, change.to_capacity, change.version) == (
        QuotaChangeKind.PUBLISHED,
        24,
        36,
        2,
    )
    assert Quota.objects.get(slot=slot, pool=Pool.ONLINE).version == 2


def test_opening_a_counter_raises_the_places_of_slots_with_bookings_too() -> None:
    office = make_office()
    open_hours(office, "09:00-10:00", capacity=None)
    for label in range(10):
        Counter.objects.create(office=office, line=make_line(), label=str(label))
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "09:00")
    book(make_party(slot, 3), SYSTEM, NOW)

    Counter.objects.create(office=office, line=make_line(), label="10")
    Counter.objects.create(office=office, line=make_line(), label="11")
    report = publish(office, NOW)

    assert sum(places_of(slot).values()) == 18
    assert report.conflicts == ()


def test_a_quota_never_drops_under_what_is_taken(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot, 5), SYSTEM, NOW)
    OpeningHours.objects.update(capacity=3)
    report = publish(office, NOW)
    assert places_of(slot) == {Pool.ONLINE: 5, Pool.ASSISTED: 0, Pool.WALK_IN: 0}
    assert report.conflicts == (Conflict(ConflictKind.BELOW_TAKEN, slot.pk, slot.starts_at, 1),)


def test_a_quota_that_staff_edited_is_left_alone(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    quota = slot.quotas.get(pool=Pool.ONLINE)
    set_quota(quota.pk, 39, version=1, reason="春节高峰", actor=SUPERVISOR, now=NOW)
    OpeningHours.objects.update(capacity=10)
    publish(office, NOW)
    assert places_of(slot) == {Pool.ONLINE: 39, Pool.ASSISTED: 1, Pool.WALK_IN: 1}


def test_places_that_were_released_online_stay_there(office: Office) -> None:
    publish(office, NOW)
    evening = dt.datetime(2026, 8, 3, 18, 5, tzinfo=XIAMEN)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot, 1, channel="phone"), SYSTEM, NOW)
    release_reserve(evening)
    released = {Pool.ONLINE: 26, Pool.ASSISTED: 1, Pool.WALK_IN: 3}
    assert places_of(slot) == released

    assert publish(office, evening).changed == 0
    assert places_of(slot) == released

    OpeningHours.objects.update(capacity=60)
    publish(office, evening)
    assert places_of(slot) == {Pool.ONLINE: 53, Pool.ASSISTED: 1, Pool.WALK_IN: 6}


def test_released_places_of_a_slot_that_staff_edited_stand(office: Office) -> None:
    publish(office, NOW)
    evening = dt.datetime(2026, 8, 3, 18, 5, tzinfo=XIAMEN)
    slot = slot_at(office, TUESDAY, "10:00")
    quota = slot.quotas.get(pool=Pool.ASSISTED)
    set_quota(quota.pk, 8, version=1, reason="团队", actor=SUPERVISOR, now=NOW)
    release_reserve(evening)
    assert publish(office, evening).changed == 0
    assert places_of(slot) == {Pool.ONLINE: 32, Pool.ASSISTED: 0, Pool.WALK_IN: 3}


def test_changing_a_thousand_slots_takes_no_more_queries_than_changing_one(
    office: Office, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    open_hours(office, "00:00-08:00", "0123456", capacity=10)
    publish(office, NOW)
    OpeningHours.objects.update(capacity=40)
    with django_assert_max_num_queries(18):
        assert publish(office, NOW).changed > 200
    assert QuotaChange.objects.filter(to_capacity=32).count() > 200


# --- Slots that the hours no longer hold -------------------------------------------------------


def test_a_closure_removes_the_slots_that_nobody_touched(office: Office) -> None:
    publish(office, NOW)
    close(office, TUESDAY)
    report = publish(office, NOW)
    assert times_of(office, TUESDAY) == []
    assert (report.removed, report.conflicts) == (4, ())


def test_a_slot_with_bookings_is_not_deleted_but_withdrawn_and_reported(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    booking = book(make_party(slot, 3), SYSTEM, NOW)
    close(office, TUESDAY)

    report = publish(office, NOW)

    slot.refresh_from_db()
    assert (slot.withdrawn, slot.closed_at) == (True, NOW)
    assert set(slot.quotas.values_list("closed", flat=True)) == {True}
    assert times_of(office, TUESDAY) == ["10:00-10:30"]
    assert report.conflicts == (Conflict(ConflictKind.OUTSIDE_HOURS, slot.pk, slot.starts_at, 1),)
    booking.refresh_from_db()
    assert (booking.status, slot.quotas.get(pool=Pool.ONLINE).taken) == ("confirmed", 3)


def test_a_withdrawn_slot_takes_no_more_bookings(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot), SYSTEM, NOW)
    close(office, TUESDAY)
    publish(office, NOW)
    with pytest.raises(allocation.NoPlaces):
        allocation.settle({slot.quotas.get(pool=Pool.ONLINE).pk: 1})


def test_a_slot_with_cancelled_bookings_is_kept_but_is_no_conflict(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    booking = book(make_party(slot), SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    close(office, TUESDAY)
    assert publish(office, NOW).conflicts == ()
    assert Booking.objects.get().slot == slot


def test_a_withdrawn_slot_opens_again_when_its_hours_come_back(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot, 3), SYSTEM, NOW)
    closure = close(office, TUESDAY)
    publish(office, NOW)
    closure.delete()

    report = publish(office, NOW)

    slot.refresh_from_db()
    assert (slot.withdrawn, slot.closed_at) == (False, None)
    assert set(slot.quotas.values_list("closed", flat=True)) == {False}
    assert (report.created, report.changed, report.conflicts) == (3, 1, ())


def test_what_publishing_withdraws_and_opens_again_is_in_the_log_of_its_quotas(
    office: Office,
) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot, 3), SYSTEM, NOW)
    closure = close(office, TUESDAY)
    publish(office, NOW, reason="台风", actor=SUPERVISOR)
    closure.delete()
    publish(office, NOW)

    log = QuotaChange.objects.filter(quota=slot.quotas.get(pool=Pool.ONLINE)).order_by("version")
    assert list(log.values_list("kind", "version", "reason")) == [
        (QuotaChangeKind.CLOSED, 2, "台风"),
        (QuotaChangeKind.REOPENED, 3, ""),
    ]
    assert list(untrue_logs([slot.pk])) == []


def test_publishing_does_not_thaw_what_staff_have_frozen(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    quota = slot.quotas.get(pool=Pool.ONLINE)
    freeze({quota.pk: 1}, reason="系统检修", actor=SUPERVISOR, now=NOW)
    closure = close(office, TUESDAY)
    publish(office, NOW)
    closure.delete()
    publish(office, NOW)
    assert set(slot.quotas.values_list("pool", "frozen", "closed")) == {
        (Pool.ONLINE, True, True),
        (Pool.ASSISTED, False, False),
        (Pool.WALK_IN, False, False),
    }
    assert list(untrue_logs([slot.pk])) == []


def test_an_edited_quota_survives_a_closure_that_was_a_mistake(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    quota = slot.quotas.get(pool=Pool.ONLINE)
    set_quota(quota.pk, 39, version=1, reason="春节高峰", actor=SUPERVISOR, now=NOW)
    closure = close(office, TUESDAY)
    publish(office, NOW)
    closure.delete()
    publish(office, NOW)
    quota.refresh_from_db()
    assert (quota.capacity, quota.closed, slot.quotas.count()) == (39, False, 3)


def test_a_slot_that_staff_closed_is_never_reopened(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    close_slots([slot.pk], reason="停电", actor=SUPERVISOR, now=NOW)
    assert publish(office, NOW).changed == 0
    closure = close(office, TUESDAY)
    publish(office, NOW)
    closure.delete()
    publish(office, NOW)
    slot.refresh_from_db()
    assert slot.closed_at == NOW


def test_staff_who_reopen_a_withdrawn_slot_know_better(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot), SYSTEM, NOW)
    closure = close(office, TUESDAY)
    publish(office, NOW)
    reopen_slots([slot.pk], reason="仍办理", actor=SUPERVISOR, now=NOW)
    assert publish(office, NOW).removed == 0

    close_slots([slot.pk], reason="不再办理", actor=SUPERVISOR, now=NOW)
    closure.delete()
    publish(office, NOW)
    slot.refresh_from_db()
    assert slot.closed_at == NOW


def test_a_shorter_horizon_leaves_what_was_published(office: Office) -> None:
    publish(office, NOW)
    office.policy = {"horizon_days": 3}
    office.save()
    report = publish(office, NOW)
    assert (report.created, report.changed, report.removed) == (0, 0, 0)
    OpeningHours.objects.update(capacity=10)
    publish(office, NOW)
    assert sum(places_of(slot_at(office, MONDAY + 14 * DAY, "10:00")).values()) == 10


def test_an_office_that_is_given_up_keeps_only_what_people_booked(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot), SYSTEM, NOW)
    Office.objects.update(is_active=False)
    assert publish(office, NOW).conflicts == (
        Conflict(ConflictKind.OUTSIDE_HOURS, slot.pk, slot.starts_at, 1),
    )
    assert Slot.objects.get() == slot


# --- Slots whose window changed ----------------------------------------------------------------


def test_a_session_takes_over_slots_that_nobody_booked(office: Office) -> None:
    publish(office, NOW)
    before = slot_at(office, TUESDAY, "10:00")
    session = add_session(office, TUESDAY, "10:00-11:00", 12, kind=SessionKind.STUDENT)
    publish(office, NOW)
    after = slot_at(office, TUESDAY, "10:00")
    assert (after.pk, after.session) == (before.pk, session)
    assert sum(places_of(after).values()) == 12


def test_people_keep_the_window_they_were_promised(office: Office) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot), SYSTEM, NOW)
    office.policy = {"slot_minutes": 60}
    office.save()
    report = publish(office, NOW)
    # 9:00–10:00 is published anew; the one that is booked keeps its half-hour.
    assert times_of(office, TUESDAY) == ["09:00-10:00", "10:00-10:30"]
    assert report.conflicts == (Conflict(ConflictKind.HOURS_DIFFER, slot.pk, slot.starts_at, 1),)


def test_a_deleted_session_leaves_the_weekly_hours(office: Office) -> None:
    session = add_session(office, SATURDAY, "09:00-10:00", 12)
    publish(office, NOW)
    book(make_party(slot_at(office, SATURDAY, "09:00")), SYSTEM, NOW)
    session.delete()
    report = publish(office, NOW)
    assert times_of(office, SATURDAY) == ["09:00-09:30"]
    assert [conflict.kind for conflict in report.conflicts] == [ConflictKind.OUTSIDE_HOURS]


# --- Who calls it ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_every_change_of_hours_is_published_on_commit_once_per_office(office: Office) -> None:
    with (
        time_machine.travel(NOW, tick=False),
        CaptureQueriesContext(connection) as queries,
        transaction.atomic(),
    ):
        open_hours(office, "14:00-15:00")
        add_session(office, SATURDAY, "09:00-10:00", 12)
        close(office, TUESDAY)
        assert times_of(office, SATURDAY) == []
    claims = [query for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(claims) == 1
    assert times_of(office, TUESDAY) == []
    assert times_of(office, SATURDAY) == ["09:00-09:30", "09:30-10:00"]


@pytest.mark.django_db(transaction=True)
def test_a_new_holiday_or_policy_is_published_for_all_offices(office: Office) -> None:
    with time_machine.travel(NOW, tick=False):
        call_command("load_holidays", "2026")
        office.bureau.policy = {"horizon_days": 60}
        office.bureau.save()
    assert Slot.objects.filter(date=dt.date(2026, 9, 30)).exists()
    assert not Slot.objects.filter(date=dt.date(2026, 10, 1)).exists()


def test_the_command_reports_what_it_did(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(office, NOW)
    slot = slot_at(office, TUESDAY, "10:00")
    book(make_party(slot), SYSTEM, NOW)
    close(office, TUESDAY)
    with time_machine.travel(NOW, tick=False):
        call_command("publish", "--office", office.code)
    assert capsys.readouterr().out.splitlines()[0] == "0 created, 0 changed, 4 removed, 1 conflicts"
