"""`make screenshots`: photograph a family's booking at a running demonstration (make run).

Writes docs/screenshots/*.png. `python -m scripts.screenshots http://127.0.0.1:8001` asks another
address. The booking is cancelled at the end; it takes Chromium, as the tests do.
"""

import re
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright
from stdnum.iso7064 import mod_11_2

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
ADDRESS = "http://127.0.0.1:8000"
PHONE: ViewportSize = {"width": 360, "height": 780}
MAIN_ACTION = "main .action-bar .btn-primary"
SERVICES = ("passport-first", "hkm-permit-first", "tw-permit-first")
FAMILY = (
    ("演示甲", "self", "19880305"),
    ("演示乙", "spouse", "19900101"),
    ("演示丙", "child", "20170601"),
)

Shoot = Callable[[str], None]


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else ADDRESS
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        # Root has no sandbox in Chromium, and the pages are our own.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(base_url=address, locale="zh-CN", viewport=PHONE)
        page = context.new_page()

        def shoot(name: str) -> None:
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"docs/screenshots/{name}.png")

        book(page, shoot)
        browser.close()


def book(page: Page, shoot: Shoot) -> None:
    page.goto("/")
    shoot("home")
    for name in ("start", "self-service"):
        page.goto(f"/{name}/")
        shoot(name)
    page.goto("/book/")
    for code in SERVICES:
        tick(page, code)
    page.select_option("[name=purpose]", "tourism")
    shoot("services")
    go_on(page)
    sign_in(page)
    add_family(page)
    go_on(page)
    go_on(page)
    tick(page, "xiamen-zhenhai")
    go_on(page)
    choose_time(page, shoot)
    shoot("check")
    go_on(page)
    shoot("booked")
    booking = page.url.removesuffix("confirmed/")
    page.goto(f"{booking}cancel/")
    page.locator(".btn-danger").click()


def sign_in(page: Page) -> None:
    phone = f"1380013{secrets.randbelow(10**4):04d}"
    page.fill("[name=contact]", phone)
    go_on(page)
    page.fill("[name=code]", code_sent_to(page, phone))
    go_on(page)
    page.check("[name=sensitive]")
    go_on(page)


def code_sent_to(page: Page, phone: str) -> str:
    messages = page.context.new_page()
    messages.goto("/demo/messages/")
    messages.fill("main [name=q]", phone[-4:])
    with messages.expect_navigation():
        messages.press("main [name=q]", "Enter")
    found = re.search(r"(?<!\d)\d{6}(?!\d)", messages.locator("main p[lang]").first.inner_text())
    messages.close()
    if found is None:
        sys.exit("There is no sign-in code at /demo/messages/. Is this a demonstration (DEMO=1)?")
    return found.group()


def add_family(page: Page) -> None:
    for name, relation, born in FAMILY:
        if page.locator("[name=id_number]").count() == 0:
            page.click("[name=add]")
        page.select_option("[name=relation]", relation)
        page.fill("[name=name]", name)
        page.fill("[name=id_number]", made_up_number(born))
        if relation == "child":
            page.check("[name=guardian_agrees]")
        go_on(page)


def made_up_number(born: str) -> str:
    """A valid number with a province's area code, which was never given to anybody."""
    body = f"350000{born}{secrets.randbelow(1000):03d}"
    return body + mod_11_2.calc_check_digit(body)


def choose_time(page: Page, shoot: Shoot) -> None:
    shoot("time")
    page.locator("a.day").last.click()
    page.click(".languages [lang=en]")
    page.locator(".choice:not(.is-disabled) label").first.click()
    page.locator(".choice").first.scroll_into_view_if_needed()
    shoot("time-en")
    page.click(".languages [lang=zh-hans]")
    page.locator(".choice:not(.is-disabled) label").first.click()
    go_on(page)


def tick(page: Page, value: str) -> None:
    # The label covers the whole card, the box included.
    page.check(f"[value={value}]", force=True)


def go_on(page: Page) -> None:
    # A photograph in the middle of a navigation fails.
    with page.expect_navigation():
        page.locator(MAIN_ACTION).first.click()


if __name__ == "__main__":
    main()
