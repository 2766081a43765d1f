"""What every test may rely on: an empty cache, Chinese, and a browser as small as a phone."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from bookings.domain import board
from config.cache import ForgivingRedisCache
from offices.domain import catalogue
from offices.pages import middles
from partners.domain import keys

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "needs Chromium: apt-get install chromium"
PHONE = {"width": 360, "height": 780}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(autouse=True)
def _nothing_left_by_the_test_before() -> Iterator[None]:
    ForgivingRedisCache.resume_at = 0.0
    cache.clear()
    # A page that was asked for in English leaves its thread in English.
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _evidence_of_this_test_alone(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_ROOT = str(tmp_path / "evidence")


@pytest.fixture
def facts_kept(settings: Any) -> Iterator[None]:
    """As in production: what offices offer, and whose key it is, are asked for once."""
    settings.FACTS_KEPT_SECONDS = 60
    yield
    catalogue.ask_again()
    keys.forget()


@pytest.fixture
def places_kept(settings: Any) -> Iterator[None]:
    """As in production: what everybody is shown of the places is asked for once."""
    settings.PLACES_KEPT_SECONDS = 60
    yield
    board.wipe()
    middles.wipe()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's event loop runs in the thread of the test, which also asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # Root has no sandbox in Chromium, and the pages are our own.
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": PHONE,
    }


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """`page.goto("/")` asks the test's own server."""
    url: str = live_server.url
    return url
