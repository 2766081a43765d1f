"""Run several worker processes against one database and look at what they leave behind."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.db import connection

from bench import invariants
from bookings.models import Booking
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Race:
    """Start processes, let them go at once, and wait for them."""

    folder: Path
    slots: list[int]
    verbs: dict[str, int]
    steps: int
    processes: int = 4
    guarded: bool = True
    pause: float = 0.0
    # People of the largest party.
    largest: int = 3
    module: str = "tests.concurrency.worker"

    def run(self, kill_after: float | None = None) -> list[dict[str, Any]]:
        """Every answer that a process gave. With `kill_after` seconds, half of them are killed."""
        running = [self._start(seed) for seed in range(1, self.processes + 1)]
        self._wait_until_ready(running)
        (self.folder / "go").touch()
        if kill_after is not None:
            time.sleep(kill_after)
            for process in running[::2]:
                process.kill()
        codes = [process.wait(timeout=120) for process in running]
        if kill_after is None:
            assert codes == [0] * self.processes
        return self._answers()

    def _start(self, seed: int) -> "subprocess.Popen[bytes]":
        config = {
            "seed": seed,
            "slots": self.slots,
            "now": NOW.isoformat(),
            "verbs": self.verbs,
            "steps": self.steps,
            "guarded": self.guarded,
            "pause": self.pause,
            "largest": self.largest,
            "folder": str(self.folder),
        }
        command = [sys.executable, "-m", self.module, json.dumps(config)]
        return subprocess.Popen(command, cwd=ROOT, env=_environment())

    def _wait_until_ready(self, running: "list[subprocess.Popen[bytes]]") -> None:
        deadline = time.monotonic() + 60
        while len(list(self.folder.glob("ready-*"))) < len(running):
            assert all(process.poll() is None for process in running), "a process died early"
            assert time.monotonic() < deadline, "the processes did not come up"
            time.sleep(0.01)

    def _answers(self) -> list[dict[str, Any]]:
        answers = []
        for path in sorted(self.folder.glob("answers-*")):
            # The last line of a killed process may be cut short.
            lines = path.read_text().split("\n")
            answers += [json.loads(line) for line in lines[:-1]]
        return answers


def _environment() -> dict[str, str]:
    settings = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    url = (
        f"postgresql://{settings['USER']}{password}@{settings['HOST']}:{settings['PORT']}"
        f"/{settings['NAME']}"
    )
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_SECRET_KEY": "race",
        "LOG_LEVEL": "ERROR",
    }


def violations() -> list[str]:
    """Every way in which the database breaks a rule of the house; empty when all is well."""
    return invariants.violations(_rows)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def untrue_answers(answers: list[dict[str, Any]]) -> list[str]:
    """Answers that the database doesn't bear out (rule 4): the last word on each booking holds."""
    last: dict[int, str] = {}
    for answer in answers:
        if answer["outcome"] == "done" and "booking" in answer:
            last[answer["booking"]] = answer["status"]
    for booking_id in _in_doubt(answers):
        last.pop(booking_id, None)
    stored = dict(Booking.objects.values_list("pk", "status"))
    return [
        f"booking {pk}: answered {status}, stored {stored.get(pk)}"
        for pk, status in last.items()
        if stored.get(pk) != status and not (status == "held" and stored.get(pk) == "expired")
    ]


def _in_doubt(answers: list[dict[str, Any]]) -> Iterator[int]:
    """Bookings that a process was changing when it was killed: nobody was told of the outcome."""
    for answer, after in zip_longest(answers, answers[1:]):
        if answer["outcome"] == "begun":
            told = after and after["verb"] == answer["verb"] and after["outcome"] != "begun"
            if not told:
                yield answer["booking"]
