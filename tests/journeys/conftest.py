"""A browser as people hold it, the test's own server, and an office with free windows.

`journey` walks through pages as a reader does, by what is written on them, and looks at each:
nothing sticks out of the screen, no rule of accessibility is broken, the console stays silent.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from bookings.models import Slot
from offices.models import Office
from tests.citizens import last_code
from tests.factories import make_office, make_slot

MAIN_ACTION = "main .action-bar .btn-primary, main .action-bar .btn-danger"
# Chromium notes pages that refuse something, which are meant to.
REFUSED = re.compile(r"responded with a status of (403|409|422|429)")
# Off in axe, because it is new in WCAG 2.2.
AXE = {"rules": {"target-size": {"enabled": True}}}
STICK = """(position) => document.querySelectorAll(".action-bar, .countdown").forEach(
  (bar) => { bar.style.position = position; }
)"""
# What `document.activeElement` is called by a reader.
FOCUSED = """() => {
  const e = document.activeElement;
  const label = e.labels?.[0]?.querySelector(".choice-title")?.innerText;
  return (e.getAttribute("aria-label") || label || e.labels?.[0]?.innerText || e.innerText || "")
    .trim().split("\\n")[0];
}"""


class Journey:
    """One reader with one browser."""

    def __init__(self, page: Page, *, scripts: bool = True) -> None:
        self.page = page
        self.scripts = scripts
        self.complaints: list[str] = []
        page.on("console", lambda message: self.hear(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, text: str) -> None:
        if not REFUSED.search(text):
            self.complaints.append(text)

    def open(self, path: str) -> None:
        self.page.goto(path)

    def press(self, text: str) -> None:
        """A link or button, by its words."""
        actions = self.page.get_by_role("link").or_(self.page.get_by_role("button"))
        actions.filter(has_text=text).first.click()

    def go_on(self) -> None:
        """The main action of the page."""
        self.page.locator(MAIN_ACTION).first.click()

    def fill(self, **answers: str) -> None:
        for name, value in answers.items():
            field = self.page.locator(f"main [name={name}]")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def choice(self, title: str) -> Locator:
        """The card with this title."""
        return self.page.locator(".choice").filter(has_text=title)

    def tick(self, *titles: str) -> None:
        for title in titles:
            self.choice(title).first.locator("label").click()

    def sign_in(self, contact: str) -> None:
        """From the page that asks for a contact."""
        self.fill(contact=contact)
        self.go_on()
        self.fill(code=last_code())
        self.go_on()
        self.agree()

    def agree(self) -> None:
        """To the notice, where it is shown before people are added."""
        box = self.page.locator("[name=sensitive]")
        if box.count():
            self.look()
            expect(box).not_to_be_checked()
            box.check()
            self.go_on()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def expect_heading(self, text: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(text)

    def look(self) -> None:
        """The page as it stands: it fits, and everybody can use it.

        Where the page may run no scripts, neither may axe, which would be waited for in vain.
        """
        # Its words are there before its stylesheets are.
        self.page.wait_for_load_state("load")
        width = "document.documentElement.scrollWidth - window.innerWidth"
        assert self.page.evaluate(width) <= 0, f"{self.page.url} is wider than the screen"
        if self.scripts:
            self.scan()
        assert self.complaints == []

    def scan(self) -> None:
        # A bar that sticks to the edge covers what stands below it, until one scrolls.
        self.page.evaluate(STICK, "static")
        report = Axe().run(self.page, options=AXE)
        self.page.evaluate(STICK, "")
        assert report.violations_count == 0, f"{self.page.url}\n{report.generate_report()}"

    def focused(self) -> str:
        words: str = self.page.evaluate(FOCUSED)
        return words

    def tab_to(self, text: str, limit: int = 80) -> None:
        """Press Tab until the focus is on what is called so."""
        for _press in range(limit):
            self.page.keyboard.press("Tab")
            if self.focused().startswith(text):
                return
        raise AssertionError(f"Tab never reaches {text!r} on {self.page.url}")


@pytest.fixture
def journey(page: Page) -> Iterator[Journey]:
    """On a phone, in Chinese."""
    journey = Journey(page)
    yield journey
    assert journey.complaints == []


@pytest.fixture
def new_journey(
    browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Callable[..., Journey]]:
    """With other settings of the browser, e.g. `java_script_enabled=False`."""
    with contextlib.ExitStack() as contexts:

        def start(**settings: Any) -> Journey:
            context = browser.new_context(**{**browser_context_args, **settings})
            scripts = settings.get("java_script_enabled", True)
            return Journey(contexts.enter_context(context).new_page(), scripts=scripts)

        yield start


@pytest.fixture
def office(live_server: Any) -> Office:
    return make_office(address="镇海路64号之一", address_en="64-1 Zhenhai Road")


def local_time(office: Office, days: int, hour: int, minute: int = 0) -> dt.datetime:
    day = office.local_date(timezone.now()) + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=office.zone)


@pytest.fixture
def windows(office: Office) -> list[Slot]:
    """Of the mainland line, two days ahead: 10:00 to 12:00 by the half hour, 30 places each."""
    return [
        make_slot(30, office=office, starts_at=local_time(office, 2, hour, minute))
        for hour in (10, 11)
        for minute in (0, 30)
    ]
