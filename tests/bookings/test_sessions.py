"""Series of sessions: added and removed as one, previewed without a trace."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.closing import reopen_slots
from bookings.domain.conflicts import conflicts
from bookings.domain.errors import NotEligible, SlotNotOpen
from bookings.domain.following import follow_sessions
from bookings.domain.lifecycle import cancel, confirm
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book, hold_places
from bookings.domain.publishing import ConflictKind, PublishReport, publish
from bookings.domain.session_preview import PreviewDay, preview_sessions
from bookings.domain.sessions import (
    SessionBooked,
    SessionsOverlap,
    add_series,
    add_session,
    changes_of_sessions,
    remove_series,
    remove_session,
)
from bookings.domain.settling import keep
from bookings.models import Booking, Quota, Slot
from offices.enums import HolidayKind, SessionKind
from offices.models import Closure, Holiday, Office, OpeningHours, Session, SessionSeries
from tests.factories import (
    LONG_AGO,
    NOW,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
WHY: Any = {"reason": "人手不足", "actor": SYSTEM}
SATURDAYS = [dt.date(2026, 8, 8), dt.date(2026, 8, 15), dt.date(2026, 9, 12)]


@pytest.fixture
def hall() -> Office:
    return make_office()


def draft(hall: Office, **fields: Any) -> Session:
    values: dict[str, Any] = {
        "office": hall,
        "line": make_line(),
        "kind": SessionKind.SATURDAY,
        "date": SATURDAYS[0],
        "opens": dt.time(9),
        "closes": dt.time(10),
        "capacity": 10,
    }
    return Session(**(values | fields))


def tuesday_hours(hall: Office) -> None:
    OpeningHours.objects.create(
        office=hall,
        line=make_line(),
        weekday=1,
        opens=dt.time(9),
        closes=dt.time(11),
        capacity=5,
        valid_from=LONG_AGO,
    )


def test_a_series_is_one_draft_on_many_days(hall: Office) -> None:
    series, report = add_series(draft(hall, students_only=True, site="一中"), SATURDAYS, NOW, **WHY)
    sessions = Session.objects.all()
    assert [session.date for session in sessions] == SATURDAYS
    assert {(each.series, each.students_only, each.site) for each in sessions} == {
        (series, True, "一中")
    }
    # The third is beyond the horizon.
    assert report.created == Slot.objects.count() == 4


def test_the_number_of_days_costs_no_statements(hall: Office) -> None:
    with CaptureQueriesContext(connection) as one:
        add_series(draft(hall), SATURDAYS[:1], NOW, **WHY)
    with CaptureQueriesContext(connection) as two:
        add_series(draft(hall, opens=dt.time(14), closes=dt.time(15)), SATURDAYS, NOW, **WHY)
    assert len(two) == len(one)


def test_sessions_of_one_line_do_not_overlap(hall: Office) -> None:
    add_session(draft(hall), NOW, **WHY)
    with pytest.raises(SessionsOverlap) as refusal:
        add_series(draft(hall, opens=dt.time(9, 30), closes=dt.time(11)), SATURDAYS, NOW, **WHY)
    assert refusal.value.message == "该时间已有场次：8月8日 周六。"
    assert (Session.objects.count(), SessionSeries.objects.count()) == (1, 0)
    # Side by side, or on another line, they may.
    add_session(draft(hall, opens=dt.time(10), closes=dt.time(11)), NOW, **WHY)
    add_session(draft(hall, line=make_line("foreigners")), NOW, **WHY)


def test_a_series_is_removed_as_a_whole(hall: Office) -> None:
    series, _report = add_series(draft(hall), SATURDAYS, NOW, **WHY)
    assert remove_series(series, NOW, **WHY) == 3
    assert (Session.objects.count(), SessionSeries.objects.count()) == (0, 0)
    assert Slot.objects.count() == 0


def test_who_removes_a_session_second_removes_nothing_and_leaves_no_trace(hall: Office) -> None:
    add_session(draft(hall), NOW, **WHY)
    session, same = Session.objects.get(), Session.objects.get()
    shown = changes_of_sessions(hall).get().after
    remove_session(session, NOW, **WHY)
    assert remove_session(same, NOW, **WHY) == PublishReport()
    removed, added = changes_of_sessions(hall)
    assert (added.before, added.after, removed.before, removed.after) == ({}, shown, shown, {})


def test_a_series_that_somebody_booked_stays_or_loses_the_others(hall: Office) -> None:
    series, _report = add_series(draft(hall), SATURDAYS, NOW, **WHY)
    booking = book(make_party(Slot.objects.earliest("starts_at")), SYSTEM, NOW)
    with pytest.raises(SessionBooked) as refusal:
        remove_series(series, NOW, **WHY)
    assert (refusal.value.bookings, Session.objects.count()) == (1, 3)
    assert remove_series(series, NOW, **WHY, unbooked_only=True) == 2
    assert [session.date for session in Session.objects.all()] == SATURDAYS[:1]
    booking.refresh_from_db()
    assert (booking.status, booking.slot.closed_at) == ("confirmed", None)
    assert Slot.objects.count() == 2


def test_sessions_that_have_begun_stay_as_they_were(hall: Office) -> None:
    series, _report = add_series(draft(hall), SATURDAYS, NOW, **WHY)
    during = dt.datetime(2026, 8, 15, 9, 30, tzinfo=hall.zone)
    assert remove_series(series, during, **WHY) == 1
    assert [session.date for session in Session.objects.all()] == SATURDAYS[:2]
    assert SessionSeries.objects.get() == series


def test_a_session_without_booking_has_places_on_site_only(hall: Office) -> None:
    shares = {"online": 100, "assisted": 0, "walk_in": 0}
    add_session(draft(hall, booking_free=True, shares=shares), NOW, **WHY)
    quotas = Quota.objects.values_list("pool", "capacity").distinct().order_by("pool")
    assert list(quotas) == [("assisted", 0), ("online", 0), ("walk_in", 10)]


def test_a_preview_says_what_would_be_and_leaves_no_trace(hall: Office) -> None:
    tuesday_hours(hall)
    publish(hall, NOW)
    book(make_party(Slot.objects.earliest("starts_at"), 2), SYSTEM, NOW)
    Closure.objects.create(
        office=hall, first_day=SATURDAYS[0], last_day=SATURDAYS[0], reason="停电"
    )
    Holiday.objects.create(date=SATURDAYS[2], name="演示节", kind=HolidayKind.HOLIDAY)
    days = [dt.date(2026, 8, 4), SATURDAYS[0], SATURDAYS[2]]
    before = list(Slot.objects.values_list("pk", "session"))
    assert preview_sessions(draft(hall), days, NOW) == [
        # One of the two windows is taken: it stays with the weekly hours.
        PreviewDay(days[0], (), windows=1, places=10, stay=1, bookings=1),
        PreviewDay(days[1], ("停电",), windows=2, places=20, stay=0, bookings=0),
        PreviewDay(days[2], ("法定节假日 · 演示节",), windows=0, places=0, stay=0, bookings=0),
    ]
    assert list(Slot.objects.values_list("pk", "session")) == before
    assert (Session.objects.count(), SessionSeries.objects.count()) == (0, 0)


# --- Windows that people hold where a session is to be ------------------------------------------


def tomorrow_held(*, confirmed: bool = False) -> tuple[Slot, Booking]:
    slot = make_slot(online=8, starts_at=NOW + dt.timedelta(days=1))
    promise = book if confirmed else hold_places
    return slot, promise(make_party(slot), SYSTEM, NOW)


def session_there(slot: Slot, **fields: Any) -> Session:
    return Session(
        office=slot.office,
        line=slot.line,
        kind=SessionKind.STUDENT,
        date=slot.date,
        opens=slot.local_start.time(),
        closes=slot.local_end.time(),
        capacity=40,
        **fields,
    )


def as_it_is(slot: Slot) -> tuple[Session | None, int, bool]:
    slot = Slot.objects.select_related("session").get(pk=slot.pk)
    return slot.session, quota_of(slot).capacity, slot.closed_at is None


def test_a_window_that_people_hold_gets_no_places_of_the_session_that_is_to_follow() -> None:
    """Else anybody could book there what is for students."""
    slot, booking = tomorrow_held(confirmed=True)
    session = session_there(slot, students_only=True)
    report = add_session(session, NOW, **WHY)
    assert [conflict.bookings for conflict in report.conflicts] == [1]
    assert as_it_is(slot) == (None, 8, False)
    cancel(booking.pk, SYSTEM, NOW)
    publish(slot.office, NOW)
    assert as_it_is(slot) == (session, 32, True)


def test_its_old_places_are_nobodys_until_it_follows() -> None:
    slot, booking = tomorrow_held()
    session = session_there(slot, students_only=True)
    add_session(session, NOW, **WHY)
    with pytest.raises(SlotNotOpen):
        book(make_party(slot), SYSTEM, NOW)
    # The place that the hold leaves behind is no way in, whether anybody has swept it or not.
    assert booking.expires_at is not None
    later = booking.expires_at
    with pytest.raises(SlotNotOpen):
        book(make_party(slot), SYSTEM, later)
    assert follow_sessions(later) == 1
    assert as_it_is(slot) == (session, 32, True)
    with pytest.raises(NotEligible):
        book(make_party(slot), SYSTEM, later)
    student = make_person(born=dt.date(2012, 1, 1), is_student=True, accompanied=True)
    assert book(make_party(slot, people=(student,)), SYSTEM, later).slot == slot


def test_a_hold_that_is_confirmed_meanwhile_keeps_its_place_and_the_window_waits() -> None:
    slot, booking = tomorrow_held()
    session = session_there(slot, students_only=True)
    add_session(session, NOW, **WHY)
    confirm(booking.pk, SYSTEM, NOW)
    assert follow_sessions(NOW + dt.timedelta(hours=1)) == 0
    publish(slot.office, NOW)
    assert as_it_is(slot) == (None, 8, False)
    [conflict] = conflicts(slot.office, NOW)
    assert (conflict.kind, len(conflict.affected)) == (ConflictKind.HOURS_DIFFER, 1)
    cancel(booking.pk, SYSTEM, NOW)
    assert follow_sessions(NOW) == 1
    assert as_it_is(slot) == (session, 32, True)
    assert follow_sessions(NOW) == 0


def test_once_staff_keep_those_who_are_booked_it_follows_with_them_in_it() -> None:
    slot, booking = tomorrow_held(confirmed=True)
    session = session_there(slot, students_only=True)
    add_session(session, NOW, **WHY)
    keep([booking.pk], slot.office, now=NOW, **WHY)
    assert follow_sessions(NOW) == 1
    assert as_it_is(slot) == (session, 32, True)
    booking.refresh_from_db()
    assert (booking.status, booking.slot, quota_of(slot).taken) == ("confirmed", slot, 1)
    with pytest.raises(NotEligible):
        book(make_party(slot), SYSTEM, NOW)
    assert (follow_sessions(NOW), conflicts(slot.office, NOW)) == (0, [])


def test_whom_staff_keep_is_not_sent_to_a_session_elsewhere() -> None:
    slot, booking = tomorrow_held(confirmed=True)
    add_session(session_there(slot, students_only=True, site="第一中学"), NOW, **WHY)
    keep([booking.pk], slot.office, now=NOW, **WHY)
    assert follow_sessions(NOW) == 0
    publish(slot.office, NOW)
    assert as_it_is(slot) == (None, 8, False)


def test_where_a_session_is_for_everybody_the_old_places_stay_on_offer() -> None:
    slot, _booking = tomorrow_held(confirmed=True)
    add_session(session_there(slot), NOW, **WHY)
    assert as_it_is(slot) == (None, 8, True)
    assert book(make_party(slot), SYSTEM, NOW).slot == slot


def test_a_window_that_waits_is_left_alone_by_publishing_and_by_staff_who_know_better() -> None:
    slot, _booking = tomorrow_held(confirmed=True)
    add_session(session_there(slot, students_only=True), NOW, **WHY)
    before = list(Quota.objects.order_by("pk").values())
    publish(slot.office, NOW)
    assert list(Quota.objects.order_by("pk").values()) == before
    reopen_slots([slot.pk], reason="已电话确认", actor=SYSTEM, now=NOW)
    publish(slot.office, NOW)
    assert as_it_is(slot) == (None, 8, True)


def test_without_its_session_the_window_opens_again() -> None:
    slot, _booking = tomorrow_held(confirmed=True)
    hours = {"office": slot.office, "line": slot.line, "weekday": 1, "valid_from": LONG_AGO}
    start, end = slot.local_start.time(), slot.local_end.time()
    OpeningHours.objects.create(**hours, opens=start, closes=end, capacity=10)
    session = session_there(slot, students_only=True)
    add_session(session, NOW, **WHY)
    assert as_it_is(slot) == (None, 8, False)
    remove_session(session, NOW, **WHY)
    assert as_it_is(slot)[::2] == (None, True)


def test_a_window_that_fits_into_no_session_is_not_waited_for(hall: Office) -> None:
    """Publishing would go on every minute until its day."""
    tuesday_hours(hall)
    publish(hall, NOW)
    tomorrow = dt.date(2026, 8, 4)
    half_past = Slot.objects.filter(date=tomorrow).order_by("starts_at")[1]
    cancel(book(make_party(half_past), SYSTEM, NOW).pk, SYSTEM, NOW)
    later = {"opens": dt.time(9, 10), "closes": dt.time(10, 10)}
    add_session(draft(hall, date=tomorrow, **later), NOW, **WHY)
    half_past.refresh_from_db()
    assert (half_past.withdrawn, follow_sessions(NOW)) == (True, 0)
