"""The worst page is the figure, and a page is judged by its median."""

from bench.loads.page import each_page, worst, worst_pages
from bench.page.view import View


def view(paint: float, stylesheet: int = 0, document: int = 0, shift: float = 0) -> View:
    received = {"Stylesheet": stylesheet, "Document": document}
    return View(received, largest_paint=paint, shift=shift, requests=2)


def test_the_worst_page_is_the_one_with_the_largest_median() -> None:
    views = {
        "home": [view(1.0), view(9.0), view(1.2)],
        "offices": [view(1.5), view(1.4), view(1.6)],
    }
    figure = worst("largest paint", "s", views, lambda one: one.largest_paint)
    assert (figure.name, figure.note) == ("largest paint, worst page", "offices")
    assert figure.rounds == [1.5, 1.4, 1.6]


def test_goals_are_those_of_the_design() -> None:
    first = {"home": [view(2.5, 50_000, 10_000)], "offices": [view(2.6, 40_000, 5_000)]}
    weight, paint, *others = worst_pages(first, first)
    assert (weight.median, weight.goal.text, weight.goal.met) == (60.0, "≤ 60 KB", True)
    assert (paint.median, paint.goal.text, paint.goal.met) == (2.6, "≤ 2.5 s", False)
    assert [other.goal for other in others] == [None] * 4


def test_a_page_says_what_its_bytes_are() -> None:
    figure = each_page("home", [view(1.0, 39_400, 3_100), view(1.2, 39_400, 2_900)])
    assert figure.rounds == [1.0, 1.2]
    assert figure.note == "42.4 KB: document 3.0, stylesheet 39.4"
