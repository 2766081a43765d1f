"""Whose number comes next, and how a visit ends."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applicants.enums import Priority
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book
from bookings.enums import Status
from bookings.models import Booking, Slot
from offices.enums import UrgentReason
from offices.models import Counter, Office
from tests.citizens import make_account, signed_in
from tests.factories import NOW, make_line, make_office, make_party, make_person, make_slot
from tests.staff import make_staff, sign_in
from visits.domain.calling import at_counter, call_next, finish, pre_accept, queue_again, skip
from visits.domain.check_in import check_in
from visits.domain.errors import ByAppointmentOnly, NotAtCounter
from visits.domain.queue import position
from visits.domain.reports import one_visit
from visits.domain.urgent import give_urgent_number
from visits.domain.walk_ins import give_walk_in_number
from visits.enums import Arrival, Series, TicketState
from visits.models import ConditionalAcceptance, Ticket

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
TEN = dt.datetime(2026, 8, 3, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def counter(office) -> Counter:
    return Counter.objects.create(office=office, line=make_line(), label="1")


def arrive(office, *, at: dt.datetime = TEN, priority: str = "none") -> Ticket:
    """Somebody booked for ten o'clock checks in."""
    slot = Slot.objects.filter(starts_at=TEN).first() or make_slot(office=office, starts_at=TEN)
    person = make_person("passport-first", priority=priority)
    booking = book(make_party(slot, people=(person,)), SYSTEM, NOW)
    return check_in(booking.pk, office, SYSTEM, at).ticket


def walk_in(office, at: dt.datetime, priority: str = Priority.NONE) -> Ticket:
    return give_walk_in_number(office, make_line(), priority, SYSTEM, at)


def called(counter, count: int, now: dt.datetime = TEN + 9 * MINUTE) -> list[str]:
    tickets = []
    for _ in range(count):
        ticket = call_next(counter, now)
        tickets.append(ticket.label)
        finish(ticket.pk, SYSTEM, now)
    return tickets


class TestOrder:
    @pytest.mark.row("JJ-19")
    def test_an_elderly_one_goes_before_others_of_the_same_time(self, office, counter):
        ordinary = [arrive(office), arrive(office)]
        elderly = arrive(office, priority="elderly")
        labels = [each.label for each in (elderly, *ordinary)]
        assert called(counter, 3) == labels

    @pytest.mark.parametrize("priority", ["pregnant", "infant", "disabled"])
    def test_so_do_the_others_of_the_priority_lane(self, office, counter, priority):
        first, second = walk_in(office, TEN), walk_in(office, TEN + MINUTE, priority)
        assert called(counter, 2) == [second.label, first.label]

    def test_who_was_booked_for_an_earlier_window_goes_before_them(self, office, counter):
        ordinary = walk_in(office, TEN)
        elderly = walk_in(office, TEN + 40 * MINUTE, Priority.ELDERLY)
        assert called(counter, 2, TEN + 50 * MINUTE) == [ordinary.label, elderly.label]

    @pytest.mark.row("JJ-20")
    def test_an_urgent_number_is_called_next(self, office, counter):
        walk_in(office, TEN)
        walk_in(office, TEN, Priority.ELDERLY)
        urgent = give_urgent_number(
            office, make_line(), UrgentReason.FUNERAL, "", SYSTEM, TEN + 5 * MINUTE
        )
        assert called(counter, 1) == [urgent.ticket.label]

    @pytest.mark.row("XM-08")
    def test_someone_early_waits_for_the_booked_window_and_someone_late_is_handled_so(
        self, office, counter
    ):
        """Booked for 10:00–10:30: one comes at 09:40, another at 10:50."""
        early = arrive(office, at=TEN - 20 * MINUTE)
        assert call_next(counter, TEN - MINUTE) is None
        assert called(counter, 1, TEN) == [early.label]
        late = arrive(office, at=TEN + 50 * MINUTE)
        assert (late.series, late.check_in.arrival) == (Series.WALK_IN, Arrival.LATE)
        assert called(counter, 1, TEN + 50 * MINUTE) == [late.label]


