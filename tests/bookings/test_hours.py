"""Weekly hours: what is foreseen is what happens, and two planners don't enter the same twice."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection

from bookings.domain import hours
from bookings.domain.foresight import foresee
from bookings.domain.hours import HoursOverlap, add_hours, end_hours
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.models import Slot
from offices.models import Office, OpeningHours, OrganisationChange
from tests.factories import NOW, make_line, make_office, make_party

TODAY, TUESDAY = dt.date(2026, 8, 3), dt.date(2026, 8, 4)


def rule(office: Office, times: str = "09:00-11:00", **fields: object) -> OpeningHours:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    values = {"line": make_line(), "weekday": 1, "capacity": 5, "valid_from": TODAY}
    return OpeningHours(office=office, opens=opens, closes=closes, **values | fields)


def add(office: Office, *rules: OpeningHours, instead: bool = False) -> object:
    return add_hours(office, rules, instead=instead, reason="新开", actor=Actor(), now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("times", "added", "removed", "changed"),
    # Nine to eleven was published with five places each; now there are eight.
    [("09:00-11:00", 0, 0, 12), ("10:00-12:00", 6, 6, 6), ("14:00-15:00", 6, 12, 0)],
)
def test_what_is_foreseen_is_what_happens(
    times: str, added: int, removed: int, changed: int
) -> None:
    office = make_office(policy={"horizon_days": 15})
    add(office, rule(office))
    office.policy["horizon_days"] = 21
    office.save()
    publish(office, NOW)

    def change() -> object:
        return add(office, rule(office, times, capacity=8), instead=True)

    seen = foresee(office, change, NOW)
    assert (len(seen.added), len(seen.removed), len(seen.changed)) == (added, removed, changed)
    before = set(Slot.objects.values_list("starts_at", flat=True))
    report = change()
    after = set(Slot.objects.values_list("starts_at", flat=True))
    assert after - before == {slot.starts_at for slot in seen.added}
    assert before - after == {slot.starts_at for slot in seen.removed}
    assert (report.created, report.removed, report.changed) == (added, removed, changed)


@pytest.mark.django_db
def test_a_refusal_leaves_everything_as_it_was() -> None:
    office = make_office()
    add(office, rule(office))
    known = list(OpeningHours.objects.values())
    with pytest.raises(HoursOverlap):
        add(office, rule(office, "08:00-09:00"), rule(office, "10:00-12:00"))
    assert list(OpeningHours.objects.values()) == known


@pytest.mark.django_db
def test_hours_before_and_after_noon_replace_the_others_once() -> None:
    office = make_office()
    add(office, rule(office))
    new = [rule(office, "08:00-12:00"), rule(office, "13:00-17:00")]
    add(office, *new, instead=True)
    assert sorted(OpeningHours.objects.values_list("opens", flat=True)) == [dt.time(8), dt.time(13)]


@pytest.mark.django_db
def test_hours_that_end_come_back_with_their_windows_and_bookings() -> None:
    office = make_office()
    add(office, rule(office))
    slot = Slot.objects.filter(date=TUESDAY).earliest("starts_at")
    booking = book(make_party(slot), SYSTEM, NOW)
    ended = list(OpeningHours.objects.all())
    report = end_hours(ended, TODAY, reason="停", actor=Actor(), now=NOW)
    assert [conflict.slot_id for conflict in report.conflicts] == [slot.pk]
    report = add(office, rule(office, valid_from=TUESDAY))  # type: ignore[assignment]
    assert report.conflicts == ()
    slot.refresh_from_db()
    booking.refresh_from_db()
    assert (slot.withdrawn, slot.closed_at, booking.slot_id) == (False, None, slot.pk)


@pytest.mark.django_db
def test_ending_makes_no_hours_hold_longer() -> None:
    """Not even where they were cut since somebody looked at them."""
    office = make_office()
    add(office, rule(office), rule(office, weekday=2))
    seen = list(OpeningHours.objects.order_by("weekday"))
    new = rule(office, valid_from=dt.date(2026, 9, 1))
    add(office, new, instead=True)
    end_hours(seen, dt.date(2026, 12, 31), reason="停", actor=Actor(), now=NOW)
    known = OpeningHours.objects.order_by("weekday", "valid_from").values_list(
        "weekday", "valid_until"
    )
    assert list(known) == [(1, dt.date(2026, 8, 31)), (1, None), (2, dt.date(2026, 12, 31))]
    changes = OrganisationChange.objects.count()
    end_hours(seen, dt.date(2026, 12, 31), reason="停", actor=Actor(), now=NOW)
    assert OrganisationChange.objects.count() == changes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "rows"), [(False, 2), (True, 1)])
def test_two_planners_at_once_enter_the_same_hours_once(
    monkeypatch: pytest.MonkeyPatch, guarded: bool, rows: int
) -> None:
    """Both look for overlaps before either has saved, unless one waits for the other."""
    office = make_office()
    meeting = threading.Barrier(2)
    look: Callable[..., None] = hours._refuse_overlaps

    def look_and_wait(*args: object) -> None:
        look(*args)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=1)

    monkeypatch.setattr(hours, "_refuse_overlaps", look_and_wait)
    if not guarded:
        monkeypatch.setattr(hours, "queue_with_publishers", lambda _office: None)
    new = [rule(office), rule(office)]

    def work(one: OpeningHours) -> None:
        try:
            with suppress(HoursOverlap):
                add(office, one)
        finally:
            connection.close()

    planners = [threading.Thread(target=work, args=[one]) for one in new]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()
    assert OpeningHours.objects.count() == rows
    assert Slot.objects.filter(date=TUESDAY).count() == 4
