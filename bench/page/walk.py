"""The pages that a citizen meets first, in the order in which they are met."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, StorageState

from bench.page.view import PHONE
from scripts.screenshots import code_sent_to, go_on, made_up_number, tick

OFFICE = "xiamen-zhenhai"
SERVICES = ("passport-first", "hkm-permit-first")
OPEN_PAGES = {
    "home": "/",
    "services": "/services/",
    "service": f"/services/{SERVICES[0]}/",
    "offices": "/offices/",
    "office": f"/offices/{OFFICE}/",
    "not found": "/nothing-is-here/",
}
# Cookies of those who read the pages: in Chinese, in English, in elder mode.
READERS: tuple[dict[str, str], ...] = ({}, {"django_language": "en"}, {"elder": "1"})

# What somebody with one booking may open besides; `number` is the booking's.
OTHER_PAGES = {
    "help": "/help/",
    "messages": "/help/messages/",
    "privacy": "/privacy/",
    "children": "/privacy/children/",
    "accessibility": "/accessibility/",
    "wizard": "/start/",
    "self-service": "/self-service/",
    "display": f"/offices/{OFFICE}/display/",
    "manage": "/manage/",
    "account": "/account/",
    "contacts": "/account/messages/",
    "another contact": "/account/messages/add/",
    "household": "/household/",
    "my bookings": "/bookings/",
    "my data": "/privacy/my-data/",
    "take back": "/privacy/my-data/consent/",
    "delete": "/privacy/my-data/delete/",
    "my requests": "/requests/",
    "urgent": f"/urgent/?office={OFFICE}",
    "home visit": f"/home-visits/?office={OFFICE}",
    "groups": "/groups/",
    "suspensions": "/suspensions/",
    "booking": "/bookings/{number}/",
    "form": "/bookings/{number}/form/",
    "authorisation": "/bookings/{number}/authorisation/",
    "contact of a booking": "/bookings/{number}/contact/",
    "late": "/bookings/{number}/late/",
    "move": "/bookings/{number}/move/",
    "cancel": "/bookings/{number}/cancel/",
}
# The same on the way to the booking, which ends with it.
ON_THE_WAY = {"times": "/book/times/", "waiting": "/waiting/"}

# A page's name, its address, and the cookies that it is asked with.
Stop = tuple[str, str, StorageState]


def walk(browser: Browser, base: str, reader: dict[str, str]) -> Iterator[Stop]:
    """Stop at each page from the home page to a booking's confirmation.

    Somebody new books for themselves. `base` is a demonstration: it shows the sign-in codes.
    """
    context = browser.new_context(**PHONE, base_url=base)
    context.add_cookies([{"name": name, "value": reader[name], "url": base} for name in reader])
    try:
        for name, path in OPEN_PAGES.items():
            yield name, base + path, context.storage_state()
        booker = Booker(context.new_page())
        booker.page.goto("/book/")
        for name, answer in booker.answers.items():
            yield name, booker.page.url, context.storage_state()
            answer()
            go_on(booker.page)
        yield "confirmed", booker.page.url, context.storage_state()
    finally:
        context.close()


def walk_on(browser: Browser, base: str) -> Iterator[Stop]:
    """Every page: those of `walk`, and what else there is for whoever has booked."""
    stops = {}
    for name, url, cookies in walk(browser, base, {}):
        stops[name] = url
        yield name, url, cookies
        if name == "when":
            for other, path in ON_THE_WAY.items():
                yield other, base + path, cookies
        if name == "check":
            yield "contact", url.replace("/check/", "/contact/"), cookies
    number = stops["confirmed"].split("/")[-3]
    for name, path in OTHER_PAGES.items():
        yield name, base + path.format(number=number), cookies


@dataclass
class Booker:
    """Answers the questions of one page after the other."""

    page: Page
    phone: str = field(default_factory=lambda: f"138{secrets.randbelow(10**8):08d}")

    @property
    def answers(self) -> dict[str, Callable[[], None]]:
        """What to do on each page before going on."""
        return {
            "what": self.choose_services,
            "sign-in": lambda: self.page.fill("[name=contact]", self.phone),
            "code": lambda: self.page.fill("[name=code]", code_sent_to(self.page, self.phone)),
            "consent": lambda: self.page.check("[name=sensitive]"),
            "person": self.describe_self,
            "who": nothing,
            "wanted": nothing,
            "where": lambda: tick(self.page, OFFICE),
            "when": self.choose_window,
            "check": nothing,
        }

    def choose_services(self) -> None:
        for service in SERVICES:
            tick(self.page, service)
        self.page.select_option("[name=purpose]", "tourism")

    def describe_self(self) -> None:
        self.page.select_option("[name=relation]", "self")
        self.page.fill("[name=name]", "演示甲")
        self.page.fill("[name=id_number]", made_up_number("19880305"))

    def choose_window(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("a.day").last.click()
        self.page.locator(".choice:not(.is-disabled) label").first.click()


def nothing() -> None:
    """What is there already is right."""
