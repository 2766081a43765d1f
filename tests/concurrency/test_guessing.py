"""Several web processes are asked at once, for the same code."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from applicants.domain.sign_in import send_code
from applicants.models import SignInCode
from tests.citizens import PHONE, last_code
from tests.concurrency.race import ROOT, _environment
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 3


def guess_at_once(folder: Path, guesses: list[str]) -> Counter[str]:
    """What all processes together were told."""
    running = []
    for number in range(PROCESSES):
        config = {
            "folder": str(folder),
            "number": number,
            "phone": PHONE,
            "now": NOW.isoformat(),
            "guesses": guesses,
        }
        command = [sys.executable, "-m", "tests.concurrency.guesser", json.dumps(config)]
        running.append(
            subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE)
        )
    while len(list(folder.glob("ready-*"))) < PROCESSES:
        assert all(process.poll() is None for process in running), "a process died early"
        time.sleep(0.01)
    (folder / "go").touch()
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in running]
    return sum((Counter(answer) for answer in answers), Counter())


def wrong_codes() -> list[str]:
    right = int(last_code())
    return [f"{(right + step) % 10**6:06d}" for step in range(1, 11)]


def test_guesses_of_several_processes_are_five_in_all(tmp_path: Path) -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    told = guess_at_once(tmp_path, wrong_codes())
    # The fifth wrong guess already says that the code is spent.
    assert told["in"] == 0
    assert told["wrong_code"] <= 4
    assert told.total() == 10 * PROCESSES
    assert SignInCode.objects.get().attempts == 5


def test_the_right_code_lets_one_of_several_processes_in(tmp_path: Path) -> None:
    send_code("sms", PHONE, "zh-hans", NOW)
    told = guess_at_once(tmp_path, [last_code()])
    assert told == {"in": 1, "code_spent": PROCESSES - 1}
