"""Evidence: files that only their owner and whoever decides can read, and that are deleted."""

import datetime as dt
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applicants.crypto import decrypt_bytes, encrypt_bytes
from bookings.domain.uploads import MOST_FILES, BadFile, Sound
from bookings.models import Evidence, UrgentRequest
from offices.domain.policy import policy_for

log = structlog.get_logger(__name__)

# A file without a row may belong to a transaction that goes on.
ORPHAN_AFTER = dt.timedelta(hours=1)


def keep_files(request: UrgentRequest, files: Iterable[Sound], now: dt.datetime) -> None:
    """Store them with the request, in its transaction. Raises BadFile where they are too many."""
    files = list(files)
    if request.evidence.filter(deleted_at=None).count() + len(files) > MOST_FILES:
        raise BadFile(_("At most %(n)s files can be kept with a request.") % {"n": MOST_FILES})
    for file in files:
        Evidence.objects.create(
            request=request,
            stored_as=_store(file.data),
            name=file.name,
            content_type=file.content_type,
            size=len(file.data),
            uploaded_at=now,
        )


def read_file(evidence: Evidence) -> bytes:
    """Raises FileNotFoundError for one that is deleted, lost or changed."""
    if not evidence.stored_as:
        raise FileNotFoundError
    data = (_root() / evidence.stored_as).read_bytes()
    try:
        return decrypt_bytes(data, _purpose(evidence.stored_as))
    except InvalidTag:
        log.error("evidence_changed", evidence=evidence.pk)
        raise FileNotFoundError from None


def forget_evidence(now: dt.datetime) -> int:
    """Delete the files whose time is over; how many. The row stays, to say that there was one."""
    over = (evidence for evidence in _kept().iterator() if _is_over(evidence.request, now))
    return sum(_remove(evidence, now) for evidence in over)


def forget_files_of(requests: Iterable[UrgentRequest], now: dt.datetime) -> None:
    """At once, because whoever sent them asks for it."""
    for evidence in Evidence.objects.filter(request__in=requests, deleted_at=None):
        _remove(evidence, now)


def sweep_orphans(now: dt.datetime) -> int:
    """Delete files of transactions that were never committed; how many."""
    before = (now - ORPHAN_AFTER).timestamp()
    old = {path.name: path for path in _files() if path.stat().st_mtime < before}
    known = Evidence.objects.filter(stored_as__in=old).values_list("stored_as", flat=True)
    for name in set(old) - set(known):
        old[name].unlink(missing_ok=True)
    return len(set(old) - set(known))


def _kept() -> "QuerySet[Evidence]":
    offices = "request__office__bureau__parent__parent"
    return Evidence.objects.filter(deleted_at=None).select_related(offices)


def _is_over(request: UrgentRequest, now: dt.datetime) -> bool:
    """So many days after it was needed, decided and done, whichever is last."""
    office = request.office
    moments = [moment for moment in (request.decided_at, request.ended_at) if moment]
    last = max([request.deadline, *(office.local_date(moment) for moment in moments)])
    return office.local_date(now) > last + dt.timedelta(days=policy_for(office).evidence_days)


def _remove(evidence: Evidence, now: dt.datetime) -> bool:
    """False where it can't be removed now: that keeps no other file from being deleted."""
    try:
        # The file first: a row that still names it has it removed the next time.
        (_root() / evidence.stored_as).unlink(missing_ok=True)
    except OSError as error:
        log.error("evidence_not_removed", evidence=evidence.pk, error=type(error).__name__)
        return False
    evidence.stored_as, evidence.name, evidence.deleted_at = "", "", now
    evidence.save(update_fields=["stored_as", "name", "deleted_at"])
    return True


def _store(data: bytes) -> str:
    """Its name in the store. On the disk before the row is committed."""
    name = secrets.token_hex(16)
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(root / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encrypt_bytes(data, _purpose(name)))
        file.flush()
        os.fsync(file.fileno())
    return name


def _files() -> Iterator[Path]:
    root = _root()
    return root.iterdir() if root.is_dir() else iter(())


def _root() -> Path:
    return Path(settings.EVIDENCE_ROOT)


def _purpose(name: str) -> str:
    """A file that is put in the place of another can't be read there."""
    return f"bookings.evidence:{name}"
