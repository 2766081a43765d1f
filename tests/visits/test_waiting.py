"""How long people wait."""

import datetime as dt

import pytest

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.enums import SuggestionKind
from bookings.models import Suggestion
from offices.models import Counter, CounterShift, Office
from tests.factories import NOW, make_line, make_office, make_party, make_slot
from visits.domain.check_in import check_in
from visits.domain.waiting import Waiting, estimate, watch_waits
from visits.enums import Series
from visits.models import Ticket
from visits.tasks import watch_waits as watch_waits_task

MINUTE = dt.timedelta(minutes=1)
NINE = NOW


def test_people_ahead_times_minutes_for_one_by_the_counters():
    assert estimate([(NINE, 12)], 2, 20, NINE) == Waiting(people=12, minutes=120)


def test_the_counters_work_while_people_come():
    arrivals = [(NINE, 2), (NINE + 60 * MINUTE, 4)]
    # The first two were served within the hour; half of one of the others has been since.
    assert estimate(arrivals, 1, 20, NINE + 70 * MINUTE) == Waiting(people=4, minutes=70)
    assert estimate(arrivals, 1, 20, NINE + 300 * MINUTE) == Waiting(people=0, minutes=0)


def test_who_is_not_yet_to_be_called_waits_for_nobody():
    assert estimate([(NINE + MINUTE, 9)], 1, 20, NINE) == Waiting(0, 0)
    assert estimate([], 3, 20, NINE) == Waiting(0, 0)


def test_a_hall_without_an_open_counter_is_reckoned_with_one():
    assert estimate([(NINE, 1)], 0, 20, NINE).minutes == 20


def queue(office: Office, people: int, since: dt.datetime = NINE) -> None:
    """So many walk-ins with numbers."""
    Ticket.objects.bulk_create(
        Ticket(
            office=office,
            line=make_line(),
            date=office.local_date(since),
            series=Series.WALK_IN,
            number=number + 1,
            issued_at=since,
            callable_from=since,
        )
        for number in range(people)
    )


def open_counter(office: Office, label: str) -> Counter:
    return Counter.objects.create(office=office, line=make_line(), label=label)


@pytest.mark.django_db
@pytest.mark.row("JJ-22")
def test_a_wait_above_the_threshold_suggests_to_extend_the_session():
    office = make_office()
    make_slot(office=office, starts_at=NINE + 60 * MINUTE)
    open_counter(office, "1")
    queue(office, 3)
    # Three people at 20 minutes each are the 60 minutes that are allowed.
    assert watch_waits(NINE) == 0
    queue_of_one_more = Ticket.objects.first()
    queue_of_one_more.pk, queue_of_one_more.number = None, 4
    queue_of_one_more.save()
    assert (watch_waits(NINE), watch_waits(NINE)) == (1, 0)
    suggestion = Suggestion.objects.get()
    assert (suggestion.kind, suggestion.amount) == (SuggestionKind.LONGER_HOURS, 60)
    assert suggestion.facts == {"wait": 80, "waiting": 4, "above": 60}


@pytest.mark.django_db
def test_a_party_counts_as_its_people_and_counters_as_their_shifts_have_them():
    slot = make_slot(online=9, starts_at=NINE + 60 * MINUTE)
    booking = book(make_party(slot, 5), SYSTEM, NINE)
    first, second = open_counter(slot.office, "1"), open_counter(slot.office, "2")
    ten = NINE + 60 * MINUTE
    check_in(booking.pk, slot.office, SYSTEM, ten)
    # Five people at two counters wait 50 minutes, at one 100.
    assert watch_waits(ten) == 0
    CounterShift.objects.create(counter=second, is_open=False, first_day=slot.date)
    assert watch_waits(ten) == 1
    assert Suggestion.objects.get().facts["wait"] == 100
    assert first.is_open


@pytest.mark.django_db
def test_yesterdays_numbers_and_closed_halls_make_nobody_wait():
    office, gone = make_office(), make_office("gone", is_active=False)
    queue(office, 50, since=NINE - dt.timedelta(days=2))
    queue(gone, 50)
    assert watch_waits(NINE) == 0


@pytest.mark.django_db
def test_nobody_in_the_hall_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        watch_waits_task()
