"""Publishing meets people who move between windows and staff who change several at once."""

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from applicants.models import Account
from bookings.domain import allocation
from bookings.domain.closing import close_day, close_slots, reopen_day
from bookings.domain.parties import Actor
from bookings.domain.publishing import publish
from bookings.models import Quota, Slot
from offices.models import Closure, Office, OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY = dt.date(2026, 8, 4)


@pytest.fixture
def office() -> Office:
    """Open on Tuesdays 10:00–11:00: two windows a week."""
    office = make_office()
    OpeningHours.objects.create(
        office=office,
        line=make_line(),
        weekday=TUESDAY.weekday(),
        opens=dt.time(10),
        closes=dt.time(11),
        capacity=10,
        valid_from=LONG_AGO,
    )
    publish(office, NOW)
    return office


def quota_ids(slot: Slot) -> list[int]:
    return list(slot.quotas.order_by("pk").values_list("pk", flat=True))


def wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    pytest.fail("nobody waited for the lock")


def lock_both_while(low: Slot, high: Slot, verb: Callable[[], object]) -> None:
    """Take the quotas of two windows in the order of their ids while the verb wants both."""

    def run() -> None:
        try:
            verb()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        allocation.lock(quota_ids(low))
        other.start()
        wait_until_somebody_waits()
        wanted = Quota.objects.filter(pk__in=quota_ids(high))
        assert len(wanted.select_for_update(nowait=True, no_key=True)) == 3
    other.join(timeout=10)


def test_windows_that_change_and_windows_that_go_are_locked_in_one_order(office: Office) -> None:
    low, high = Slot.objects.order_by("pk")[:2]
    rows = OpeningHours.objects.filter(office=office)
    # 10:00 gets more places, 10:30 is no more. The signals of saving would publish at once.
    rows.update(closes=dt.time(10, 30), capacity=20)
    lock_both_while(low, high, lambda: publish(office, NOW))
    assert Slot.objects.filter(date=TUESDAY).count() == 1
    assert sum(low.quotas.values_list("capacity", flat=True)) == 20


def test_reopening_a_day_locks_no_window_after_those_of_the_day(office: Office) -> None:
    actor = Actor(operator=Account.objects.create_staff("supervisor", None))
    low, high = Slot.objects.filter(date=TUESDAY).order_by("pk")
    close_slots([low.pk], reason="检修", actor=actor, now=NOW)
    close_day(office, None, TUESDAY, reason="台风", actor=actor, now=NOW + dt.timedelta(minutes=1))
    OpeningHours.objects.filter(office=office).update(capacity=20)
    closure = Closure.objects.get()
    lock_both_while(low, high, lambda: reopen_day(closure, reason="台风过境", actor=actor, now=NOW))
    assert sum(low.quotas.values_list("capacity", flat=True)) == 20
    assert Slot.objects.get(pk=high.pk).closed_at is None