class TestCounters:
    def test_a_number_is_called_to_one_counter_only(self, office, counter):
        other = Counter.objects.create(office=office, line=counter.line, label="2")
        walk_in(office, TEN)
        assert call_next(counter, TEN) is not None
        assert call_next(other, TEN) is None

    def test_who_missed_the_call_may_come_back(self, office, counter):
        ticket = walk_in(office, TEN)
        skip(call_next(counter, TEN).pk, TEN)
        assert call_next(counter, TEN) is None
        queue_again(ticket.pk, TEN + 10 * MINUTE)
        assert call_next(counter, TEN + 10 * MINUTE) == ticket

    def test_a_visit_ends_once(self, office, counter):
        walk_in(office, TEN)
        ticket = call_next(counter, TEN)
        finish(ticket.pk, SYSTEM, TEN)
        for verb in (finish, lambda pk, _actor, now: skip(pk, now)):
            with pytest.raises(NotAtCounter):
                verb(ticket.pk, SYSTEM, TEN)

    def test_a_second_click_calls_nobody_else(self, office, counter):
        first = [walk_in(office, TEN), walk_in(office, TEN)][0]
        assert [call_next(counter, TEN), call_next(counter, TEN)] == [first, first]
        assert Ticket.objects.filter(state=TicketState.CALLED).get() == first

    def test_whom_it_serves_is_found_without_reading_all_numbers_that_ever_were(self, counter):
        with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
            at_counter(counter, TEN)
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {queries[-1]['sql']}")
            plan = " ".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on visits_ticket" not in plan

    def test_a_finished_visit_serves_the_booking(self, office, counter):
        ticket = arrive(office)
        finish(call_next(counter, TEN).pk, SYSTEM, TEN)
        booking = Booking.objects.get(pk=ticket.booking_id)
        assert booking.status == Status.SERVED
        assert not booking.attendees.filter(active=True).exists()
        assert booking.quota.taken == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_call_one_number():
    office = make_office()
    counter = Counter.objects.create(office=office, line=make_line(), label="1")
    for n in range(4):
        walk_in(office, TEN + n * MINUTE)

    def call(_n: int) -> str:
        try:
            return call_next(counter, TEN + 9 * MINUTE).label
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(call, range(4))) == {"X001"}
    assert Ticket.objects.filter(state=TicketState.CALLED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_counters_that_call_at_once_get_different_numbers():
    office = make_office()
    line = make_line()
    counters = [Counter.objects.create(office=office, line=line, label=str(n)) for n in range(1, 9)]
    for n in range(6):
        walk_in(office, TEN + n * MINUTE)

    def call(one: Counter) -> str | None:
        try:
            ticket = call_next(one, TEN + 9 * MINUTE)
            return ticket.label if ticket else None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(call, counters))
    numbers = [label for label in given if label]
    assert len(numbers) == len(set(numbers)) == 6


class TestWithoutBooking:
    @pytest.mark.row("FS-12")
    def test_nobody_is_refused_for_lack_of_a_booking(self, office, client):
        sign_in(client, make_staff("guide", office=office))
        page = client.post(f"/desk/{office.code}/check-in/", {"line": "mainland"})
        assert "X001" in page.content.decode()
        assert Ticket.objects.get().booking is None

    def test_where_it_is_by_appointment_the_priority_lane_is_exempt(self, office):
        office.policy = {"walk_in_always": False}
        office.save()
        with pytest.raises(ByAppointmentOnly):
            walk_in(office, TEN)
        assert walk_in(office, TEN, Priority.PREGNANT).label == "X001"


