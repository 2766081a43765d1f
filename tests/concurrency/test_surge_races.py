"""Surges at several offices at once, against each other, publishing, and people who move."""

import datetime as dt

import pytest

from bookings.domain.publishing import publish, publish_all
from bookings.models import Slot
from offices.models import Office, OpeningHours, SurgePeriod, SurgePlan
from tests.concurrency.race import Race, untrue_answers, violations
from tests.factories import LONG_AGO, NOW, make_bureau, make_line, make_office

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 4
VERBS = {"surge": 12, "rewrite": 20, "publish": 8, "book": 20, "move": 40}
# Tuesday and Wednesday; the surges are of Wednesday.
WEEKDAYS = (1, 2)


def hall(code: str) -> Office:
    """Four windows on each of the two days."""
    office = make_office(code)
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(11),
            capacity=40,
            valid_from=LONG_AGO,
        )
        for weekday in WEEKDAYS
    )
    publish(office, NOW)
    return office


def test_surges_in_opposite_order_and_publishing_never_wait_for_each_other_in_a_ring(tmp_path):
    for code in ("first", "second", "third"):
        hall(code)
    for seed in range(1, PROCESSES + 1):
        SurgePlan.objects.create(
            bureau=make_bureau(), code=f"surge-{seed}", name="高峰", percent=10 * seed
        )
    slots = list(Slot.objects.filter(date__lt=NOW.date() + dt.timedelta(days=7)).order_by("pk"))
    race = Race(
        tmp_path,
        [slot.pk for slot in slots],
        VERBS,
        steps=60,
        processes=PROCESSES,
        module="tests.concurrency.planner",
    )
    answers = race.run()
    assert [answer["error"] for answer in answers if answer["outcome"] == "error"] == []
    assert violations() == []
    assert untrue_answers(answers) == []
    done = {answer["verb"] for answer in answers if answer["outcome"] == "done"}
    assert done == set(VERBS)
    assert not SurgePeriod.objects.filter(ended_at=None).exists()
    publish_all(NOW)
    assert publish_all(NOW).changed == 0
