"""`make rows`: which requirement rows have passing tests, by priority, and which have none.

Prints the results that pytest kept (tests/rows_plugin.py). Where a source is newer than the
results, or a marked test has none, the marked tests run first; `--recorded` prints what there is.
Other arguments go to pytest: `python -m scripts.rows -n2`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.requirements import Row, read_rows

RECORD = Path(".pytest_cache/v/yihao/rows")
REQUIREMENTS = Path("docs/requirements.md")
SOURCES = {".py", ".html", ".css", ".js", ".mo", ".toml", ".txt", ".json"}
NOT_SOURCES = {"docs", "bench", "deploy", "__pycache__"}
# What pytest returns when every test could run, whether it passed or not.
TESTS_RAN = (0, 1)
PRIORITIES = ("P1", "P2", "P3")
SHOWN, FAILING, NOT_RUN, WITHOUT = STATES = ("shown", "failing", "not run", "without a test")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make rows", description="Requirement rows and tests.")
    parser.add_argument("--recorded", action="store_true", help="run nothing")
    options, for_pytest = parser.parse_known_args(arguments)
    stale = why_stale(read_record(), newest_source(Path()))
    if stale and not options.recorded:
        print(f"{stale} Running the tests that are marked with a row …", flush=True)
        command = [sys.executable, "-m", "pytest", "-q", "-m", "row", *for_pytest]
        code = subprocess.run(command, check=False).returncode
        if code not in TESTS_RAN:
            print(f"pytest ended with {code}: nothing can be said about the rows.")
            return 1
        stale = why_stale(read_record(), newest_source(Path()))
    print(report(read_rows(REQUIREMENTS), read_record()["tests"]))
    if stale:
        print(f"\nNot the whole truth: {stale}")
    return 0


def read_record() -> dict[str, Any]:
    """{"collected_at": seconds, "tests": {node id: {"rows", "outcome", "at"}}}"""
    if not RECORD.exists():
        return {"collected_at": 0, "tests": {}}
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def newest_source(root: Path) -> float:
    """When the youngest file that a test may depend on was written, in seconds."""
    return max(path.stat().st_mtime for path in _sources(root))


def _sources(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name[0] != "." and name not in NOT_SOURCES]
        yield from (Path(folder, name) for name in files if Path(name).suffix in SOURCES)


def why_stale(record: dict[str, Any], newest: float) -> str:
    """A sentence, or "" where every marked test has a result younger than every source."""
    if not record["collected_at"]:
        return "No run of the whole suite is recorded."
    ages = [record["collected_at"], *(result["at"] for result in record["tests"].values())]
    if not min(ages):
        return "Some tests have not run yet."
    return "The results are older than the sources." if min(ages) < newest else ""


@dataclass
class Standing:
    """A row and the outcomes of its tests, by node id."""

    row: Row
    outcomes: dict[str, str]

    @property
    def state(self) -> str:
        seen = set(self.outcomes.values())
        if "failed" in seen:
            return FAILING
        if "passed" in seen:
            return SHOWN
        return NOT_RUN if seen else WITHOUT

    def lines(self) -> Iterator[str]:
        yield f"  {self.row.id}  {self.row.acceptance if self.outcomes else self.row.english}"
        functions: dict[str, list[str]] = {}
        for test, outcome in self.outcomes.items():
            functions.setdefault(test.partition("[")[0], []).append(outcome)
        for function, outcomes in functions.items():
            yield f"         {function}{_remark(outcomes)}"


def _remark(outcomes: list[str]) -> str:
    cases = f" × {len(outcomes)}" if len(outcomes) > 1 else ""
    others = sorted(set(outcomes) - {"passed"})
    return cases + (f" ({', '.join(others)})" if others else "")


def report(rows: dict[str, Row], tests: dict[str, Any]) -> str:
    """Rows by priority and state with their tests, then the counts."""
    standings = [
        Standing(row, {test: r["outcome"] for test, r in tests.items() if row.id in r["rows"]})
        for row in rows.values()
    ]
    lines: list[str] = []
    for priority in PRIORITIES:
        of_priority = [standing for standing in standings if standing.row.priority == priority]
        for state in STATES:
            members = [standing for standing in of_priority if standing.state == state]
            if members:
                lines += ["", f"{priority}, {state}: {len(members)}"]
                lines += [line for standing in members for line in standing.lines()]
    return "\n".join([*lines, "", *_counts(standings)])


def _counts(standings: list[Standing]) -> Iterator[str]:
    counts = Counter((standing.row.priority, standing.state) for standing in standings)
    yield "  " + "".join(f"{title:>16}" for title in ("rows", *STATES))
    for priority in PRIORITIES:
        numbers = [counts[priority, state] for state in STATES]
        yield priority + "".join(f"{number:>16}" for number in (sum(numbers), *numbers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