class TestMissingThings:
    @time_machine.travel(TEN, tick=False)
    @pytest.mark.row("JJ-18")
    def test_what_is_missing_and_until_when_is_shown(self, office, counter, client):
        account = make_account()
        slot = make_slot(office=office, starts_at=TEN)
        booking = book(make_party(slot), Actor(account=account), NOW)
        Booking.objects.filter(pk=booking.pk).update(account=account, status=Status.CONFIRMED)
        check_in(booking.pk, office, SYSTEM, TEN)
        clerk = make_staff("clerk", office=office)
        sign_in(client, clerk)
        path = f"/desk/{office.code}/calling/{counter.pk}/"
        shown = {"act": "finish_with_gaps", "ticket": call_next(counter, TEN).label}
        assert "请写明" in client.post(path, shown).content.decode()
        client.post(path, shown | {"missing": "无犯罪记录证明"})
        one = ConditionalAcceptance.objects.get()
        # Seven working days after Monday, 3 August.
        assert (one.missing, one.due_on) == ("无犯罪记录证明", dt.date(2026, 8, 12))
        page = signed_in(account).get(f"/bookings/{booking.number}/visit/").content.decode()
        assert "容缺受理" in page
        assert "无犯罪记录证明" in page
        assert "8月12日" in page
        listed = client.get(f"/desk/{office.code}/conditional/").content.decode()
        assert "无犯罪记录证明" in listed
        client.post(f"/desk/{office.code}/conditional/", {"settled": one.pk})
        one.refresh_from_db()
        assert (one.settled_at, one.settled_by) == (TEN, clerk)

    @time_machine.travel(TEN, tick=False)
    def test_what_was_settled_by_mistake_is_taken_back(self, office, counter, client):
        sign_in(client, make_staff("clerk", office=office))
        walk_in(office, TEN)
        one = finish(call_next(counter, TEN).pk, SYSTEM, TEN, missing="结婚证")
        path = f"/desk/{office.code}/conditional/"
        assert "撤回" not in client.get(path).content.decode()
        client.post(path, {"settled": one.pk})
        page = client.get(path).content.decode()
        assert "08-03 10:00 · X001 · 结婚证 · clerk" in page
        client.post(path, {"reopened": one.pk})
        one.refresh_from_db()
        assert (one.settled_at, one.settled_by) == (None, None)
        assert client.post(path, {"reopened": one.pk}).status_code == 404


class TestWaiting:
    @pytest.mark.row("XM-43")
    def test_the_ticket_page_says_who_is_before_and_how_long(self, office):
        office.policy = {"minutes_per_person": 3}
        office.save()
        account = make_account()
        for n in range(4):
            walk_in(office, TEN + n * MINUTE)
        slot = make_slot(office=office, starts_at=TEN)
        booking = book(make_party(slot), Actor(account=account), NOW)
        Booking.objects.filter(pk=booking.pk).update(account=account)
        check_in(booking.pk, office, SYSTEM, TEN + 5 * MINUTE)
        with time_machine.travel(TEN + 6 * MINUTE, tick=False):
            page = signed_in(account).get(f"/bookings/{booking.number}/visit/")
        assert "前面还有4人 · 约12分钟" in page.content.decode()

    @pytest.mark.row("WH-02")
    def test_who_was_pre_accepted_at_a_machine_takes_less_time(self, office):
        first, last = walk_in(office, TEN), walk_in(office, TEN + MINUTE)
        assert position(last, TEN + MINUTE).minutes == 20
        pre_accept(first, TEN)
        first.refresh_from_db()
        assert first.pre_accepted_at == TEN
        assert position(last, TEN + MINUTE).minutes == 10


