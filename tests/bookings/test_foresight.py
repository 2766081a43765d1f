"""What a preview says is what then happens."""

import datetime as dt
from functools import partial

import pytest

from bookings.domain.foresight import foresee
from bookings.domain.hours import add_hours
from bookings.domain.parties import SYSTEM
from bookings.domain.publishing import publish
from bookings.domain.quotas import QuotaEdit, set_quotas
from bookings.models import Quota, Slot
from offices.models import OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office

pytestmark = pytest.mark.django_db
NINE_TO_TEN = {"weekday": 1, "opens": dt.time(9), "closes": dt.time(10)}


def test_a_window_that_staff_decided_is_not_said_to_change() -> None:
    office, line = make_office(), make_line()
    usual = OpeningHours(office=office, line=line, capacity=10, valid_from=LONG_AGO, **NINE_TO_TEN)
    OpeningHours.objects.bulk_create([usual])
    publish(office, NOW)
    edited = Slot.objects.order_by("starts_at")[0]
    edits = [QuotaEdit(quota.pk, 7, quota.version) for quota in edited.quotas.all()]
    set_quotas(edits, reason="高峰", actor=SYSTEM, now=NOW)

    more = OpeningHours(office=office, line=line, capacity=20, valid_from=NOW.date(), **NINE_TO_TEN)
    change = partial(add_hours, office, [more], instead=True, reason="高峰", actor=SYSTEM, now=NOW)
    seen = foresee(office, change, NOW)
    before = dict(Quota.objects.values_list("pk", "capacity"))
    change()
    moved = {
        quota.slot.starts_at
        for quota in Quota.objects.select_related("slot")
        if before[quota.pk] != quota.capacity
    }
    assert {slot.starts_at for slot in seen.changed} == moved
    assert edited.starts_at not in moved
    assert moved
