"""The worst page is the figure, and a page is judged by its median."""

from django.urls import resolve

from bench.loads.page import each_page, worst, worst_pages
from bench.page.view import View
from bench.page.walk import ON_THE_WAY, OPEN_PAGES, OTHER_PAGES
from tests.every_page import NO_PAGE
from tests.test_routes import CITIZEN, OPEN

# The steps of a booking, by the names of their routes.
STEPS = {
    *("book", "sign-in", "sign-in-code", "privacy-consent", "household-add", "book-people"),
    *("book-wanted", "book-office", "book-time", "book-check", "book-contact"),
    "booking-confirmed",
}
# What nobody meets who has just booked for themselves.
NOT_THEIRS = {
    *("book-full", "booking-move-full", "booking-leave", "waiting-offer", "household-change"),
    *("household-remove", "urgent", "home-visit", "group-names", "group-time", "contact-code"),
    *("booking-visit",),
}


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


def test_every_page_of_a_booker_is_measured() -> None:
    paths = [*OPEN_PAGES.values(), *OTHER_PAGES.values(), *ON_THE_WAY.values()]
    plain = [path.partition("?")[0].format(number="123456789012") for path in paths]
    met = {resolve(path).url_name for path in plain if path != "/nothing-is-here/"} | STEPS
    assert {*OPEN, *CITIZEN} - NO_PAGE - NOT_THEIRS - met == set()
    assert met <= {*OPEN, *CITIZEN}