class TestOneVisit:
    @pytest.mark.row("XM-02")
    def test_the_share_that_needed_one_visit(self, office, counter, client):
        for missing in ("", "", "", "照片"):
            arrive(office)
            finish(call_next(counter, TEN).pk, SYSTEM, TEN, missing=missing)
        day = dt.date(2026, 8, 3)
        found = one_visit(office, day, day)
        assert (found.closed, found.at_once, found.percent) == (4, 3, 75.0)
        sign_in(client, make_staff(office=office))
        days = {"first": "2026-08-03", "last": "2026-08-03"}
        page = client.get(f"/desk/{office.code}/visits/", days).content.decode()
        assert "75.0%" in page

    def test_coming_again_for_the_same_is_a_second_visit(self, office, counter):
        person = make_person("passport-first")
        for days in (0, 1):
            at = TEN + dt.timedelta(days=days)
            slot = make_slot(office=office, starts_at=at)
            booking = book(make_party(slot, people=(person,)), SYSTEM, at - dt.timedelta(hours=1))
            check_in(booking.pk, office, SYSTEM, at)
            finish(call_next(counter, at).pk, SYSTEM, at)
        found = one_visit(office, dt.date(2026, 8, 3), dt.date(2026, 8, 4))
        assert (found.closed, found.at_once) == (1, 0)

    def test_nothing_closed_has_no_share(self, office):
        assert one_visit(office, dt.date(2026, 8, 3), dt.date(2026, 8, 3)).percent is None


def test_the_clerk_calls_and_finishes_at_the_desk(office, counter, client):
    sign_in(client, make_staff("clerk", office=office))
    walk_in(office, TEN)
    Ticket.objects.update(callable_from=TEN, date=dt.date(2026, 8, 3))
    path = f"/desk/{office.code}/calling/{counter.pk}/"
    assert client.get(f"/desk/{office.code}/calling/").status_code == 200
    assert client.get(path).status_code == 200
    assert at_counter(counter, TEN) is None
    refused = client.post(path, {"act": "finish", "ticket": "X001"})
    assert "请叫下一个号" in refused.content.decode()
    assert Ticket.objects.get().state == TicketState.WAITING


class TestDesk:
    @pytest.fixture
    def clerk(self, office, client):
        with time_machine.travel(TEN, tick=False):
            yield sign_in(client, make_staff("clerk", office=office))

    @pytest.fixture
    def path(self, office, counter):
        return f"/desk/{office.code}/calling/{counter.pk}/"

    def test_a_page_of_before_ends_nobody_elses_visit(self, office, clerk, path):
        first, second = walk_in(office, TEN), walk_in(office, TEN)
        clerk.post(path, {"act": "next"})
        clerk.post(path, {"act": "finish", "ticket": first.label})
        clerk.post(path, {"act": "next"})
        for act in ("finish", "skip", "finish_with_gaps"):
            old = clerk.post(path, {"act": act, "ticket": first.label, "missing": "照片"})
            assert first.label in old.context["problem"]
        second.refresh_from_db()
        assert second.state == TicketState.CALLED

    def test_the_page_names_whom_it_ends(self, office, clerk, path):
        walk_in(office, TEN)
        clerk.post(path, {"act": "next"})
        page = clerk.get(path).content.decode()
        assert page.count('name="ticket" value="X001"') == 2

    @pytest.mark.parametrize("label", ["", "X", "Xabc", "X²", "X1.5", "X" + "9" * 30, "\0"])
    def test_a_number_that_there_is_not_is_not_found(self, clerk, path, label):
        assert clerk.post(path, {"act": "again", "ticket": label}).status_code == 404

    def test_what_is_no_act_does_nothing(self, office, counter, clerk, path):
        walk_in(office, TEN)
        ticket = call_next(counter, TEN)
        for act in ("", "serve"):
            assert clerk.post(path, {"act": act, "ticket": ticket.label}).status_code == 200
        ticket.refresh_from_db()
        assert ticket.state == TicketState.CALLED

    @pytest.mark.parametrize("asked", ["", "abc", "9" * 30])
    def test_nothing_that_there_is_not_is_settled(self, office, clerk, asked):
        found = clerk.post(f"/desk/{office.code}/conditional/", {"settled": asked})
        assert found.status_code == 404
