"""What a page weighs on the way to a phone, as production serves it: compressed, and kept."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, override_settings
from django.utils import timezone

from bookings.models import Slot
from offices.demo.loading import load_demo
from offices.models import Office
from tests.citizens import hold, make_account, make_family, signed_in, start_booking
from tests.every_page import local_windows, make_world
from tests.factories import make_office

LIMIT_BYTES = 60_000
COMPRESSED = {"accept-encoding": "gzip, deflate, br"}
ANYBODY = [
    "/",
    "/services/",
    "/services/passport-first/",
    "/offices/",
    "/offices/xiamen-zhenhai/",
    "/start/",
    "/self-service/",
    "/book/",
    "/sign-in/",
    "/nothing-is-here/",
]
BOOKER = [
    "/household/add/",
    "/book/people/",
    "/book/people/services/",
    "/book/office/",
    "/book/time/",
]
SERVICES = ["passport-first", "hkm-permit-first", "tw-permit-first"]
PARTS = re.compile(rb'<(?:link|script|img)\b[^>]*\b(?:href|src)="(/static/[^"]+)"')
NAMED = re.compile(r'{% static "([^"]+)" %}')


@pytest.fixture(scope="module", autouse=True)
def _as_in_production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files hashed and compressed, and served by the product's own middleware."""
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=str(tmp_path_factory.mktemp("static")),
        STORAGES={**settings.STORAGES, "staticfiles": storage},
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        part_weight.cache_clear()
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def fetch(client: Client, address: str, **headers: str) -> tuple[HttpResponse, bytes]:
    """The answer and its body as it is sent."""
    answer: Any = client.get(address, headers=headers)
    return answer, b"".join(answer) if answer.streaming else answer.content


def first_view(client: Client, address: str) -> int:
    """The bytes of a page and of everything that it shows, headers included."""
    page, compressed = fetch(client, address, **COMPRESSED)
    assert page.headers["Content-Encoding"] == "gzip", address
    parts = {part.decode() for part in PARTS.findall(gzip.decompress(compressed))}
    return weight(page, compressed) + sum(map(part_weight, parts))


@cache
def part_weight(address: str) -> int:
    """Of a file, which all pages share."""
    return weight(*fetch(Client(), address, **COMPRESSED))


def weight(answer: HttpResponse, body: bytes) -> int:
    return len(answer.serialize_headers()) + len(body)


def weights(client: Client, *addresses: str) -> dict[str, int]:
    """By address, in each language, for elders too."""
    found = {}
    for language in ("zh-hans", "zh-hant", "en"):
        for elder in ("0", "1"):
            client.cookies["django_language"], client.cookies["elder"] = language, elder
            found |= {
                f"{address} {language} {elder}": first_view(client, address)
                for address in addresses
            }
    return found


def too_heavy(found: dict[str, int]) -> dict[str, int]:
    return {page: size for page, size in found.items() if size > LIMIT_BYTES}


@pytest.fixture
def demo(
    db: None, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    """Offices, services and windows as many as a city has."""
    with django_capture_on_commit_callbacks(execute=True):
        load_demo(timezone.localdate())


def test_what_anybody_sees_first_is_light(demo: None, client: Client) -> None:
    assert too_heavy(weights(client, *ANYBODY)) == {}


def test_every_step_of_a_booking_is_light(demo: None) -> None:
    client = Client()
    client.post("/sign-in/", {"contact": "13800138000"})
    assert too_heavy(weights(client, "/sign-in/code/")) == {}

    account = make_account()
    family = make_family(account)
    client = signed_in(account)
    start_booking(client, family, services=SERVICES)
    assert too_heavy(weights(client, *BOOKER)) == {}

    booking = hold(client, free_window(), family, services=SERVICES)
    assert too_heavy(weights(client, f"/book/{booking.number}/check/")) == {}

    client.post(f"/book/{booking.number}/confirm/")
    assert too_heavy(weights(client, f"/bookings/{booking.number}/confirmed/")) == {}


def test_every_page_of_citizens_is_light(db: None) -> None:
    """Also those after the booking; where there is much to show, the tests above look."""
    office = make_office()
    client, addresses = make_world(office, local_windows(office))
    pages = {address for address in addresses.values() if client.get(address).status_code == 200}
    assert len(pages) > 50
    assert too_heavy(weights(client, *pages)) == {}


def free_window() -> Slot:
    office = Office.objects.get(code="xiamen-zhenhai")
    windows = Slot.objects.filter(office=office, line__code="mainland", opens_at__lt=timezone.now())
    return windows.latest("starts_at")


def test_every_file_that_a_page_names_is_compressed_and_never_asked_for_again(
    client: Client,
) -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    named = {name for template in templates for name in NAMED.findall(template.read_text())}
    assert "vendor/bootstrap/bootstrap.min.css" in named
    for name in sorted(named):
        answer, _body = fetch(client, static(name), **COMPRESSED)
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable", name
        _answer, plain = fetch(client, static(name))
        # Compression makes nothing shorter of what fits into a packet anyway.
        expected = "gzip" if len(plain) > 200 else None
        assert answer.headers.get("Content-Encoding") == expected, name
