"""What a phone on a slow line waits for: every page from the home page to a confirmed booking.

1.6 Mbit/s down, 150 ms there and back, a processor four times slower; each page with an empty
cache. Each round is another reader: Chinese, English, elder mode. The worst page is the figure.
The line is loopback without TLS; its set-up would take three more round trips, 0.45 s.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.figures import Figure, Goal
from bench.page.view import View, look
from bench.page.walk import READERS, walk
from bench.stage import Options, Stage

TITLE = "Page weight and largest paint"
# A demonstration shows its sign-in codes, and has offices and windows as many as cities have.
STAGE = {"programs": ("web", "messenger"), "environment": {"DEMO": "1", "TRUSTED_PROXIES": "0"}}
LIMIT_KILOBYTES = 60
LIMIT_SECONDS = 2.5

# The views of every page by its name, one a round.
Views = dict[str, list[View]]


def run(stage: Stage, options: Options) -> list[Figure]:
    first: Views = {}
    second: Views = {}
    readers = READERS[: options.rounds]
    with chromium() as browser:
        # The first page of a fresh browser also waits for its fonts.
        look(browser, stage.base, {})
        for number, reader in enumerate(readers, start=1):
            for name, url, cookies in walk(browser, stage.base, reader):
                for kept, view in zip((first, second), look(browser, url, cookies), strict=True):
                    kept.setdefault(name, []).append(view)
            print(f"  round {number} of {len(readers)}: {len(first)} pages", flush=True)
    return [*worst_pages(first, second), *(each_page(*item) for item in first.items())]


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        # Root has no sandbox in Chromium, and the pages are our own.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def worst_pages(first: Views, second: Views) -> list[Figure]:
    weight = worst("first view", "KB", first, lambda view: view.kilobytes)
    paint = worst("largest paint", "s", first, lambda view: view.largest_paint)
    return [
        replace(weight, goal=goal(weight, f"≤ {LIMIT_KILOBYTES} KB", LIMIT_KILOBYTES)),
        replace(paint, goal=goal(paint, f"≤ {LIMIT_SECONDS} s", LIMIT_SECONDS)),
        worst("requests of a first view", "requests", first, lambda view: view.requests),
        worst("layout shift", "", first, lambda view: view.shift),
        worst("second view", "KB", second, lambda view: view.kilobytes),
        worst("largest paint of a second view", "s", second, lambda view: view.largest_paint),
    ]


def worst(name: str, unit: str, views: Views, value: Callable[[View], float]) -> Figure:
    """The page whose median is the largest."""
    taken = {page: [value(view) for view in seen] for page, seen in views.items()}
    page, rounds = max(taken.items(), key=lambda item: median(item[1]))
    return Figure(f"{name}, worst page", unit, rounds, note=page)


def goal(figure: Figure, text: str, limit: float) -> Goal:
    return Goal(text, figure.median <= limit)


def each_page(name: str, views: list[View]) -> Figure:
    """When it is painted, and what it took."""
    kinds = sorted({kind for view in views for kind in view.received})
    parts = [
        f"{kind.lower()} {median(view.received.get(kind, 0) for view in views) / 1000:.1f}"
        for kind in kinds
    ]
    weight = median(view.kilobytes for view in views)
    note = f"{weight:.1f} KB: {', '.join(parts)}"
    return Figure(f"largest paint, {name}", "s", [view.largest_paint for view in views], note=note)
