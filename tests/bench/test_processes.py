"""Processor time is counted over a process and all below it, those that have ended included."""

import subprocess
import sys
import time

from bench.processes import cpu_seconds, family, memory_mb

# Starts one that ends and one that stays; both of them and itself burn two fifths of a second.
SCRIPT = """
import subprocess, sys, time
burn = "import time\\nwhile time.process_time() < 0.4: pass\\n"
subprocess.run([sys.executable, "-c", burn])
staying = subprocess.Popen([sys.executable, "-c", burn + "input()"], stdin=subprocess.PIPE)
exec(burn)
print(flush=True)
input()
staying.communicate(b"\\n")
"""


def test_children_that_have_ended_and_those_that_run_are_counted() -> None:
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        assert len(family(process.pid)) == 2
        assert memory_mb(process.pid) > 5
        deadline = time.monotonic() + 30
        while (spent := cpu_seconds(process.pid)) < 1.1 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert 1.1 <= spent < 3
        process.stdin.write(b"\n")


def test_a_process_that_is_gone_has_spent_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert (cpu_seconds(process.pid), memory_mb(process.pid)) == (0, 0)
