"""Which office handles what, from when until when: the service × hall matrix (HB-21)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from offices.domain.changes import note_change
from offices.enums import Matters
from offices.models import Office, OfficeService, Service

# By the ids of office and service: what is in force, or comes next.
Matrix = dict[tuple[int, int], OfficeService]


def matrix(offices: Iterable[Office], day: dt.date) -> Matrix:
    """What these offices handle on that day or from a later one on. One query."""
    rows = OfficeService.objects.filter(office__in=list(offices)).order_by("-valid_from")
    # The earliest comes last and stays.
    return {(row.office_id, row.service_id): row for row in rows if not _is_over(row, day)}


def grant_service(
    offices: Sequence[Office],
    service: Service,
    first_day: dt.date,
    *,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> int:
    """These offices handle the service from that day on, until further notice.

    Returns how many didn't yet. Raises ValidationError for a day that is over.
    """
    _refuse_past(offices, first_day, now)
    changed = 0
    with transaction.atomic():
        for office in _locked(offices):
            rows, before = _rows(office, service, first_day), _periods(office, service, now)
            if not any(row.valid_from <= first_day and row.valid_until is None for row in rows):
                _begin(office, service, first_day, rows)
                _log(office, service, before, reason, account, now)
                changed += 1
    return changed


def end_service(
    offices: Sequence[Office],
    service: Service,
    last_day: dt.date,
    *,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> int:
    """These offices handle the service until that day, and no more after it.

    Returns how many did longer. Raises ValidationError for a day that is over.
    """
    _refuse_past(offices, last_day, now)
    changed = 0
    with transaction.atomic():
        for office in _locked(offices):
            rows = _rows(office, service, last_day + dt.timedelta(days=1))
            if rows:
                before = _periods(office, service, now)
                _end(rows, last_day)
                _log(office, service, before, reason, account, now)
                changed += 1
    return changed


def _refuse_past(offices: Sequence[Office], day: dt.date, now: dt.datetime) -> None:
    if any(day < office.local_date(now) for office in offices):
        raise ValidationError(_("This day is over. Choose another."))


def _locked(offices: Sequence[Office]) -> Iterable[Office]:
    """In the order of their ids, as everybody locks them."""
    ids = [office.pk for office in offices]
    return Office.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")


def _is_over(row: OfficeService, day: dt.date) -> bool:
    return row.valid_until is not None and row.valid_until < day


def _rows(office: Office, service: Service, day: dt.date) -> list[OfficeService]:
    """The periods that reach that day or a later one, earliest first."""
    rows = OfficeService.objects.filter(office=office, service=service).order_by("valid_from")
    return [row for row in rows if not _is_over(row, day)]


def _begin(office: Office, service: Service, first_day: dt.date, rows: list[OfficeService]) -> None:
    """One period without end, in the place of those that would begin or end later."""
    kept, *later = rows or [OfficeService(office=office, service=service, valid_from=first_day)]
    OfficeService.objects.filter(pk__in=[row.pk for row in later]).delete()
    kept.valid_from, kept.valid_until = min(kept.valid_from, first_day), None
    kept.save()


def _end(rows: list[OfficeService], last_day: dt.date) -> None:
    for row in rows:
        if row.valid_from > last_day:
            row.delete()
        else:
            row.valid_until = last_day
            row.save(update_fields=["valid_until"])


def _log(
    office: Office,
    service: Service,
    before: dict[str, Any],
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> None:
    after = _periods(office, service, now)
    note_change(Matters.SERVICE, office, service.code, before, after, reason, account, now)


def _periods(office: Office, service: Service, now: dt.datetime) -> dict[str, Any]:
    """From today on, as a log keeps them."""
    rows = _rows(office, service, office.local_date(now))
    periods = [
        [row.valid_from.isoformat(), row.valid_until.isoformat() if row.valid_until else None]
        for row in rows
    ]
    return {"periods": periods} if periods else {}
