"""Whatever happens to the hours between two bookings, publishing keeps its promises."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import F, Model, Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bookings.domain import lifecycle
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import BelowTaken, SlotFull
from bookings.domain.foresight import foresee
from bookings.domain.hours import HoursOverlap, add_hours, end_hours
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.planning import planned_slots
from bookings.domain.promise import book
from bookings.domain.publishing import ConflictKind, PublishReport, publish
from bookings.domain.quotas import set_quota
from bookings.enums import PENDING
from bookings.models import Booking, Quota, QuotaChange, Slot
from offices.enums import SessionKind
from offices.models import Closure, Office, OpeningHours, Session
from tests.factories import NOW, make_line, make_office, make_party

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2026, 8, 4), dt.date(2026, 8, 5)]
TEN = (dt.time(10), dt.time(10, 30))
TIMES = [dt.time(9), dt.time(9, 20), dt.time(10), dt.time(10, 30), dt.time(12)]

days = st.sampled_from(DAYS)
nth = st.integers(0, 7)
stretches = st.tuples(st.sampled_from(TIMES), st.sampled_from(TIMES)).filter(
    lambda pair: pair[0] < pair[1]
)
events = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 2), stretches, st.integers(0, 12)),
    st.tuples(st.just("plan"), st.integers(1, 2), stretches, st.integers(0, 2), st.booleans()),
    st.tuples(st.just("end"), nth, days),
    st.tuples(st.just("look_ahead"), st.integers(1, 2), stretches),
    st.tuples(st.just("close"), days),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("session"), days, stretches, st.integers(0, 6)),
    st.tuples(st.just("end_session")),
    st.tuples(st.just("slot_minutes"), st.sampled_from([20, 30, 60])),
    st.tuples(st.just("book"), nth, st.integers(1, 3)),
    st.tuples(st.just("cancel"), nth),
    st.tuples(st.just("edit"), nth, st.integers(0, 9)),
    st.tuples(st.just("close_slot"), nth),
    st.tuples(st.just("reopen_slot"), nth),
    st.tuples(st.just("publish")),
)


class World:
    """One office over two days, and what may happen to it."""

    def __init__(self) -> None:
        self.office = make_office(policy={"horizon_days": 2})
        self.hours(1, (dt.time(9), dt.time(11)), 6)
        publish(self.office, NOW)

    def happen(self, name: str, *values: object) -> None:
        getattr(self, name)(*values)

    def hours(self, weekday: int, stretch: tuple[dt.time, dt.time], capacity: int) -> None:
        rule = {"office": self.office, "line": make_line(), "weekday": weekday}
        OpeningHours.objects.filter(**rule).delete()
        OpeningHours.objects.create(
            **rule, opens=stretch[0], closes=stretch[1], capacity=capacity, valid_from="2020-01-01"
        )

    def plan(
        self, weekday: int, stretch: tuple[dt.time, dt.time], from_day: int, instead: bool
    ) -> None:
        with _refused():
            self._add(weekday, stretch, dt.date(2026, 8, 3 + from_day), instead)

    def end(self, nth: int, last_day: dt.date) -> None:
        for rule in OpeningHours.objects.all()[nth : nth + 1]:
            end_hours([rule], last_day, reason="调整", actor=Actor(), now=NOW)

    def look_ahead(self, weekday: int, stretch: tuple[dt.time, dt.time]) -> None:
        """A preview leaves everything as it was, whatever it finds."""
        before = state()
        with _refused():
            foresee(self.office, lambda: self._add(weekday, stretch, DAYS[0], True), NOW)
        assert state() == before

    def _add(
        self, weekday: int, stretch: tuple[dt.time, dt.time], first: dt.date, instead: bool
    ) -> PublishReport:
        rule = OpeningHours(
            office=self.office,
            line=make_line(),
            weekday=weekday,
            opens=stretch[0],
            closes=stretch[1],
            capacity=4,
            valid_from=first,
        )
        return add_hours(
            self.office, [rule], instead=instead, reason="调整", actor=Actor(), now=NOW
        )

    def close(self, day: dt.date) -> None:
        Closure.objects.create(office=self.office, first_day=day, last_day=day, reason="检修")

    def reopen(self) -> None:
        Closure.objects.all().delete()

    def session(self, day: dt.date, stretch: tuple[dt.time, dt.time], capacity: int) -> None:
        Session.objects.update_or_create(
            office=self.office,
            line=make_line(),
            date=day,
            opens=stretch[0],
            defaults={
                "kind": SessionKind.EXTENDED,
                "closes": stretch[1],
                "capacity": capacity,
            },
        )

    def end_session(self) -> None:
        Session.objects.all().delete()

    def slot_minutes(self, minutes: int) -> None:
        self.office.policy["slot_minutes"] = minutes
        self.office.save()

    def book(self, nth: int, people: int) -> None:
        slots = Slot.objects.bookable(NOW)[nth : nth + 1]
        for slot in slots:
            with _refused():
                book(make_party(slot, people), SYSTEM, NOW)

    def cancel(self, nth: int) -> None:
        for booking in Booking.objects.filter(status__in=PENDING)[nth : nth + 1]:
            lifecycle.cancel(booking.pk, SYSTEM, NOW)

    def edit(self, nth: int, capacity: int) -> None:
        for quota in Quota.objects.filter(pool="online")[nth : nth + 1]:
            with _refused():
                set_quota(
                    quota.pk,
                    capacity,
                    version=quota.version,
                    reason="调整",
                    actor=Actor(),
                    now=NOW,
                )

    def close_slot(self, nth: int) -> None:
        slots = Slot.objects.all()[nth : nth + 1]
        close_slots([slot.pk for slot in slots], reason="停电", actor=Actor(), now=NOW)

    def reopen_slot(self, nth: int) -> None:
        slots = Slot.objects.all()[nth : nth + 1]
        reopen_slots([slot.pk for slot in slots], reason="恢复", actor=Actor(), now=NOW)

    def publish(self) -> None:
        publish(self.office, NOW)


def state() -> list[list[tuple[object, ...]]]:
    tables: list[type[Model]] = [OpeningHours, Slot, Quota, QuotaChange, Booking]
    return [list(table._base_manager.order_by("pk").values_list()) for table in tables]


@contextmanager
def _refused() -> Iterator[None]:
    """What there is no room for doesn't happen."""
    try:
        with transaction.atomic():
            yield
    except (SlotFull, BelowTaken, HoursOverlap):
        pass


