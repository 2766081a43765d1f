"""Two supervisors and fifty citizens at once on one office."""

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from applicants.models import Account
from bookings.domain.replay import untrue_logs
from bookings.models import QuotaChange, Slot
from tests.concurrency.office_day import SUPERVISOR
from tests.concurrency.race import ROOT, Race, _environment, untrue_answers, violations
from tests.factories import NOW, make_slot

pytestmark = pytest.mark.django_db(transaction=True)

WINDOWS = 6
CROWDS = 5
CITIZENS = 50


@dataclass
class OfficeDay(Race):
    """Two processes of a supervisor each, the others crowds of citizens."""

    seconds: float = 10

    def _start(self, seed: int) -> "subprocess.Popen[bytes]":
        supervises = seed <= 2
        config = {
            "role": "supervisor" if supervises else "citizens",
            "username": f"supervisor-{seed}",
            "people": 1 if supervises else CITIZENS // CROWDS,
            "seed": seed,
            "slots": self.slots,
            "now": NOW.isoformat(),
            "seconds": self.seconds,
            "guarded": self.guarded,
            "pause": 0.02 if supervises else 0.2,
            "largest": 3,
            "folder": str(self.folder),
        }
        command = [sys.executable, "-m", "tests.concurrency.office_day", json.dumps(config)]
        return subprocess.Popen(command, cwd=ROOT, env=_environment())


def spend(folder: Path, seconds: float, *, guarded: bool = True) -> list[dict[str, Any]]:
    """Every answer of that day."""
    for seed in (1, 2):
        Account.objects.create_staff(f"supervisor-{seed}", None)
    first = NOW + dt.timedelta(days=1)
    slots = [
        make_slot(8, assisted=2, walk_in=4, starts_at=first + dt.timedelta(minutes=30 * number))
        for number in range(WINDOWS)
    ]
    ids = [slot.pk for slot in slots]
    processes = 2 + CROWDS
    day = OfficeDay(folder, ids, {}, 0, processes, guarded=guarded, seconds=seconds)
    return day.run()


def lost_edits(answers: list[dict[str, Any]]) -> list[str]:
    """Numbers that were set and are not in the log as an answer to what was seen."""
    logged = set(
        QuotaChange.objects.values_list("quota", "version", "from_capacity", "to_capacity")
    )
    return [
        f"quota {quota}, seen as {before} in version {version}: {after} was accepted"
        for answer in answers
        for quota, version, before, after in answer.get("edits", [])
        if (quota, version + 1, before, after) not in logged
    ]


def prove(answers: list[dict[str, Any]]) -> None:
    outcomes = Counter((answer["verb"], answer["outcome"]) for answer in answers)
    assert [answer["error"] for answer in answers if answer["outcome"] == "error"] == []
    assert lost_edits(answers) == []
    assert violations() == []
    assert untrue_answers(answers) == []
    assert list(untrue_logs(Slot.objects.all())) == []
    # It was a race: everything was done, and each was in the other's way.
    assert {verb for verb in SUPERVISOR if outcomes[verb, "done"]} == set(SUPERVISOR)
    assert outcomes["set_one", "changed_meanwhile"] > 0
    assert outcomes["book", "done"] > CITIZENS


def test_without_comparing_versions_edits_are_lost(tmp_path):
    """The harness can see a lost edit: with the guard off, it must."""
    assert lost_edits(spend(tmp_path, 4, guarded=False)) != []


def test_ten_seconds_lose_no_edit_oversell_nothing_and_the_log_replays(tmp_path):
    prove(spend(tmp_path, 10))


@pytest.mark.slow
def test_a_minute_loses_no_edit_oversells_nothing_and_the_log_replays(tmp_path):
    prove(spend(tmp_path, 60))
