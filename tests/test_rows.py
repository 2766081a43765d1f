"""The record of requirement rows and `make rows`, on a suite of two files."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from scripts.requirements import read_rows
from scripts.rows import newest_source, report, why_stale

ROOT = Path(__file__).resolve().parent.parent
PAGE = """\
| id | practice (原文) | in English | capability | acceptance example | priority |
|---|---|---|---|---|---|
| XM-07 | 一张表单 | One form | One ticket | One parcel | P1 |
| XM-10 | 五大渠道 | Five channels | Shared quota | Sold once | P1 |
| FS-33 | 宣传 | Publicity | Announcements | One notice | P3 |
"""
FIRST = """\
import pytest

@pytest.mark.row("XM-07")
@pytest.mark.parametrize("document", ["passport", "permit"])
def test_one_parcel(document):
    pass

def test_of_no_row():
    pass
"""
SECOND = """\
import pytest

@pytest.mark.row("XM-10", "XM-07")
def test_sold_once():
    pass
"""
INI = """\
[pytest]
addopts = -p tests.rows_plugin --strict-markers
testpaths = suite
markers =
    row(*ids): rows
"""


class Suite:
    """A folder with a page of three rows and two test files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("docs/requirements.md", PAGE)
        self.write("pytest.ini", INI)
        self.write("suite/test_first.py", FIRST)
        self.write("suite/test_second.py", SECOND)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        # Written before any run, whatever the clock's resolution.
        os.utime(path, (1, 1))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A small suite needs neither Django nor a browser: without their plugins it starts sooner.
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def outcomes(self) -> dict[str, str]:
        record = json.loads((self.root / ".pytest_cache/v/yihao/rows").read_text())
        return {
            f"{test.partition('::')[2]} {','.join(result['rows'])}": result["outcome"]
            for test, result in record["tests"].items()
        }


ALL_PASSED = {
    "test_one_parcel[passport] XM-07": "passed",
    "test_one_parcel[permit] XM-07": "passed",
    "test_sold_once XM-07,XM-10": "passed",
}


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n2"]], ids=["alone", "with two workers"])
def test_a_run_records_the_outcome_of_every_marked_test(suite: Suite, workers: list[str]) -> None:
    assert suite.run("pytest", *workers).returncode == 0
    assert suite.outcomes() == ALL_PASSED


def test_a_partial_run_changes_its_own_results_alone(suite: Suite) -> None:
    suite.run("pytest")
    suite.write("suite/test_second.py", SECOND.replace("pass\n", "assert False\n"))
    suite.run("pytest", "suite/test_second.py")
    assert suite.outcomes() == ALL_PASSED | {"test_sold_once XM-07,XM-10": "failed"}


def test_a_deselected_test_keeps_its_result(suite: Suite) -> None:
    suite.run("pytest")
    suite.run("pytest", "-k", "sold_once")
    assert suite.outcomes() == ALL_PASSED


def test_a_test_that_is_gone_drops_out(suite: Suite) -> None:
    suite.run("pytest")
    (suite.root / "suite/test_second.py").unlink()
    suite.run("pytest", "-m", "row")
    assert suite.outcomes() == {
        test: outcome for test, outcome in ALL_PASSED.items() if "parcel" in test
    }


def test_a_file_that_can_not_be_imported_makes_nobody_forget_its_tests(suite: Suite) -> None:
    suite.run("pytest")
    suite.write("suite/test_second.py", "import nowhere\n")
    suite.run("pytest", "--continue-on-collection-errors")
    assert suite.outcomes() == ALL_PASSED


def test_a_failing_teardown_is_a_failure(suite: Suite) -> None:
    fixture = "@pytest.fixture\ndef place():\n    yield\n    assert False\n\n"
    suite.write(
        "suite/test_second.py",
        SECOND.replace("@pytest", fixture + "@pytest", 1).replace("once()", "once(place)"),
    )
    suite.run("pytest")
    assert suite.outcomes()["test_sold_once XM-07,XM-10"] == "failed"


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n2"]], ids=["alone", "with two workers"])
def test_a_row_that_the_page_does_not_list_is_an_error(suite: Suite, workers: list[str]) -> None:
    suite.write("suite/test_second.py", SECOND.replace("XM-10", "XM-99"))
    done = suite.run("pytest", *workers)
    assert done.returncode != 0
    assert (
        "suite/test_second.py::test_sold_once shows XM-99, "
        "which docs/requirements.md does not list." in done.stdout
    )


