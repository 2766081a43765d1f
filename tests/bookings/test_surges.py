"""A plan put in force for some days: seen before, followed by the windows, gone by itself."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.domain import surges
from bookings.domain.closing import close_slots
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.planning import planned_slots
from bookings.domain.promise import book
from bookings.domain.publishing import ConflictKind, PublishReport, publish
from bookings.domain.quotas import set_quota
from bookings.domain.surge_preview import Outcome, SurgePreview, preview, preview_end
from bookings.domain.surges import PeriodState, PlanInForce, PlanInUse
from bookings.enums import QuotaChangeKind, Status
from bookings.models import Booking, Quota, QuotaChange, Slot
from offices.models import Counter, Office, OpeningHours, SurgePeriod, SurgePlan
from tests.factories import NOW, make_bureau, make_line, make_office, make_party, make_slot
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

# The office's clock says Monday 3 August, 09:00.
TUESDAY = dt.date(2026, 8, 4)
WEDNESDAY = dt.date(2026, 8, 5)
THURSDAY = dt.date(2026, 8, 6)
DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2020, 1, 1)
# 30 places and what two counters serve in half an hour (3), with 30 % on top.
RAISED = 43


def open_hours(office: Office, capacity: int | None = 30, line: str = "mainland") -> None:
    for weekday in range(5):
        OpeningHours.objects.create(
            office=office,
            line=make_line(line),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(11),
            capacity=capacity,
            valid_from=LONG_AGO,
        )


def make_plan(code: str = "spring", **fields: Any) -> SurgePlan:
    fields = {"name": "春节高峰", "percent": 30, "counters": 2} | fields
    return SurgePlan.objects.create(bureau=make_bureau(), code=code, **fields)


def apply(
    plan: SurgePlan,
    *offices: Office,
    first: dt.date = TUESDAY,
    last: dt.date = WEDNESDAY,
    actor: Actor = SYSTEM,
    now: dt.datetime = NOW,
) -> PublishReport:
    return surges.apply(plan, offices, first, last, reason="春节", actor=actor, now=now)


def end(*periods: SurgePeriod, now: dt.datetime = NOW, actor: Actor = SYSTEM) -> PublishReport:
    return surges.end(periods, reason="人流回落", actor=actor, now=now)


def capacities(office: Office) -> dict[tuple[int, dt.datetime, str], int]:
    """Of every window that can be booked, by line, start and pool."""
    quotas = Quota.objects.filter(slot__office=office, slot__closed_at=None, slot__withdrawn=False)
    rows = quotas.values_list("slot__line_id", "slot__starts_at", "pool", "capacity")
    return {(line, start, pool): capacity for line, start, pool, capacity in rows}


def places(office: Office, day: dt.date, line: str = "mainland") -> dict[str, int]:
    """Places of each window of the day, by its local start."""
    slots = Slot.objects.filter(office=office, date=day, line__code=line, withdrawn=False)
    return {
        f"{slot.local_start:%H:%M}": sum(slot.quotas.values_list("capacity", flat=True))
        for slot in slots
    }


def slot_at(office: Office, day: dt.date, time: str) -> Slot:
    local = dt.datetime.combine(day, dt.time.fromisoformat(time), tzinfo=office.zone)
    return Slot.objects.get(office=office, starts_at=local)


def fill(slot: Slot, people: int) -> None:
    """Take so many places online."""
    while people > 0:
        party = min(people, 5)
        book(make_party(slot, party), SYSTEM, NOW)
        people -= party


@pytest.fixture
def office() -> Office:
    """Open on weekdays 9:00–11:00 with 30 places each half-hour, and published."""
    office = make_office()
    open_hours(office)
    publish(office, NOW)
    return office


@pytest.fixture
def plan() -> SurgePlan:
    return make_plan()


# --- In force ----------------------------------------------------------------------------------


@pytest.mark.row("JJ-07")
def test_one_action_applies_two_counters_and_thirty_percent_and_one_takes_them_back() -> None:
    office = make_office()
    open_hours(office, capacity=None)
    for label in ("01", "02", "03"):
        Counter.objects.create(office=office, line=make_line(), label=label)
    publish(office, NOW)
    before = capacities(office)
    assert set(places(office, TUESDAY).values()) == {4}

    apply(make_plan(), office)
    # Five counters serve seven people in half an hour, and thirty percent make ten of them.
    assert set(places(office, TUESDAY).values()) == {10}
    assert set(places(office, WEDNESDAY).values()) == {10}
    assert set(places(office, THURSDAY).values()) == {4}

    end(SurgePeriod.objects.get())
    assert capacities(office) == before


def test_a_fixed_number_is_raised_by_the_same_rule(office: Office, plan: SurgePlan) -> None:
    report = apply(plan, office)
    assert set(places(office, TUESDAY).values()) == {RAISED}
    assert dict(slot_at(office, TUESDAY, "09:00").quotas.values_list("pool", "capacity")) == {
        "online": 35,
        "assisted": 4,
        "walk_in": 4,
    }
    assert (report.created, report.changed, report.removed, report.conflicts) == (0, 8, 0, ())


def test_longer_hours_are_new_windows_that_can_be_booked_at_once(office: Office) -> None:
    apply(make_plan(percent=0, counters=0, earlier_minutes=30, later_minutes=60), office)
    assert list(places(office, TUESDAY)) == [
        "08:30",
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
    ]
    assert book(make_party(slot_at(office, TUESDAY, "11:30"), 2), SYSTEM, NOW).places == 2


@pytest.mark.row("FS-10")
def test_a_season_plan_from_june_ends_by_itself_in_mid_august() -> None:
    office = make_office()
    open_hours(office)
    june = dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC)
    publish(office, june)
    season = {"first": dt.date(2026, 6, 1), "last": dt.date(2026, 8, 15)}
    apply(make_plan(percent=100, counters=0), office, now=june, **season)

    august = dt.datetime(2026, 8, 10, 1, tzinfo=dt.UTC)
    publish(office, august)
    # Friday is the last working day of the plan; the Monday after is as ever.
    assert set(places(office, dt.date(2026, 8, 14)).values()) == {60}
    assert set(places(office, dt.date(2026, 8, 17)).values()) == {30}
    period = SurgePeriod.objects.get()
    assert surges.state_of(period, august) == PeriodState.IN_FORCE

    sunday = dt.datetime(2026, 8, 16, 1, tzinfo=dt.UTC)
    publish(office, sunday)
    ahead = Slot.objects.filter(office=office, starts_at__gt=sunday)
    assert {sum(slot.quotas.values_list("capacity", flat=True)) for slot in ahead} == {30}
    assert surges.state_of(period, sunday) == PeriodState.OVER
    assert period.ended_at is None


def test_days_that_are_published_later_follow_too(office: Office, plan: SurgePlan) -> None:
    later = dt.date(2026, 8, 19)
    apply(plan, office, first=later, last=later)
    assert places(office, later) == {}
    publish(office, NOW + 2 * DAY)
    assert set(places(office, later).values()) == {RAISED}


def test_a_plan_of_one_line_leaves_the_other_lines_alone(office: Office) -> None:
    open_hours(office, line="foreigners")
    apply(make_plan(line=make_line("foreigners")), office)
    assert set(places(office, TUESDAY).values()) == {30}
    assert set(places(office, TUESDAY, "foreigners").values()) == {RAISED}


def test_several_plans_add_up(office: Office) -> None:
    apply(make_plan("spring", percent=10, counters=0), office)
    apply(make_plan("summer", percent=20, counters=0), office, first=WEDNESDAY, last=THURSDAY)
    assert [set(places(office, day).values()) for day in (TUESDAY, WEDNESDAY, THURSDAY)] == [
        {33},
        {39},
        {36},
    ]


def test_who_applied_it_and_why_is_kept_with_the_period_and_with_every_change(
    office: Office, plan: SurgePlan
) -> None:
    planner = make_staff(office=office)
    apply(plan, office, actor=Actor(operator=planner))
    period = SurgePeriod.objects.get()
    assert (period.applied_by, period.applied_at, period.reason) == (planner, NOW, "春节")
    changes = QuotaChange.objects.filter(kind=QuotaChangeKind.PUBLISHED)
    assert set(changes.values_list("account", "reason")) == {(planner.pk, "春节")}
    assert changes.count() == 8 * 3


# --- What stays --------------------------------------------------------------------------------


def test_windows_that_staff_edited_stay_as_edited(office: Office, plan: SurgePlan) -> None:
    quota = slot_at(office, TUESDAY, "09:00").quotas.get(pool="online")
    set_quota(quota.pk, 50, version=1, reason="团队", actor=SYSTEM, now=NOW)
    apply(plan, office)
    quota.refresh_from_db()
    assert quota.capacity == 50
    end(SurgePeriod.objects.get())
    quota.refresh_from_db()
    assert quota.capacity == 50


def test_windows_that_staff_closed_stay_closed(office: Office, plan: SurgePlan) -> None:
    slot = slot_at(office, TUESDAY, "09:00")
    close_slots([slot.pk], reason="停电", actor=SYSTEM, now=NOW)
    seen = preview(plan, office, TUESDAY, TUESDAY, NOW)
    assert [window.outcome for window in seen.windows][:2] == [Outcome.CLOSED, Outcome.CHANGES]
    apply(plan, office)
    slot.refresh_from_db()
    assert slot.closed_at == NOW


def test_who_is_booked_beyond_the_usual_places_keeps_the_place_and_is_reported(
    office: Office, plan: SurgePlan
) -> None:
    apply(plan, office)
    slot = slot_at(office, TUESDAY, "09:00")
    fill(slot, 26)
    period = SurgePeriod.objects.get()
    seen = preview_end(period, NOW)
    assert [(window.date, window.booked, window.after["online"]) for window in seen.conflicts] == [
        (TUESDAY, 26, 26)
    ]

    report = end(period)
    assert [(one.slot_id, one.kind) for one in report.conflicts] == [
        (slot.pk, ConflictKind.BELOW_TAKEN)
    ]
    assert Quota.objects.get(slot=slot, pool="online").capacity == 26
    assert not Booking.objects.exclude(status=Status.CONFIRMED).exists()


def test_who_is_booked_in_a_window_that_goes_keeps_the_appointment(office: Office) -> None:
    apply(make_plan(later_minutes=30), office)
    slot = slot_at(office, TUESDAY, "11:00")
    booking = book(make_party(slot), SYSTEM, NOW)
    period = SurgePeriod.objects.get()
    gone = [one for one in preview_end(period, NOW).windows if one.opens == dt.time(11)]
    assert [one.outcome for one in gone] == [Outcome.CONFLICT, Outcome.GOES]

    report = end(period)
    assert [one.kind for one in report.conflicts] == [ConflictKind.OUTSIDE_HOURS]
    booking.refresh_from_db()
    slot.refresh_from_db()
    assert (booking.status, booking.slot, slot.withdrawn) == (Status.CONFIRMED, slot, True)
    # The same window of the other day held nobody.
    assert "11:00" not in places(office, WEDNESDAY)


# --- As a whole --------------------------------------------------------------------------------


def test_several_offices_get_it_together_and_give_it_back_together(plan: SurgePlan) -> None:
    halls = [make_office(code) for code in ("one", "two", "three")]
    for hall in halls:
        open_hours(hall)
        publish(hall, NOW)
    before = [capacities(hall) for hall in halls]
    apply(plan, *halls)
    assert [set(places(hall, TUESDAY).values()) for hall in halls] == [{RAISED}] * 3
    end(*SurgePeriod.objects.all())
    assert [capacities(hall) for hall in halls] == before


def test_where_it_is_in_force_already_nobody_gets_it(office: Office, plan: SurgePlan) -> None:
    other = make_office("other")
    open_hours(other)
    apply(plan, office)
    with pytest.raises(PlanInForce) as refused:
        apply(plan, other, office, first=WEDNESDAY, last=THURSDAY)
    assert refused.value.offices == [office]
    assert not other.surges.exists()
    assert set(places(office, THURSDAY).values()) == {30}


def test_the_days_after_it_and_days_where_it_was_ended_can_have_it_again(
    office: Office, plan: SurgePlan
) -> None:
    apply(plan, office)
    apply(plan, office, first=THURSDAY, last=THURSDAY)
    end(*SurgePeriod.objects.filter(first_day=TUESDAY))
    apply(plan, office)
    assert [set(places(office, day).values()) for day in (TUESDAY, THURSDAY)] == [{RAISED}] * 2


def test_ending_twice_changes_nothing_and_the_first_reason_stays(
    office: Office, plan: SurgePlan
) -> None:
    planner = make_staff(office=office)
    apply(plan, office)
    period = SurgePeriod.objects.get()
    end(period, actor=Actor(operator=planner))
    # As somebody sees it who opened the page before.
    assert surges.end([period], reason="重复", actor=SYSTEM, now=NOW + DAY).changed == 0
    period.refresh_from_db()
    assert (period.ended_by, period.ended_at, period.end_reason) == (planner, NOW, "人流回落")
    assert surges.state_of(period, NOW) == PeriodState.ENDED


def test_what_is_over_is_not_ended(office: Office, plan: SurgePlan) -> None:
    apply(plan, office)
    period = SurgePeriod.objects.get()
    end(period, now=NOW + 7 * DAY)
    period.refresh_from_db()
    assert period.ended_at is None


def test_applying_and_ending_need_a_reason(office: Office, plan: SurgePlan) -> None:
    with pytest.raises(ValueError, match="reason"):
        surges.apply(plan, [office], TUESDAY, TUESDAY, reason=" ", actor=SYSTEM, now=NOW)
    with pytest.raises(ValueError, match="reason"):
        surges.end([], reason=" ", actor=SYSTEM, now=NOW)


def test_a_plan_that_was_applied_stays_as_it_is(office: Office, plan: SurgePlan) -> None:
    plan.percent = 20
    surges.save_plan(plan)
    apply(plan, office)
    plan.percent = 90
    for verb in (surges.save_plan, surges.remove_plan):
        with pytest.raises(PlanInUse):
            verb(plan)
    plan.refresh_from_db()
    assert plan.percent == 20


def test_a_plan_that_was_never_applied_is_removed(plan: SurgePlan) -> None:
    surges.remove_plan(plan)
    assert not SurgePlan.objects.exists()


# --- Seen before -------------------------------------------------------------------------------


def after_by_window(seen: SurgePreview, office: Office) -> dict[tuple[object, ...], int]:
    """What the preview says of each window and pool, as `capacities` would read it."""
    return {
        (
            window.line.pk,
            dt.datetime.combine(window.date, window.opens, tzinfo=office.zone),
            pool,
        ): number
        for window in seen.windows
        for pool, number in window.after.items()
    }


def test_the_preview_says_what_applying_does_and_what_ending_does(office: Office) -> None:
    plan = make_plan(earlier_minutes=30, later_minutes=60)
    quota = slot_at(office, TUESDAY, "09:30").quotas.get(pool="online")
    set_quota(quota.pk, 25, version=1, reason="团队", actor=SYSTEM, now=NOW)
    before = capacities(office)

    seen = preview(plan, office, TUESDAY, WEDNESDAY, NOW)
    assert capacities(office) == before
    assert (len(seen.windows), len(seen.new), len(seen.left_alone)) == (14, 6, 1)
    assert (seen.places_before, seen.conflicts) == (30 * 7 + 31, [])
    apply(plan, office)
    told = after_by_window(seen, office)
    assert {key: capacities(office)[key] for key in told} == told

    period = SurgePeriod.objects.get()
    back = preview_end(period, NOW)
    assert (len(back.windows), back.places_after) == (14, seen.places_before)
    end(period)
    assert capacities(office) == before


def test_a_window_that_staff_opened_again_is_no_new_one(office: Office) -> None:
    """The hours had dropped it, and it has its places all the same."""
    at_eleven = slot_at(office, TUESDAY, "10:30").starts_at + dt.timedelta(minutes=30)
    stray = make_slot(online=4, walk_in=1, office=office, starts_at=at_eleven)
    plan = make_plan(percent=0, counters=0, later_minutes=60)
    Slot.objects.filter(pk=stray.pk).update(withdrawn=True, closed_at=NOW)
    assert dt.time(11) in [window.opens for window in preview_of(plan, office).new]
    Slot.objects.filter(pk=stray.pk).update(closed_at=None)
    seen = {window.opens: window for window in preview_of(plan, office).windows}
    assert (seen[dt.time(11)].outcome, seen[dt.time(11)].places_before) == (Outcome.CHANGES, 5)
    assert seen[dt.time(11, 30)].outcome == Outcome.NEW


def preview_of(plan: SurgePlan, office: Office) -> SurgePreview:
    return preview(plan, office, TUESDAY, TUESDAY, NOW)


def test_the_preview_reaches_beyond_the_horizon_and_names_other_plans(
    office: Office, plan: SurgePlan
) -> None:
    apply(make_plan("summer", percent=10, counters=0), office, last=dt.date(2026, 9, 30))
    last = dt.date(2026, 9, 1)
    seen = preview(plan, office, last, last, NOW)
    assert [(one.places_before, one.places_after) for one in seen.windows] == [(33, 47)] * 4
    assert [period.plan.code for period in seen.others] == ["summer"]
    assert seen.horizon == dt.date(2026, 8, 17)


def test_days_that_are_over_and_offices_that_are_not_shown_have_nothing_to_preview(
    office: Office, plan: SurgePlan
) -> None:
    assert preview(plan, office, TUESDAY, TUESDAY, NOW + 7 * DAY).windows == ()
    office.is_active = False
    assert preview(plan, office, TUESDAY, TUESDAY, NOW).windows == ()


# --- At any time -------------------------------------------------------------------------------


def test_offices_without_a_surge_cost_no_query_more_and_others_cost_one(
    office: Office, plan: SurgePlan
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            planned_slots(office, NOW)
        return len(captured)

    without = queries()
    apply(plan, office)
    assert queries() == without + 1
    end(SurgePeriod.objects.get())
    assert queries() == without


@given(
    percent=st.integers(0, 200),
    counters=st.integers(0, 9),
    earlier_minutes=st.integers(0, 120),
    later_minutes=st.integers(0, 120),
    first=st.integers(0, 20),
    length=st.integers(0, 20),
    booked=st.integers(0, 8),
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_applied_publishing_again_adds_nothing_and_ending_restores(
    first: int, length: int, booked: int, **uplift: int
) -> None:
    with transaction.atomic():
        office = make_office()
        open_hours(office)
        publish(office, NOW)
        slot = slot_at(office, WEDNESDAY, "10:00")
        fill(slot, booked)
        before = capacities(office)
        start = NOW.date() + first * DAY
        report = apply(make_plan(**uplift), office, first=start, last=start + length * DAY)
        raised = capacities(office)
        assert report.conflicts == ()
        assert before.keys() <= raised.keys()
        assert sum(raised.values()) >= sum(before.values())
        again = publish(office, NOW)
        assert (again.created, again.changed, again.removed) == (0, 0, 0)
        end(SurgePeriod.objects.get())
        assert capacities(office) == before
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_it_at_once_one_does() -> None:
    office, plan = make_office(), make_plan()
    open_hours(office)
    start, outcomes = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            apply(plan, office)
            outcomes.append("applied")
        except PlanInForce:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(outcomes) == ["applied", "refused"]
    assert SurgePeriod.objects.count() == 1
