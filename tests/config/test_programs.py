"""How programs of one machine share its processor."""

import os
import sys
from pathlib import Path

import pytest

from config.servers.programs import Program, run
from config.servers.state import State
from config.servers.workload import Workload

SAY = "import os; print(os.nice(0), open('/proc/self/autogroup').read().split()[-1])"
AUTOGROUP = Path("/proc/self/autogroup")


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="only Linux shares between sessions first")
@pytest.mark.parametrize("niceness", [0, 7])
def test_a_program_gives_way_as_far_as_it_says(tmp_path: Path, niceness: int) -> None:
    program = Program(
        "nice", [sys.executable, "-c", SAY], tmp_path / "log", os.environ, niceness=niceness
    )
    process, session = map(int, run(program).split())
    assert (process - os.nice(0), session) == (niceness, niceness)


def test_pages_come_before_codes_and_codes_before_what_can_wait(tmp_path: Path) -> None:
    programs = Workload(State(tmp_path), {}, 8000).programs()
    niceness = {program.name: program.niceness for program in programs}
    assert niceness["web"] < niceness["messenger"] < niceness["worker"]
