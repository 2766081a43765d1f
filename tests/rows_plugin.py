"""Keeps, from run to run, which tests show which requirement rows; `make rows` prints it.

A test says so with `@pytest.mark.row("XM-10")`. The record lives in pytest's cache: a run of a
few tests changes their results alone; a collection of the whole suite forgets tests that are gone.
"""

import time
from typing import Any

import pytest

from scripts.requirements import read_rows

RECORD = "yihao/rows"
NOT_RUN = {"rows": [], "outcome": "not run", "at": 0}
_GRAVEST_FIRST = ("failed", "skipped", "passed")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RowsOfThisRun(config), "rows-of-this-run")


class RowsOfThisRun:
    """Under xdist the workers collect, and the controller hears all results and records them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.started_at = time.time()
        self.rows_of: dict[str, list[str]] = {}
        self.outcome_of: dict[str, str] = {}
        self.collection_failed = False

    @pytest.hookimpl(tryfirst=True)  # Before -m and -k deselect anything.
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known = read_rows(self.config.rootpath / "docs" / "requirements.md")
        for item in items:
            rows = {row for mark in item.iter_markers("row") for row in mark.args}
            if unknown := sorted(rows - known.keys()):
                raise pytest.UsageError(
                    f"{item.nodeid} is marked with {', '.join(unknown)}, "
                    "which docs/requirements.md does not list."
                )
            if rows:
                self.rows_of[item.nodeid] = sorted(rows)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.collection_failed |= report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            seen = {self.outcome_of.get(report.nodeid), report.outcome}
            self.outcome_of[report.nodeid] = next(word for word in _GRAVEST_FIRST if word in seen)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.rows_of |= getattr(node, "workeroutput", {}).get("rows_of", {})

    @pytest.hookimpl(trylast=True)  # After xdist has heard the last of its workers.
    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["rows_of"] = self.rows_of
        elif cache := getattr(self.config, "cache", None):
            cache.set(RECORD, self._merged_into(cache.get(RECORD, None)))

    def _merged_into(self, record: dict[str, Any] | None) -> dict[str, Any]:
        """{"collected_at": seconds, "tests": {node id: {"rows", "outcome", "at"}}}"""
        before = record["tests"] if record else {}
        if self._collected_whole_suite():
            collected_at, tests = self.started_at, set(self.rows_of)
        else:
            collected_at, tests = (record or {}).get("collected_at", 0), before.keys() | self.rows_of
        return {
            "collected_at": collected_at,
            "tests": {test: self._entry(before.get(test, NOT_RUN), test) for test in sorted(tests)},
        }

    def _collected_whole_suite(self) -> bool:
        whole = self.config.args == self.config.getini("testpaths")
        return whole and not self.collection_failed

    def _entry(self, before: dict[str, Any], test: str) -> dict[str, Any]:
        entry = before | {"rows": self.rows_of.get(test, before["rows"])}
        if test in self.outcome_of:
            entry |= {"outcome": self.outcome_of[test], "at": self.started_at}
        return entry
