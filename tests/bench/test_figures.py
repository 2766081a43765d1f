"""Medians, ratios, goals, and how they are shown."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from bench import machine, plots, report
from bench.figures import Figure, Goal, in_turn, ratio
from bench.report import Run, Section
from bench.stage import Options

FACTS = {
    "cores": 2,
    "processor": "Test processor",
    "memory_gb": 8.0,
    "kernel": "6.1",
    "python": "3.11",
    "PostgreSQL": "18",
    "Valkey": "9",
}


def test_the_median_counts_and_the_spread_goes_from_least_to_most() -> None:
    figure = Figure("bookings", "bookings/s", [300.0, 100.0, 200.0])
    assert (figure.median, figure.least, figure.most) == (200.0, 100.0, 300.0)


def test_a_ratio_of_rounds_in_turn_is_free_of_the_machine_s_mood() -> None:
    """In the second round everything was half as quick."""
    assert ratio([50.0, 25.0, 50.0], [100.0, 50.0, 100.0]) == 0.5


def test_a_ratio_of_other_numbers_of_rounds_is_that_of_the_medians() -> None:
    assert ratio([10.0, 20.0], [30.0]) == 0.5


@pytest.mark.parametrize(("rate", "met"), [(24.9, False), (25.0, True), (80.0, True)])
def test_a_goal_is_met_from_its_share_on(rate: float, met: bool) -> None:
    top = Figure("ceiling", "bookings/s", [100.0])
    figure = Figure("bookings", "bookings/s", [rate]).compared(top).at_least(0.25, "≥ 25 %")
    assert figure.goal == Goal("≥ 25 %", met)


def test_a_goal_that_bounds_from_above() -> None:
    small = Figure("small", "ms", [10.0])
    assert Figure("big", "ms", [12.0]).compared(small).at_most(1.2, "≤ 1.2 ×").goal == Goal(
        "≤ 1.2 ×", True
    )


def test_measurements_are_taken_in_turn() -> None:
    order: list[str] = []

    def taking(name: str):
        def take() -> float:
            order.append(name)
            return float(len(order))

        return take

    measurements = {"a": taking("a"), "b": taking("b")}
    taken = in_turn(measurements, 2, lambda: order.append("settle"), say=lambda _line: None)
    assert order == ["settle", "a", "settle", "b"] * 2
    assert taken == {"a": [2.0, 6.0], "b": [4.0, 8.0]}


def test_a_row_shows_median_spread_ratio_and_goal() -> None:
    figure = Figure(
        "bookings", "bookings/s", [1234.5, 1200.0, 1300.0], "ceiling", 0.274, Goal("≥ 25 %", True)
    )
    missed = Figure("page", "KB", [61.2], goal=Goal("≤ 60 KB", False), note="first view")
    assert report.table([figure, missed]).splitlines()[2:] == [
        "| bookings | 1,234 bookings/s | 1,200–1,300 | 27.4 % of ceiling | ≥ 25 % | yes |",
        "| page (first view) | 61.2 KB |  |  | ≤ 60 KB | **no** |",
    ]


def test_a_large_ratio_is_a_multiple() -> None:
    assert report.ratio(Figure("ours", "", [1.0], "pretix", 31.04)) == "31 × pretix"


def a_run(*sections: Section) -> Run:
    return Run(
        "python -m bench",
        Options(),
        {"DEBUG": "0"},
        "2026-11-22T00:00:00+00:00",
        0.25,
        list(sections),
        FACTS,
        {"commit": "0123456789abcdef", "dirty": True},
    )


def test_the_report_is_a_table_and_all_rounds_with_commit_and_machine(tmp_path) -> None:
    run = a_run(Section("bookings", "Bookings", [Figure("rate", "bookings/s", [1.0, 2.0])]))
    written = report.write(run, tmp_path).read_text()
    assert "commit `0123456789`, with changes of its own" in written
    assert "2 cores of Test processor" in written
    assert "![Bookings](latest-bookings.svg)" in written
    document = json.loads((tmp_path / "latest.json").read_text())
    [section] = document["sections"]
    assert section["figures"][0]["rounds"] == [1.0, 2.0]
    assert section["figures"][0]["median"] == 1.5
    assert document["source"]["commit"] == "0123456789abcdef"
    assert document["machine"] == FACTS


def test_a_broken_rule_and_a_failure_are_told_and_make_the_run_unsound() -> None:
    broken = a_run(Section("a", "A", broken=["quota 1: oversold"]))
    failed = a_run(Section("b", "B", failed="WrkError: no wrk"))
    assert (broken.sound, failed.sound, a_run(Section("c", "C")).sound) == (False, False, True)
    assert "- quota 1: oversold" in report.markdown(broken)
    assert "Failed: WrkError: no wrk" in report.markdown(failed)


def test_a_plot_draws_every_figure_with_its_number_and_escapes_names() -> None:
    figures = [
        Figure("<slots> & more", "bookings/s", [10.0, 20.0, 30.0]),
        Figure("latency", "ms", [5.0]),
    ]
    drawing = ET.fromstring(plots.bars("Title", figures))
    texts = [each.text for each in drawing.iter() if each.tag.endswith("text")]
    assert texts == ["Title", "bookings/s", "<slots> & more", "20", "ms", "latency", "5"]
    # One bar has a spread; a single round has none.
    assert len([each for each in drawing.iter() if each.tag.endswith("path")]) == 1


def test_nothing_to_draw_makes_no_plot() -> None:
    assert plots.bars("Title", [Figure("nothing", "ms", [0.0])]) == ""


def test_the_machine_is_described_without_its_name() -> None:
    facts = machine.describe()
    assert facts["cores"] >= 1
    assert facts["memory_gb"] > 0
    assert re.fullmatch(r"[0-9a-f]{40}", machine.commit()["commit"])
    assert machine.sentence(facts).startswith(f"{facts['cores']} cores of ")
