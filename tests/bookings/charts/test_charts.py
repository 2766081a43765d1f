"""Charts that say their figures, obey the policy for content and need no colour."""

import xml.etree.ElementTree as ET

import pytest

from bookings.charts.columns import Column, columns
from bookings.charts.heat import Cell, heat_map
from bookings.charts.pairs import Pair, number, pairs

DAYS = [Column("8-3", (10, 2), 20, "Monday"), Column("8-4", (30, 0), 20, "Tuesday", over=True)]
CELLS = {(0, 0): Cell("few", "90%", "Mon 9:00"), (1, 1): Cell("full", "100%", "Tue 10:00")}
LEVELS = [("few", "Few"), ("full", "Full")]
CHARTS = {
    "columns": columns("People & places", DAYS, ["Booked", "Others"], "Places", "Over"),
    "heat": heat_map("Load", ["Mon", "Tue"], ["9:00", "10:00"], CELLS, LEVELS),
    "pairs": pairs("Before", [Pair("People", 80, 150, "+88%")], "Before", "After"),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_one_picture_with_a_name_and_without_inline_style(name):
    root = ET.fromstring(CHARTS[name])
    assert (root.get("role"), bool(root.get("aria-label"))) == ("img", True)
    assert [one for one in root.iter() if "style" in one.attrib or one.tag == "style"] == []


def test_what_a_label_holds_is_escaped():
    root = ET.fromstring(CHARTS["columns"])
    assert root.get("aria-label") == "People & places"


def test_levels_differ_by_pattern():
    fills = {
        one.get("class"): one.get("fill") for one in ET.fromstring(CHARTS["heat"]).iter("rect")
    }
    assert (fills["heat-few"], fills["heat-full"]) == ("url(#stripes)", "url(#crossed)")


def test_columns_keep_to_the_scale_and_mark_what_is_too_much():
    root = ET.fromstring(CHARTS["columns"])
    bars = [one for one in root.iter("rect") if one.get("class") == "bar-first"]
    assert [float(bar.get("height")) for bar in bars[:2]] == [66.7, 200]
    # One for Tuesday, one in the legend.
    assert len([one for one in root.iter("rect") if one.get("class") == "bar-over"]) == 2


def test_nothing_to_draw_is_still_a_chart():
    for chart in (columns("", [], [], "", ""), heat_map("", [], [], {}, []), pairs("", [], "", "")):
        ET.fromstring(chart)


def test_numbers_are_whole_where_they_are():
    assert [number(value) for value in (80, 152.5, 14000.0)] == ["80", "152.5", "14,000"]
