"""Keeps, from run to run, which tests show which requirement rows; `make rows` prints it.

A test says so with `@pytest.mark.row("XM-10")`. The record lives in pytest's cache: a run of a
few tests changes their results alone; a collection of the whole suite forgets tests that are gone.
"""

import time
from collections.abc import Generator
from typing import Any

import pytest

from scripts.requirements import read_rows

PAGE = "docs/requirements.md"
RECORD = "yihao/rows"
NOT_RUN = {"rows": [], "outcome": "not run", "at": 0}
_GRAVEST_FIRST = ("failed", "skipped", "passed")


class UnknownRow(Exception):
    pass


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RowsOfThisRun(config), "rows-of-this-run")


class RowsOfThisRun:
    """Under xdist the workers collect, and the controller hears all results and records them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.started_at = time.time()
        self.known = read_rows(config.rootpath / PAGE)
        self.rows_of: dict[str, list[str]] = {}
        self.outcome_of: dict[str, str] = {}
        self.collection_failed = False

    @pytest.hookimpl(wrapper=True)  # Sees every test of a file, before -m and -k deselect any.
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        try:
            for node in report.result:
                if isinstance(node, pytest.Item):
                    self._note_rows(node)
        except UnknownRow as error:
            report.outcome, report.longrepr, report.result = "failed", str(error), []
        return report

    def _note_rows(self, item: pytest.Item) -> None:
        rows = sorted({row for mark in item.iter_markers("row") for row in mark.args})
        for row in rows:
            if row not in self.known:
                raise UnknownRow(f"{item.nodeid} shows {row}, which {PAGE} does not list.")
        if rows:
            self.rows_of[item.nodeid] = rows

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
        record = record or {"collected_at": 0, "tests": {}}
        before = record["tests"]
        tests = before.keys() | self.rows_of.keys()
        if self._collected_whole_suite():
            record["collected_at"], tests = self.started_at, set(self.rows_of)
        entries = {test: self._entry(before.get(test, NOT_RUN), test) for test in sorted(tests)}
        return record | {"tests": entries}

    def _collected_whole_suite(self) -> bool:
        whole = self.config.args == self.config.getini("testpaths")
        return whole and not self.collection_failed

    def _entry(self, before: dict[str, Any], test: str) -> dict[str, Any]:
        entry = before | {"rows": self.rows_of.get(test, before["rows"])}
        if test in self.outcome_of:
            entry |= {"outcome": self.outcome_of[test], "at": self.started_at}
        return entry
