"""The places of the coming two weeks of an office as a table."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.exchange.common import (
    MOST_PLACES,
    Change,
    Kind,
    Outcome,
    problems_of,
)
from bookings.domain.quotas import QuotaEdit, QuotasRefused, set_quotas
from bookings.domain.sheet import Cells
from bookings.models import Quota
from offices.enums import Pool
from offices.models import Office

QUOTA_DAYS = 14

_COLUMNS = ["date", "line", "starts", "pool", "capacity", "taken", "version"]


def _quota_rows(office: Office, today: dt.date) -> Iterable[Sequence[Any]]:
    for quota in _quotas(office, today, today + dt.timedelta(days=QUOTA_DAYS)):
        yield [*_quota_key(quota), quota.capacity, quota.taken, quota.version]


def _quotas(office: Office, first: dt.date, last: dt.date) -> Iterable[Quota]:
    quotas = Quota.objects.filter(slot__office=office, slot__date__range=(first, last))
    return quotas.select_related("slot__line", "slot__office").order_by(
        "slot__starts_at", "slot__line", "pool"
    )


def _quota_key(quota: Quota) -> tuple[str, str, str, str]:
    start = quota.slot.local_start
    return f"{start:%Y-%m-%d}", quota.slot.line.code, f"{start:%H:%M}", quota.pool


def _take_quotas(rows: list[Cells], change: Change) -> Outcome:
    asked: dict[tuple[str, str, str, str], Cells] = {}
    for row in rows:
        if asked.setdefault(_asked_key(row), row) is not row:
            row.refuse("", _("This window and pool are in the file twice."))
    if problems_of(rows):
        return Outcome()
    days = [dt.date.fromisoformat(key[0]) for key in asked]
    found = {_quota_key(quota): quota for quota in _quotas(change.office, min(days), max(days))}
    edits: dict[int, tuple[Cells, QuotaEdit]] = {}
    for key, row in asked.items():
        capacity, version = row.needed("capacity", MOST_PLACES), row.needed("version", 10**9)
        if key not in found:
            row.refuse("starts", _("There is no such window of this office."))
        elif found[key].capacity != capacity:
            edits[found[key].pk] = (row, QuotaEdit(found[key].pk, capacity, version))
    if not problems_of(rows):
        _set_quotas(edits, change)
    return Outcome(len(edits), len(rows) - len(edits))


def _asked_key(row: Cells) -> tuple[str, str, str, str]:
    day, start = row.needed_day("date"), row.time("starts")
    pool = row.choice("pool", Pool.values)
    return f"{day}", row.values.get("line", ""), f"{start:%H:%M}", pool


def _set_quotas(edits: dict[int, tuple[Cells, QuotaEdit]], change: Change) -> None:
    try:
        set_quotas(
            [edit for _row, edit in edits.values()],
            reason=change.reason,
            actor=change.actor,
            now=change.now,
        )
    except QuotasRefused as refused:
        for refusal in refused.refusals:
            edits[refusal.quota_id][0].refuse("capacity", refusal.message)
    except BookingError as error:
        next(iter(edits.values()))[0].refuse("", error.message)


QUOTAS = Kind(
    _COLUMNS,
    frozenset({"date", "line", "starts", "pool", "capacity", "version"}),
    _quota_rows,
    _take_quotas,
)