@given(st.lists(events, max_size=12))
@example([("book", 2, 3), ("close", DAYS[0]), ("publish",), ("reopen",)])
@example([("book", 0, 2), ("slot_minutes", 60), ("publish",), ("cancel", 0)])
@example([("book", 0, 2), ("plan", 1, (dt.time(10), dt.time(12)), 1, True), ("end", 0, DAYS[0])])
@example([("look_ahead", 1, (dt.time(9, 20), dt.time(12))), ("plan", 1, TEN, 0, False)])
@example([("edit", 1, 9), ("hours", 1, (dt.time(10), dt.time(12)), 1), ("publish",)])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_publishing_keeps_its_promises(history: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        world = World()
        for name, *values in history:
            world.happen(str(name), *values)
        bookings = dict(Booking.objects.values_list("pk", "slot_id"))

        report = publish(world.office, NOW)

        assert dict(Booking.objects.values_list("pk", "slot_id")) == bookings
        assert_every_planned_window_is_there(world.office)
        assert_unedited_quotas_follow(world.office)
        assert_people_outside_the_hours_are_reported(world.office, report)
        assert_nothing_is_left_to_do(world.office)
        transaction.set_rollback(True)


def assert_every_planned_window_is_there(office: Office) -> None:
    planned = planned_slots(office, NOW)
    slots = {(slot.line_id, slot.starts_at): slot for slot in Slot.objects.all()}
    assert planned.keys() <= slots.keys()
    assert all(not slots[key].withdrawn for key in planned)
    strays = [slot for key, slot in slots.items() if key not in planned]
    # What stays without hours has a history, and is closed unless staff reopened it.
    assert all(
        slot.bookings.exists() or slot.quotas.filter(changes__isnull=False).exists()
        for slot in strays
    )
    assert all(slot.closed_at or slot.withdrawn for slot in strays)


def assert_unedited_quotas_follow(office: Office) -> None:
    planned = planned_slots(office, NOW)
    for quota in Quota.objects.filter(edited=False).select_related("slot"):
        plan = planned.get((quota.slot.line_id, quota.slot.starts_at))
        if plan:
            assert quota.capacity == max(quota.taken, plan.places[quota.pool])
    assert not Quota.objects.filter(taken__gt=F("capacity")).exists()
    taken = Quota.objects.aggregate(taken=Sum("taken"))["taken"] or 0
    booked = Booking.objects.filter(status__in=PENDING).aggregate(places=Sum("places"))["places"]
    assert taken == (booked or 0)


def assert_people_outside_the_hours_are_reported(office: Office, report: PublishReport) -> None:
    planned = planned_slots(office, NOW)
    held = Slot.objects.filter(bookings__status__in=PENDING).distinct()
    outside = [slot.pk for slot in held if (slot.line_id, slot.starts_at) not in planned]
    told = [c.slot_id for c in report.conflicts if c.kind == ConflictKind.OUTSIDE_HOURS]
    assert sorted(told) == sorted(outside)


def assert_nothing_is_left_to_do(office: Office) -> None:
    with CaptureQueriesContext(connection) as queries:
        again = publish(office, NOW)
    statements = [query["sql"].split()[0] for query in queries.captured_queries]
    assert set(statements) & {"INSERT", "UPDATE", "DELETE"} == set()
    assert (again.created, again.changed, again.removed) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_one_set_of_slots() -> None:
    office = make_office(policy={"horizon_days": 14})
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(17),
            capacity=10,
            valid_from=dt.date(2020, 1, 1),
        )
        for weekday in range(7)
    )
    start, reports = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            reports.append(publish(office, NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # Fourteen whole days, and today from 9:30 on.
    assert sorted(report.created for report in reports) == [0, 15 * 16 - 1]
    assert Slot.objects.count() == 15 * 16 - 1
