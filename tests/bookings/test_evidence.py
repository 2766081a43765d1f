"""Evidence on the disk: unreadable, and gone when its time is over."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.db import transaction

from bookings.domain.evidence import forget_evidence, keep_files, read_file, sweep_orphans
from bookings.domain.parties import Actor
from bookings.domain.uploads import MOST_FILES, BadFile, check_file
from bookings.domain.urgent import approve, finish
from bookings.models import Evidence
from tests.factories import NOW, make_office
from tests.requests import A_WEEK_ON, make_image, make_pdf, make_urgent
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def store(settings) -> Path:
    return Path(settings.EVIDENCE_ROOT)


def test_what_is_on_the_disk_can_not_be_read(store):
    request = make_urgent(files=[make_pdf("邀请函.pdf", Title="Invitation of somebody")])
    [kept] = request.evidence.all()
    [file] = store.iterdir()
    on_disk = file.read_bytes()
    assert not any(part in on_disk for part in (b"%PDF", b"Invitation", b"EOF"))
    assert "邀请" not in file.name
    assert (file.stat().st_mode & 0o777, store.stat().st_mode & 0o777) == (0o600, 0o700)
    assert read_file(kept).startswith(b"%PDF-")


def test_a_file_put_in_the_place_of_another_is_not_handed_out(store):
    request = make_urgent(files=[make_pdf(), make_image()])
    first, second = request.evidence.all()
    (store / first.stored_as).write_bytes((store / second.stored_as).read_bytes())
    with pytest.raises(FileNotFoundError):
        read_file(first)


def test_a_request_keeps_five_files(store):
    request = make_urgent(files=[make_image() for _file in range(4)])
    keep_files(request, [check_file(make_image())], NOW)
    with pytest.raises(BadFile) as refused:
        keep_files(request, [check_file(make_image())], NOW)
    assert str(MOST_FILES) in refused.value.message
    assert len(list(store.iterdir())) == 5


def test_thirty_days_after_the_deadline_the_file_is_really_gone(store):
    request = make_urgent(files=[make_pdf()])
    last = dt.datetime.combine(A_WEEK_ON + 30 * DAY, dt.time(12), tzinfo=request.office.zone)
    assert forget_evidence(last) == 0
    assert forget_evidence(last + DAY) == 1
    assert list(store.iterdir()) == []
    kept = Evidence.objects.get()
    assert (kept.stored_as, kept.name, kept.deleted_at) == ("", "", last + DAY)
    with pytest.raises(FileNotFoundError):
        read_file(kept)
    assert forget_evidence(last + 2 * DAY) == 0


def test_a_later_decision_or_end_keeps_it_longer():
    request = make_urgent(files=[make_pdf()])
    officer = Actor(operator=make_staff(office=request.office))
    approve(request.pk, "商务", officer, NOW + 10 * DAY)
    finish(request.pk, officer, NOW + 20 * DAY)
    assert forget_evidence(NOW + 50 * DAY) == 0
    assert forget_evidence(NOW + 51 * DAY) == 1


def test_the_policy_says_for_how_long():
    request = make_urgent(make_office(policy={"evidence_days": 3}), files=[make_pdf()])
    deadline = dt.datetime.combine(A_WEEK_ON, dt.time(12), tzinfo=request.office.zone)
    assert forget_evidence(deadline + 3 * DAY) == 0
    assert forget_evidence(deadline + 4 * DAY) == 1


def test_a_file_that_is_lost_already_keeps_no_row_from_being_forgotten(store):
    make_urgent(files=[make_pdf()])
    next(store.iterdir()).unlink()
    assert forget_evidence(NOW + 60 * DAY) == 1


def test_a_file_that_can_not_be_removed_keeps_no_other(store):
    stuck = make_urgent(files=[make_pdf()]).evidence.get()
    make_urgent(files=[make_pdf()])
    (store / stuck.stored_as).unlink()
    (store / stuck.stored_as).mkdir()
    assert forget_evidence(NOW + 60 * DAY) == 1
    assert list(Evidence.objects.filter(deleted_at=None)) == [stuck]
    (store / stuck.stored_as).rmdir()
    assert forget_evidence(NOW + 61 * DAY) == 1


def test_files_without_a_row_are_swept_after_an_hour(store):
    kept = make_urgent(files=[make_pdf()]).evidence.get()
    with transaction.atomic():
        make_urgent(files=[make_image()])
        transaction.set_rollback(True)
    assert len(list(store.iterdir())) == 2
    for file in store.iterdir():
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    assert sweep_orphans(NOW + dt.timedelta(minutes=59)) == 0
    assert sweep_orphans(NOW + dt.timedelta(minutes=61)) == 1
    assert [file.name for file in store.iterdir()] == [kept.stored_as]


def test_a_store_that_nobody_used_yet_is_no_error():
    assert (forget_evidence(NOW), sweep_orphans(NOW)) == (0, 0)