def test_make_rows_runs_the_marked_tests_once_and_then_prints_the_record(suite: Suite) -> None:
    first = suite.run("scripts.rows").stdout
    second = suite.run("scripts.rows").stdout
    assert "No run of the whole suite is recorded. Running the tests" in first
    assert "3 passed, 1 deselected" in first
    assert second == REPORT + "\n"


def test_make_rows_runs_again_after_a_source_changed(suite: Suite) -> None:
    suite.run("scripts.rows")
    os.utime(suite.root / "suite/test_first.py")
    again = suite.run("scripts.rows").stdout
    assert again.startswith("The results are older than the sources. Running the tests")


def test_make_rows_lists_a_failing_row_and_still_succeeds(suite: Suite) -> None:
    suite.write("suite/test_second.py", SECOND.replace("pass\n", "assert False\n"))
    done = suite.run("scripts.rows")
    assert done.returncode == 0
    assert "P1, failing: 2\n" in done.stdout
    assert "test_sold_once (failed)\n" in done.stdout


def test_make_rows_says_when_the_suite_can_not_run(suite: Suite) -> None:
    suite.write("suite/test_second.py", "import nowhere\n")
    done = suite.run("scripts.rows")
    assert done.returncode == 1
    assert done.stdout.endswith("pytest ended with 2: nothing can be said about the rows.\n")


def test_make_rows_recorded_runs_nothing_and_admits_it(suite: Suite) -> None:
    done = suite.run("scripts.rows", "--recorded")
    assert done.returncode == 0
    assert done.stdout.endswith("Not the whole truth: No run of the whole suite is recorded.\n")
    assert not (suite.root / ".pytest_cache").exists()


REPORT = """\

P1, shown: 2
  XM-07  One parcel
         suite/test_first.py::test_one_parcel × 2
         suite/test_second.py::test_sold_once
  XM-10  Sold once
         suite/test_second.py::test_sold_once

P3, without a test: 1
  FS-33  Publicity

              rows           shown         failing         not run  without a test
P1               2               2               0               0               0
P2               0               0               0               0               0
P3               1               0               0               0               1"""


def test_a_row_whose_only_test_was_skipped_is_not_shown(suite: Suite) -> None:
    rows = read_rows(suite.root / "docs/requirements.md")
    skipped = {"t.py::test_sold_once": {"rows": ["XM-10"], "outcome": "skipped", "at": 1}}
    assert "P1, not run: 1\n  XM-10  Sold once\n         t.py::test_sold_once (skipped)" in report(
        rows, skipped
    )


def test_results_are_stale_when_one_is_older_than_the_newest_source(suite: Suite) -> None:
    os.utime(suite.root / "suite/test_first.py", (100, 100))
    newest = newest_source(suite.root)
    assert newest == 100
    fresh = {"rows": ["XM-07"], "outcome": "passed", "at": newest + 1}
    record = {"collected_at": newest + 1, "tests": {"a": fresh}}
    assert why_stale(record, newest) == ""
    record["tests"] = {"a": fresh, "b": fresh | {"at": newest - 1}}
    assert why_stale(record, newest) == "The results are older than the sources."


def test_the_page_lists_the_rows_of_five_cities() -> None:
    rows = read_rows(ROOT / "docs/requirements.md")
    assert Counter(row[:2] for row in rows) == {"JJ": 23, "XM": 48, "FS": 33, "HB": 34, "WH": 21}
    assert Counter(row.priority for row in rows.values()) == {"P1": 71, "P2": 57, "P3": 31}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("| XM-10 | 五大渠道 | Five | Quota | Once | P1 |", "requirements.md lists XM-10 twice."),
        (
            "| XM-11 | 五大渠道 | Five | Quota | P1 |",
            "XM-11 needs the cells practice, english, capability, acceptance.",
        ),
    ],
)
def test_a_malformed_page_is_refused(suite: Suite, line: str, complaint: str) -> None:
    suite.write("docs/requirements.md", PAGE + line + "\n")
    with pytest.raises(ValueError, match=complaint):
        read_rows(suite.root / "docs/requirements.md")
