"""Processor time of a process and all that it started, as Linux counts it."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time, children that have ended included."""
    return sum(_own_seconds(each) for each in family(pid))


def family(pid: int) -> list[int]:
    """The process and everything below it."""
    children = _children()
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def memory_mb(pid: int) -> float:
    """Proportional share of memory of the process and everything below it."""
    return sum(_pss_kb(each) for each in family(pid)) / 1024


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _own_seconds(pid: int) -> float:
    fields = _stat(pid)
    # utime, stime, and those of children that were waited for (proc(5)).
    return sum(int(each) for each in fields[11:15]) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces; none when the process is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def _pss_kb(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
